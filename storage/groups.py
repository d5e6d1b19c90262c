"""Which messenger group belongs to which unit, and who has left it?"""

from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select

from petitions.office import Office
from storage.prepared import Prepared
from storage.tables import bind_codes, groups, leavers
from storage.unit import Unit

_ALL = select(groups.c.unit_id, groups.c.chat_id).where(groups.c.bot_id == bindparam("bot"))
_BOUND = Prepared(_ALL)
_BOUND_TO = Prepared(_ALL.where(groups.c.unit_id == bindparam("this")))
_LEFT = Prepared(select(leavers.c.unit_id).where(leavers.c.user_id == bindparam("user")))
CODE_HOURS = 24


def chat_of(unit: Unit, unit_id: str, office: Office) -> int | None:
    """The unit's group: as bound with /bind, else as the office file says."""
    bound = unit.run(_BOUND_TO, {"bot": unit.bot_id, "this": unit_id}).first()
    listed = {u.id: u.group for u in office.units}
    return bound.chat_id if bound else listed.get(unit_id)


def units_of(unit: Unit, chat_id: int, office: Office) -> frozenset[str]:
    """The units whose group this chat is; small offices let two units share one."""
    bound = unit.run(_BOUND, {"bot": unit.bot_id}).all()
    by_unit = {row.unit_id: row.chat_id for row in bound}
    chats = {u.id: by_unit.get(u.id, u.group) for u in office.units}
    return frozenset(unit_id for unit_id, chat in chats.items() if chat == chat_id)


def bind(unit: Unit, unit_id: str, chat_id: int) -> None:
    """Make this chat the unit's group."""
    unit.run(delete(groups).where(groups.c.bot_id == unit.bot_id, groups.c.unit_id == unit_id))
    unit.run(
        insert(groups).values(
            bot_id=unit.bot_id, unit_id=unit_id, chat_id=chat_id, bound_at=unit.now
        )
    )


def store_code(unit: Unit, code: str, unit_id: str) -> None:
    """Keep a one-time bind code, as a digest, for a day."""
    unit.run(
        insert(bind_codes).values(
            digest=unit.digest("bind", code),
            unit_id=unit_id,
            expires_at=unit.now + timedelta(hours=CODE_HOURS),
        )
    )


def use_code(unit: Unit, code: str) -> str | None:
    """The unit a good code was made for; the code is spent by it."""
    digest = unit.digest("bind", code)
    spent = delete(bind_codes).where(bind_codes.c.digest == digest)
    row = unit.run(spent.returning(bind_codes.c.unit_id, bind_codes.c.expires_at)).first()
    return str(row.unit_id) if row is not None and row.expires_at >= unit.now else None


def left_units(unit: Unit, user_id: int) -> frozenset[str]:
    """The units whose group this person has left: they have no access there."""
    return frozenset(unit.run(_LEFT, {"user": user_id}).scalars())


def left(unit: Unit) -> frozenset[tuple[int, str]]:
    """(person, unit) of everybody who has left a unit's group."""
    found = unit.run(select(leavers.c.user_id, leavers.c.unit_id)).all()
    return frozenset((int(row.user_id), str(row.unit_id)) for row in found)


def set_member(unit: Unit, unit_id: str, user_id: int, *, member: bool) -> None:
    """Somebody left the unit's group, or is in it again."""
    this = (leavers.c.unit_id == unit_id, leavers.c.user_id == user_id)
    unit.run(delete(leavers).where(*this))
    if not member:
        unit.run(insert(leavers).values(unit_id=unit_id, user_id=user_id, left_at=unit.now))
