"""A terminal, or a pipe, as a chat channel."""
