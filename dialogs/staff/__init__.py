"""Conversations with the people who work the case."""
