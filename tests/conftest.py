"""What every test may use: a PostgreSQL server, made when the first of them asks for it."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from servers import NEEDED, NoServer, Server, a_server


def pytest_xdist_auto_num_workers() -> int:
    """Two processes a core for `-n auto`: a test of the whole bot waits for half of its time."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this process; without one its tests skip, or fail where they must not."""
    try:
        server = a_server()
    except NoServer as error:
        if os.environ.get(NEEDED):
            raise
        pytest.skip(f"no PostgreSQL to test on: {error}")
    yield server
    asyncio.run(server.close())
