"""`verify`, `erase` and `rotate-keys`, as an operator gives them, beside a running bot."""

import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment, until
from acceptance.scenes import ask, tap
from acceptance.walks import ZH, file_petition, to_step
from cryptography.fernet import Fernet


class Operator:
    """Gives commands on the machine the bot runs on."""

    def __init__(self, city: City, forge: Forge) -> None:
        self.city = city
        self.forge = forge
        self.env = environment(city.settings())

    async def run(self, *arguments: str) -> Program:
        program = await self.forge.run(self.env, *arguments)
        assert "Traceback" not in program.err
        return program

    async def start(self) -> Program:
        program = await self.forge.start(self.env)
        await program.writes("bot.started")
        return program


@pytest.fixture
async def operator(quiet_city: City, forge: Forge) -> Operator:
    return Operator(quiet_city, forge)


@pytest.fixture
async def running(operator: Operator) -> AsyncIterator[Program]:
    program = await operator.start()
    yield program
    await program.kill()


def counted(program: Program) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in program.out.splitlines())


async def stop(program: Program) -> None:
    program.signal(15)
    assert await program.ends() == 0


async def test_the_record_is_verified_beside_a_running_bot_and_after_it(operator, running):
    city = operator.city
    await file_petition(await city.citizen())
    found = await operator.run("verify")
    assert (found.code, found.err) == (0, "")
    assert counted(found) == {
        "petitions": "1 (0 erased)",
        "entries": "1 (1 not yet sealed)",
        "seals": "0",
        "faults": "0",
    }
    await stop(running)  # the end of the bot seals what is new
    found = await operator.run("verify")
    assert (found.code, counted(found)["entries"]) == (0, "1 (0 not yet sealed)")
    assert counted(found)["seals"] == "1"


