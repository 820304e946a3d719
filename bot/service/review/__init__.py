"""The review, step by step."""
