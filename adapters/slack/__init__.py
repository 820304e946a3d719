"""Slack as a chat: Socket Mode in, the Web API out."""
