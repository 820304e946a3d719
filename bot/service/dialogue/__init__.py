"""Questions and answers about what was reviewed."""
