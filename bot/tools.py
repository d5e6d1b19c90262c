"""What the operator's commands do with the database, beside a running bot or without one."""

from bot.loading import load_office
from bot.opening import open_desk
from bot.settings import Settings
from petitions import numbers
from petitions.office import OfficeError
from storage import groups, record
from storage.unit import Unit


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
