"""`minsheng backup` beside a running bot; and a restored copy that starts, verifies and answers."""

import shutil
from pathlib import Path

import pytest
from acceptance.walks import file_petition
from test_record_commands import Operator, counted, stop

PLACES = ("minsheng.sqlite3", "files")


@pytest.fixture
def operator(quiet_city, forge) -> Operator:
    made = Operator(quiet_city, forge)
    made.env["BACKUP_FOLDER"] = str(quiet_city.folder / "copies")
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def restore(copy: Path, data: Path, keys: Path) -> None:
    """As the how-to has it: what was copied, and the seal key from where it is kept apart."""
    data.mkdir()
    shutil.copytree(copy, data, dirs_exist_ok=True)
    shutil.copy(keys, data / "seal.key")


async def test_a_restored_copy_starts_verifies_and_shows_the_petition(operator):
    city = operator.city
    program = await operator.start()
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    copied = await operator.run("backup")
    assert copied.code == 0, copied.err
    copy = Path(copied.out.strip())
    assert names(copy) <= {*PLACES, "seals.log", "seal.pub"}
    await stop(program)

    database, public = str(copy / "minsheng.sqlite3"), str(copy / "seal.pub")
    looked = await operator.run("verify", "--database", database, "--public-key", public)
    assert (looked.code, counted(looked)["faults"]) == (0, "0")

    fresh = city.folder / "fresh"
    restore(copy, fresh, city.folder / "data" / "seal.key")
    shutil.rmtree(city.folder / "data")
    operator.env["DATA_FOLDER"] = str(fresh)
    verified = await operator.run("verify")
    assert (verified.code, counted(verified)["faults"]) == (0, "0")
    program = await operator.start()
    await chen.type("/my")
    await chen.expect(number)
    again = await operator.run("verify")
    assert counted(again)["faults"] == "0"
    await stop(program)


async def test_the_copy_of_the_night_is_made_by_the_running_bot(operator):
    program = await operator.start()
    await operator.city.client.clock(set="2026-03-03T03:00:01+08:00")
    await program.writes("backup.made")
    assert names(operator.city.folder / "copies") == {".lock", "000001-2026-03-03"}
    await stop(program)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BACKUP_FOLDER": ""}, "BACKUP_FOLDER: name the folder that copies are to go to"),
        ({"BACKUP_FOLDER": "{file}/inside"}, "BACKUP_FOLDER: Not a directory"),
    ],
)
async def test_a_copy_that_cannot_be_made_says_why(operator, settings, said):
    file = operator.city.folder / "file"
    file.write_text("")
    operator.env |= {name: value.format(file=file) for name, value in settings.items()}
    program = await operator.run("backup")
    assert (program.code, program.err) == (2, f"minsheng: {said}\n")
