"""The demo: the emulator with its page, a sample office, and the bot as it runs in production."""

import asyncio
import os
import signal
from importlib.resources import files
from pathlib import Path

import typer
from cryptography.fernet import Fernet

from bot.app import App
from bot.folder import make_folder
from bot.opening import make_database
from bot.settings import Settings, SettingsError, load_settings
from emulator import Client, Emulator
from storage import schema

TOKEN = "4200000001:demo-of-minsheng"  # noqa: S105 - the emulator takes any
CITIZENS = (
    {"id": 1001, "first_name": "陈秀英", "language_code": "zh-hans"},
    {"id": 1002, "first_name": "John", "last_name": "Carter", "language_code": "en"},
)


async def serve_demo(port: int, folder: Path) -> None:
    """Serve the page until Ctrl-C; what was filed yesterday is there today."""
    emulator = Emulator(folder / "messenger")
    try:
        await emulator.start(port=port)
    except OSError as error:
        raise SettingsError(f"port {port}: {error.strerror}; try --port") from None
    try:
        settings = load_settings(
            bot_token=TOKEN,
            field_keys=(_key(folder / "field.key"),),
            office_file=Path(str(files("bot") / "sample" / "office.toml")),
            data_folder=folder,
            bot_api_url=emulator.url,
            demo_clock=folder / "messenger" / "clock",
            tick_seconds=0.5,
        )
        await _bring_up(settings)
        app = App(settings)
        await _people(emulator, app)
        await app.start()
        try:
            stop = _interrupted()  # before it is said how
            typer.echo(f"Minsheng 民声 · demo: {emulator.url}  (Ctrl-C ends it)")
            await stop.wait()
        finally:
            await app.stop()
    finally:
        await emulator.stop()


async def _bring_up(settings: Settings) -> None:
    """What an earlier program's demo left goes on in this one, without a command."""
    make_folder(settings)
    database = make_database(settings)
    await database.open()
    try:
        found = await database.read(schema.revision)
    finally:
        await database.close()
    if found is not None and found < schema.NEWEST:
        from bot.migrating import migrate  # with alembic, which nothing else here needs

        await migrate(settings, typer.echo)


async def _people(emulator: Emulator, app: App) -> None:
    """The demo's people and the office's groups, made if they are not there yet."""
    office = app.office
    async with Client(emulator.url) as client:
        await client.bot(TOKEN)
        for each in CITIZENS:
            await client.post("people", **each)
        for unit in office.units:
            for person in unit.people:
                await client.post(
                    "people", id=person.id, first_name=person.name.zh, language_code="zh-hans"
                )
            if unit.group is not None:
                members = [person.id for person in unit.people]
                await client.group(unit.name.zh, members, id=unit.group, bot_is_admin=True)


def _key(path: Path) -> str:
    """The demo's field key, made at the first start."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(Fernet.generate_key().decode())
    return path.read_text().strip()


def _interrupted() -> asyncio.Event:
    """Set by Ctrl-C, or by who ends the program."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop
