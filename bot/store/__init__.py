"""Memory in a database: `bot.store.memory.SqlMemory`.

Tables and statements are portable; what only SQLite knows is in `sqlite.py`.
"""
