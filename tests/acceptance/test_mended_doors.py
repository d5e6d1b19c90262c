"""What broke once at the program's doors, and is not to break again."""

import sqlite3
from contextlib import closing

import pytest
from acceptance.programs import environment
from acceptance.scenes import ask, tap, until
from acceptance.test_run_command import refusal
from acceptance.walks import ZH, file_petition, to_step

from bot import tools
from petitions.events import Filing


async def test_what_was_said_to_be_deleted_stayed_on_the_disk(city):
    chen = await city.citizen()
    folder = city.folder / "data" / "files"
    await to_step(chen, ZH, "files")
    await chen.album(3)
    await chen.expect("3 个附件")
    await until(city, lambda: ask(city, "SELECT state FROM files") == [("kept",)] * 3)
    assert len(list(folder.iterdir())) == 3
    await chen.type("/start")
    await tap(chen, "删除")
    await tap(chen, "确定删除")
    await chen.expect("已删除")
    await until(city, lambda: ask(city, "SELECT state FROM files") == [("gone",)] * 3)
    assert list(folder.iterdir()) == []
    assert ask(city, "SELECT count(*) FROM keys WHERE wrapped IS NULL") == [(1,)]


async def test_a_receipt_was_called_false_once_filings_had_a_new_field(city, monkeypatch):
    number, _, receipt = await file_petition(await city.citizen())
    dump = Filing.model_dump
    monkeypatch.setattr(Filing, "model_dump", lambda *a, **k: dump(*a, **k) | {"added": None})
    assert await tools.check_receipt(city.settings(), number, receipt)
    assert not await tools.check_receipt(city.settings(), number, receipt[::-1])


SENT = "SELECT count(*) FROM outbox WHERE key = ? AND state = 'sent'"


@pytest.mark.parametrize("command", ["run", "bind-code"])
async def test_a_database_of_another_version_was_opened(quiet_city, forge, command):
    await quiet_city.start()
    await quiet_city.stop()
    with closing(sqlite3.connect(quiet_city.folder / "data" / "minsheng.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0099'")
        database.execute("UPDATE schema SET oldest = '0099'")
        database.commit()
    arguments = (command, "zhujian") if command == "bind-code" else (command,)
    program = await forge.run(environment(quiet_city.settings()), *arguments)
    assert "99" in refusal(program, "DATABASE_URL")


async def test_an_expired_draft_s_owner_is_told_although_its_key_is_gone(city):
    chen = await city.citizen()
    await to_step(chen, ZH, "files")
    await chen.album(2)
    await chen.expect("2 个附件")
    await city.later(days=6)  # the warning, and from then on the days that it speaks of
    await until(city, lambda: ask(city, SENT, "notice.draft_warning") == [(1,)])
    await city.later(days=3)
    await chen.expect("到期删除")
    await until(city, lambda: ask(city, "SELECT state FROM drafts") == [("dropped",)])
    key = "notice.draft_expired"
    row = "SELECT state, key_id FROM outbox WHERE key = ?"
    await until(city, lambda: ask(city, row, key) == [("sent", None)])
