"""What the operator's commands do with the database, beside a running bot or without one."""

from bot.loading import load_office
from bot.settings import Settings
from bot.starting import clock_of, make_folder
from petitions import numbers
from petitions.office import OfficeError
from storage import groups, record, schema
from storage.database import Desk
from storage.sqlite import SqliteDatabase
from storage.unit import Unit
from storage.vault import Vault


async def open_desk(settings: Settings) -> Desk:
    """The database as the bot sees it. Raises `WrongKey` or `OtherSchema`."""
    keys = [key.get_secret_value() for key in settings.field_keys]
    bot_id = int(settings.bot_token.get_secret_value().split(":")[0])
    make_folder(settings)
    desk = Desk(SqliteDatabase(settings.sqlite_file), Vault(keys), bot_id, clock_of(settings))
    await desk.database.open()
    await desk.database.write(schema.prepare)
    await desk.database.write(desk.vault.check)
    return desk


async def store_bind_code(settings: Settings, unit_id: str, code: str) -> None:
    """Keep a one-time code that binds a group to the unit. Raises `OfficeError`."""
    office = load_office(settings.office_file)
    try:
        office.unit(unit_id)
    except KeyError:
        known = ", ".join(unit.id for unit in office.units)
        raise OfficeError(f"no unit is called {unit_id!r}; there are {known}") from None
    desk = await open_desk(settings)
    try:
        await desk.unit(lambda unit: groups.store_code(unit, code, unit_id))
    finally:
        await desk.database.close()


async def check_receipt(settings: Settings, number: str, receipt: str) -> bool:
    """Whether this receipt is of what was submitted under this number.

    Raises `numbers.BadNumber` or `record.Unknown`.
    """
    canonical = numbers.read(number)

    def work(unit: Unit) -> bool:
        first = record.registered(unit, canonical)
        if first is None:
            raise record.Unknown("no petition has this number")
        # As it was stored: a field that a filing has today was not submitted then.
        ours = numbers.receipt(first["filing"], bytes.fromhex(first["receipt_salt"]))
        return numbers.same_receipt(ours, receipt)

    desk = await open_desk(settings)
    try:
        return await desk.look(work)
    finally:
        await desk.database.close()
