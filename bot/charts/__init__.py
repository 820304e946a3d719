"""Charts, drawn by matplotlib in a process of their own: the program itself never imports it.

In a thread of ours matplotlib would keep its memory for good, hold Python's lock for tens of milliseconds at a time,
and read a `matplotlibrc` of whatever folder the program was started in.
"""
