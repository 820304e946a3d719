"""What is done at its time without being asked; APScheduler wakes it."""
