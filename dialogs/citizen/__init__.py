"""Conversations with the person who files."""