async def test_a_change_behind_the_bot_s_back_is_named(operator, running):
    number, _, _ = await file_petition(await operator.city.citizen())
    await stop(running)
    file = operator.city.settings().sqlite_file
    copy = file.with_name("copy.sqlite3")
    shutil.copy(file, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE petitions SET unit_id = 'jiwei'")
    found = await operator.run("verify", "--database", str(copy))
    assert found.code == 1
    plain = number.replace("-", "")
    assert found.out.splitlines()[:2] == [
        f"petition {plain}: its row, ties or spans are not as its last entry left them",
        f"petition {plain}: its row says another unit_id than its record",
    ]
    assert counted(found)["faults"].isdigit()
    assert (await operator.run("verify")).code == 0


async def test_without_the_seal_key_the_public_half_is_asked_for(operator, running):
    await file_petition(await operator.city.citizen())
    await stop(running)
    data = operator.city.folder / "data"
    (data / "seal.key").rename(data / "hidden.key")
    found = await operator.run("verify")
    assert found.code == 2
    assert found.err.startswith("minsheng: SEAL_KEY_FILE: ")
    assert "--public-key" in found.err
    assert (await operator.run("verify", "--public-key", str(data / "seal.pub"))).code == 0
    # Nor does the bot go on with another key, as if nothing had been sealed.
    refused = await operator.run("run")
    assert refused.code == 2
    assert refused.err.startswith("minsheng: SEAL_KEY_FILE: ")


async def test_what_was_erased_is_not_there_for_anybody_any_more(operator, running):
    city = operator.city
    chen = await city.citizen()
    number, code, _ = await file_petition(chen)
    card = await city.li.expect(number, chat=city.zhujian)
    kept, _, _ = await file_petition(chen)
    await city.li.expect(kept, chat=city.zhujian)
    erased = await operator.run("erase", number, "--why", "order", "--yes")
    assert (erased.code, erased.out) == (0, "erased\n"), erased.err

    toast = await city.li.tap("认领", chat=city.zhujian, message=card.id)
    assert toast is not None
    await chen.type("/my")
    mine = await chen.expect("最近 1 件")
    assert len(mine.buttons) == 1
    await _look_up(chen, number, code)
    await chen.expect("没有查到")
    again = await operator.run("erase", number, "--yes")
    assert (again.code, again.out) == (0, "erased before\n")
    found = await operator.run("verify")
    assert (found.code, counted(found)["petitions"]) == (0, "2 (1 erased)")
    assert counted(found)["entries"].startswith("3 ")
    _went_well(running)


async def test_a_form_about_an_erased_petition_is_gone(operator, running):
    city = operator.city
    chen = await city.citizen()
    number, _, _ = await file_petition(chen)
    await tap(chen, "📅 查看进度")
    await tap(chen, "补充材料")
    await until(lambda: ask(city, "SELECT 1 FROM drafts WHERE form = 'supplement'"), "begun")
    assert (await operator.run("erase", number, "--yes")).code == 0
    await chen.type("还有一张照片")
    await until(lambda: not ask(city, "SELECT 1 FROM inbox WHERE state <> 'done'"), "handled")
    assert ask(city, "SELECT count(*) FROM entries") == [(2,)]
    _went_well(running)


async def _look_up(person, number, code):
    await person.type("/status")
    await person.expect("请输入编号")
    await person.type(number)
    await person.expect("请输入查询码")
    await person.type(code)


def _went_well(program):
    for event in ("duty.failed", "update.failed", "outbox.row_failed"):
        assert event not in program.err


async def test_what_is_to_be_erased_is_asked_for_again(operator, running):
    number, _, _ = await file_petition(await operator.city.citizen())
    asked = await operator.run("erase", number)
    assert asked.code == 1
    assert number in asked.out
    assert ask(operator.city, "SELECT state FROM petitions") == [("registered",)]


@pytest.mark.parametrize(
    ("number", "said"),
    [("990100-20260302-00001-9", "a digit is wrong"), ("nonsense", "")],
)
async def test_no_petition_of_that_number(operator, running, number, said):
    found = await operator.run("erase", number, "--yes")
    assert found.code == 2
    assert found.err.startswith("minsheng: ")
    assert said in found.err


async def test_the_keys_are_rotated_while_the_bot_rests(operator, running):
    city = operator.city
    chen = await city.citizen()
    number, code, _ = await file_petition(chen)
    erased, _, _ = await file_petition(chen)
    assert (await operator.run("erase", erased, "--yes")).code == 0
    old, new = city.key, Fernet.generate_key().decode()
    operator.env["FIELD_KEYS"] = f"{new},{old}"
    beside = await operator.run("rotate-keys")
    assert (beside.code, beside.out) == (2, "")
    assert "another program is using this database" in beside.err

    await stop(running)
    rotated = await operator.run("rotate-keys")
    assert rotated.code == 0, rotated.err
    assert re.match(r"sealed with the first key: \d+\n", rotated.out)
    assert rotated.out.endswith("the other keys are needed no longer\n")
    operator.env["FIELD_KEYS"] = new
    assert (await operator.run("verify")).code == 0
    program = await operator.start()
    await _look_up(chen, number, code)
    await chen.expect("已登记")
    await stop(program)
    operator.env["FIELD_KEYS"] = old
    assert (await operator.run("verify")).code == 2


async def test_a_command_on_the_record_without_settings_refuses(forge):
    for arguments in (["verify"], ["erase", "1", "--yes"], ["rotate-keys"]):
        program = await forge.run({}, *arguments)
        assert program.code == 2
        assert "BOT_TOKEN" in program.err


async def test_an_update_that_waits_is_read_with_the_new_key(operator, running):
    """What was stored and not handled when the keys were changed is handled all the same."""
    city = operator.city
    chen = await city.citizen()
    await to_step(chen, ZH, "title")
    await stop(running)
    new = Fernet.generate_key().decode()
    operator.env["FIELD_KEYS"] = f"{new},{city.key}"
    assert (await operator.run("rotate-keys")).code == 0
    operator.env["FIELD_KEYS"] = new
    program = await operator.start()
    await chen.type(ZH.title)
    await chen.expect(ZH.steps_asked["facts"])
    await stop(program)
