"""A self-hosted chat bot that reviews pull requests with a local model."""
