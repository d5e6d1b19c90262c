"""The door out and the scheduler: what is sent, when, and what falls due."""
