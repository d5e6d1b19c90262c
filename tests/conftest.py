"""What every test may use: nothing yet is shared but the folders' own conftest files."""
