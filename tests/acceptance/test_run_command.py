"""`minsheng run` and the operator's commands: what they refuse, how they end, what they answer."""

import asyncio
import re
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import closing

import aiohttp
import pytest
from acceptance.conftest import City
from acceptance.programs import Forge, Program, environment, until
from acceptance.serving import free_ports
from acceptance.walks import ZH, file_petition, to_step
from cryptography.fernet import Fernet

END_SECONDS = 3.0
SECRET = "77:SECRET-token-value"


@pytest.fixture
async def running(quiet_city: City, forge: Forge) -> AsyncIterator[Program]:
    """The bot, running."""
    program = await forge.start(environment(quiet_city.settings()))
    await program.writes("bot.started")
    yield program
    await program.kill()


def refusal(program: Program, key: str) -> str:
    """The one line it refused with."""
    assert program.code == 2, program.err
    lines = program.err.splitlines()
    assert len(lines) == 1, program.err
    assert lines[0].startswith("minsheng: ")
    assert key in lines[0]
    assert program.out == ""
    return lines[0]


WRONG = {
    "no token": ("BOT_TOKEN", None),
    "no token at all": ("BOT_TOKEN", ""),
    "malformed token": ("BOT_TOKEN", "SECRET-token-value"),
    "no keys": ("FIELD_KEYS", None),
    "empty keys": ("FIELD_KEYS", ","),
    "a key that is none": ("FIELD_KEYS", "SECRET-key-value"),
    "a key too short": ("FIELD_KEYS", "U0VDUkVU"),
    "a key of other letters": ("FIELD_KEYS", "钥匙SECRET"),
    "a good key and a bad one": ("FIELD_KEYS", f"{Fernet.generate_key().decode()},SECRET"),
    "no office file": ("OFFICE_FILE", None),
    "an office file that is not there": ("OFFICE_FILE", "{folder}/nowhere.toml"),
    "an office file that is a folder": ("OFFICE_FILE", "{folder}"),
    "no address": ("BOT_API_URL", "SECRET"),
    "an address of another kind": ("BOT_API_URL", "ftp://SECRET/"),
    "a port too high": ("LISTEN_PORT", "70000"),
    "a level that is none": ("LOG_LEVEL", "SECRET"),
    "a tick of nothing": ("TICK_SECONDS", "0"),
    "a database of another kind": ("DATABASE_URL", "mysql://SECRET@host/name"),
    "a folder that cannot be made": ("DATA_FOLDER", "{folder}/file/data"),
    "a webhook without a secret": ("WEBHOOK_URL", "https://example.org/SECRET"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_refuses_to_start(quiet_city, forge, wrong):
    key, value = WRONG[wrong]
    (quiet_city.folder / "file").write_text("")
    env = environment(quiet_city.settings())
    env.pop(key, None)
    if value is not None:
        env[key] = value.format(folder=quiet_city.folder)
    program = await forge.run(env)
    said = "WEBHOOK_SECRET" if key == "WEBHOOK_URL" else key
    assert "SECRET" not in refusal(program, said).replace("WEBHOOK_SECRET", "")


BROKEN = {
    "not TOML": ("zone =", "zone = =", "not TOML"),
    "unknown key": ("language = ", "langage = ", "langage"),
    "a wrong value": ('region = "990100"', 'region = "99"', "region"),
    "unknown profile": ('profile = "national"', 'profile = "lunar"', "profile"),
    "unknown zone": ("Asia/Shanghai", "Asia/Nowhere", "zone"),
    "unknown language": ("zh_Hans", "xx", "language"),
    "unknown unit": ('default_unit = "xinfang"', 'default_unit = "nobody"', "default_unit"),
    "unknown category": ('["urban"]', '["nothing"]', "categories"),
    "not text": ("云江市", "\udcff", "UTF-8"),
}


@pytest.mark.parametrize("wrong", BROKEN)
@pytest.mark.parametrize("down", [False, True], ids=["", "messenger down"])
async def test_refuses_a_broken_office_file(quiet_city, forge, wrong, down):
    right, broken, named = BROKEN[wrong]
    text = quiet_city.office_file.read_text("utf-8")
    assert right in text
    quiet_city.office_file = quiet_city.folder / "office.toml"
    broken_text = text.replace(right, broken)
    quiet_city.office_file.write_bytes(broken_text.encode("utf-8", "surrogateescape"))
    await quiet_city.client.down(down)
    program = await forge.run(environment(quiet_city.settings()))
    assert named in refusal(program, "OFFICE_FILE")


async def test_several_wrong_keys_are_named_one_a_line(quiet_city, forge):
    env = environment(quiet_city.settings(), BOT_TOKEN="SECRET", TICK_SECONDS="x")
    program = await forge.run(env)
    assert program.code == 2
    assert [re.findall(r"[A-Z_]{6,}", line) for line in program.err.splitlines()] == [
        ["BOT_TOKEN"],
        ["TICK_SECONDS"],
    ]


@pytest.mark.parametrize("command", [["run"], ["bind-code", "zhujian"]], ids=["run", "bind-code"])
async def test_refuses_another_key_than_the_databases(quiet_city, running, forge, command):
    await running.kill()
    other = Fernet.generate_key().decode()
    program = await forge.run(environment(quiet_city.settings(), FIELD_KEYS=other), *command)
    assert other not in refusal(program, "FIELD_KEYS")


async def test_a_rotated_key_is_taken(quiet_city, running, forge):
    await running.kill()
    keys = f"{Fernet.generate_key().decode()}, {quiet_city.key}"
    program = await forge.start(environment(quiet_city.settings(), FIELD_KEYS=keys))
    await program.writes("bot.started")
    program.signal(signal.SIGTERM)
    assert await program.ends() == 0


async def test_refuses_a_file_that_is_no_database(quiet_city, forge):
    settings = quiet_city.settings()
    settings.sqlite_file.parent.mkdir()
    settings.sqlite_file.write_text("SECRET" * 1000)
    assert "SECRET" not in refusal(await forge.run(environment(settings)), "DATABASE_URL")


@pytest.mark.usefixtures("running")
async def test_refuses_a_second_program_on_the_same_database(quiet_city, forge):
    refusal(await forge.run(environment(quiet_city.settings())), "DATABASE_URL")
    # The first goes on.
    chen = await quiet_city.citizen()
    await chen.type("/start")
    await chen.expect(ZH.file)


async def test_refuses_a_port_that_is_taken(quiet_city, forge):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = environment(
            quiet_city.settings(),
            WEBHOOK_URL="http://127.0.0.1:1/webhook",
            WEBHOOK_SECRET="sixteen-letters-x",
            LISTEN_PORT=str(taken.getsockname()[1]),
        )
        refusal(await forge.run(env), "LISTEN_PORT")


async def test_the_installed_command_refuses_too(quiet_city, forge):
    env = environment(quiet_city.settings(), BOT_TOKEN=SECRET.replace(":", ""))
    program = await forge.console(env, "run")
    await program.ends()
    assert "SECRET" not in refusal(program, "BOT_TOKEN")


# The end.


async def ends_cleanly(program: Program, number: int = signal.SIGTERM) -> None:
    began = time.monotonic()
    program.signal(number)
    assert await program.ends() == 0, program.err
    assert time.monotonic() - began < END_SECONDS, program.err
    assert "Traceback" not in program.err
    assert "never retrieved" not in program.err
    assert "level=error" not in program.err
    assert '"level": "error"' not in program.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_ends_while_a_long_poll_is_open(quiet_city, running, number):
    chen = await quiet_city.citizen()
    await chen.type("/start")
    await chen.expect(ZH.file)  # so the next poll is open, and nothing comes
    await ends_cleanly(running, number)


async def test_the_installed_command_ends_too(quiet_city, forge):
    program = await forge.console(environment(quiet_city.settings()), "run")
    await program.writes("bot.started")
    await ends_cleanly(program)


async def test_ends_while_the_messenger_is_down_at_start(quiet_city, forge):
    await quiet_city.client.down()
    program = await forge.start(environment(quiet_city.settings()))
    await program.writes("messenger.away")
    await ends_cleanly(program)


async def test_is_watched_while_the_messenger_is_down_at_start(quiet_city, forge):
    await quiet_city.client.down()
    (port,) = free_ports(1)
    program = await forge.start(environment(quiet_city.settings(), METRICS_PORT=str(port)))
    await program.writes("messenger.away")
    told = f"http://127.0.0.1:{port}/metrics"
    async with aiohttp.ClientSession() as http, http.get(told) as answer:
        assert "minsheng_messenger_up 0.0" in await answer.text()
    await ends_cleanly(program)


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates", "setMyCommands"])
async def test_ends_while_the_messenger_does_not_answer(quiet_city, forge, method):
    await quiet_city.client.fault(method, "timeout", times=100)
    rules = quiet_city.emulator.world.faults.rules
    program = await forge.start(environment(quiet_city.settings()))
    await until(lambda: rules[0].times < 100, method)
    await ends_cleanly(program)


HANGS = {
    "sendMessage": (lambda person: person.type("/help"), "怎么用"),
    "answerCallbackQuery": (lambda person: person.tap(ZH.done), ZH.steps_asked["name"]),
    "getFile": (lambda person: person.photo(), "4 个附件"),
}


@pytest.mark.parametrize("method", HANGS)
async def test_ends_while_the_messenger_hangs(quiet_city, running, forge, method):
    chen = await quiet_city.citizen()
    await to_step(chen, ZH, "files")
    await chen.album(3)
    await chen.expect("3 个附件")
    await quiet_city.client.fault(method, "timeout", times=100)
    rules = quiet_city.emulator.world.faults.rules
    deed, follows = HANGS[method]
    doing = asyncio.create_task(deed(chen))
    await until(lambda: rules[0].times < 100, method)
    await ends_cleanly(running)
    await doing
    # What was not sent is sent after the next start.
    await quiet_city.client.no_faults()
    again = await forge.start(environment(quiet_city.settings()))
    await again.writes("bot.started")
    await chen.expect(follows)
    await ends_cleanly(again)


async def test_ends_while_the_messenger_asks_to_wait(quiet_city, running):
    chen = await quiet_city.citizen()
    await quiet_city.client.fault("sendMessage", "429", retry_after=600, times=100)
    rules = quiet_city.emulator.world.faults.rules
    await chen.type("/start")
    await until(lambda: rules[0].times < 100, "asked to wait")
    await chen.type("/help")
    await ends_cleanly(running)


# What starts although the messenger is not at its best.


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        *(("deleteWebhook", kind) for kind in ("500", "502", "429", "drop_before")),
        *((method, "500") for method in ("getMe", "getUpdates", "setMyCommands")),
    ],
)
async def test_waits_for_the_messenger(quiet_city, forge, method, kind):
    await quiet_city.client.fault(method, kind, times=1)
    program = await forge.start(environment(quiet_city.settings()))
    chen = await quiet_city.citizen()
    await chen.type("/start")
    await chen.expect(ZH.file)
    await ends_cleanly(program)


