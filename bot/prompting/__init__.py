"""Prompt templates, filled."""
