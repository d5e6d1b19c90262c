"""The running program: its commands, settings and wiring, and the door in."""
