"""What this program listens on: whether it lives, and webhooks."""
