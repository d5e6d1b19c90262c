"""What an officer writes in private before a move is made: one form a move.

Each form ends in a review of what was answered and one command to the case.
"""
