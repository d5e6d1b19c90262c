"""What is not as it should be, and what is to be done about it? Looked at, and never touched."""
