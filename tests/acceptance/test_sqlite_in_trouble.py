"""The disk is full, the database locked, in the middle of a day: nothing lost, no hand needed."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge
from acceptance.serving import Served
from acceptance.trouble import Writers

WRITERS = 5
LASTS = 60.0 if os.environ.get("MINSHENG_TORTURE") else 1.0
SMALL = "8m"

pytestmark = pytest.mark.torture


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own, of a few megabytes, at this folder."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here: it takes Linux, and root")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return filler


@pytest.fixture
async def served(
    request: pytest.FixtureRequest, quiet_city: City, forge: Forge
) -> AsyncIterator[Served]:
    with ExitStack() as disk:
        if request.param == "a small disk":
            disk.enter_context(small_disk(quiet_city.folder / "data"))
        made = Served(quiet_city, forge)
        await made.start()
        yield made
        await made.close()


@pytest.mark.parametrize("served", ["a small disk"], indirect=True)
async def test_the_disk_is_full_for_a_while(served):
    writers = Writers(served)
    await writers.begin(WRITERS)
    filler = fill(served.settings.data_folder)

    async def seen() -> bool:
        return (await served.metrics())["minsheng_database_takes"] == 0

    await writers.hold_out(seen, LASTS, filler.unlink)
    await served.shows("minsheng_database_takes", 1)
    await writers.end()
    await writers.lost_nothing()
    assert '"webhook.database_unavailable"' in served.program.err


@pytest.mark.parametrize("served", ["the machine's disk"], indirect=True)
async def test_another_program_holds_the_database_for_longer_than_it_is_waited_for(served):
    writers = Writers(served)
    await writers.begin(WRITERS)
    with closing(sqlite3.connect(served.settings.sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        async def seen() -> bool:
            numbers = await served.metrics()
            assert numbers["minsheng_database_up"] == 1  # it can be read meanwhile
            return numbers["minsheng_database_takes"] == 0

        await writers.hold_out(seen, LASTS, lambda: other.execute("ROLLBACK"))
    await served.shows("minsheng_database_takes", 1)
    await writers.end()
    await writers.lost_nothing()