# The operator's commands.


async def test_new_key_is_a_key(forge):
    first, second = [(await forge.run({}, "new-key")).out.strip() for _ in range(2)]
    assert first != second
    Fernet(first)


async def test_a_bind_code_works_beside_a_running_bot_once(quiet_city, running, forge):
    env = environment(quiet_city.settings())
    program = await forge.run(env, "bind-code", "zhujian")
    assert program.code == 0, program.err
    code = program.out.strip()
    assert re.fullmatch(r"\S{6,}", code)
    group = await quiet_city.client.group("新的群", [2001], id=-5099, bot_is_admin=True)
    await quiet_city.li.type(f"/bind {code}", chat=group)
    await quiet_city.li.expect("市住建局", chat=group)
    await quiet_city.li.type(f"/bind {code}", chat=group)
    await quiet_city.li.expect(lambda seen: "市住建局" not in seen.text, chat=group)
    await ends_cleanly(running)


async def test_a_bind_code_for_no_unit(quiet_city, forge):
    program = await forge.run(environment(quiet_city.settings()), "bind-code", "nobody")
    refusal(program, "zhujian")


async def test_a_receipt_is_verified_beside_a_running_bot(quiet_city, running, forge):
    number, _, receipt = await file_petition(await quiet_city.citizen())
    other, _, others = await file_petition(await quiet_city.citizen(1002))
    env = environment(quiet_city.settings())

    async def said(*arguments: str) -> tuple[int | None, str, str]:
        program = await forge.run(env, "verify-receipt", *arguments)
        return program.code, program.out.strip(), program.err.strip()

    assert await said(number, receipt) == (0, "genuine", "")
    assert await said(number.replace("-", ""), receipt.lower().replace("-", " ")) == (
        (0, "genuine", "")
    )
    assert await said(number, others) == (1, "NOT genuine", "")
    assert await said(other, receipt) == (1, "NOT genuine", "")
    assert await said(number, "nonsense") == (1, "NOT genuine", "")

    unknown = "990100-20250101-00001-"
    found = [await said(f"{unknown}{digit}", receipt) for digit in range(10)]
    assert {code for code, _, _ in found} == {2}
    assert sorted(err for _, _, err in found)[:1] == ["minsheng: a digit is wrong"]
    assert [err for _, _, err in found].count("minsheng: no petition has this number") == 1
    code, out, err = await said("nonsense", receipt)
    assert (code, out) == (2, "")
    assert err.startswith("minsheng: ")
    await ends_cleanly(running)


async def test_a_command_without_settings_refuses(forge):
    for arguments in (["bind-code", "zhujian"], ["verify-receipt", "1", "2"]):
        program = await forge.run({}, *arguments)
        assert program.code == 2
        assert "BOT_TOKEN" in program.err
        assert "Traceback" not in program.err
