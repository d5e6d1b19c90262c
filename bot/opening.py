"""How is the database opened, by the bot and by the operator's commands beside it?"""

from bot.clock import clock_of
from bot.folder import make_folder
from bot.settings import Settings
from storage import schema
from storage.database import Database, Desk
from storage.sqlite import SqliteDatabase
from storage.vault import Vault


def make_desk(settings: Settings) -> Desk:
    """The desk that these settings speak of, not open yet. Raises `WrongKey`."""
    bot_id = int(settings.bot_token.get_secret_value().split(":")[0])
    return Desk(make_database(settings), vault_of(settings), bot_id, clock_of(settings))


def make_database(settings: Settings, *, patient: bool = False) -> Database:
    """The database that these settings name, not open yet; `patient` for what takes its time."""
    if settings.postgres_url:
        from storage.postgres import PostgresDatabase  # its driver is wanted here alone

        return PostgresDatabase(settings.postgres_url, patient=patient)
    return SqliteDatabase(settings.sqlite_file)


def vault_of(settings: Settings) -> Vault:
    """The vault with the office's keys. Raises `WrongKey`."""
    return Vault([key.get_secret_value() for key in settings.field_keys])


async def see(desk: Desk) -> None:
    """See that the tables are ours and the keys are theirs. Raises `OtherSchema`, `WrongKey`."""
    await desk.database.write(schema.prepare)
    await desk.database.write(desk.vault.check)


async def open_desk(settings: Settings) -> Desk:
    """The database as the bot sees it. Raises `WrongKey` or `OtherSchema`."""
    make_folder(settings)
    desk = make_desk(settings)
    await desk.database.open()
    try:
        await see(desk)
    except BaseException:
        await desk.database.close()
        raise
    return desk
