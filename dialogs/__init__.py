"""Conversations: what the desk says to citizens and staff, and what it understands."""
