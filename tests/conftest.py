"""What every test may use: nothing yet is shared but the folders' own conftest files."""

import os


def pytest_xdist_auto_num_workers() -> int:
    """Two processes a core for `-n auto`: a test of the whole bot waits for half of its time."""
    return 2 * (os.cpu_count() or 1)
