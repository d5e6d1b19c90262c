"""Who has talked to the bot, may it write to them, and how do they want to be told?"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from storage.prepared import Prepared
from storage.tables import people
from storage.unit import Unit

_THIS = select(people).where(
    people.c.bot_id == bindparam("bot"), people.c.user_id == bindparam("user")
)
_FIND = Prepared(_THIS)
_LOCK = Prepared(_THIS.with_for_update())
_MEET = Prepared(insert(people))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the messenger; `started` when the bot may write to them first.

    `quiet` and `zone` are as they are kept (see `petitions.quiet`), None where the office's
    hold; without `pushes` nothing comes by itself but what the law requires.
    """

    id: int
    language: str
    chosen: bool = False
    started: bool = False
    blocked_at: datetime | None = None
    quiet: str | None = None
    zone: str | None = None
    pushes: bool = True

    @property
    def blocked(self) -> bool:
        """Whether no message reaches them."""
        return self.blocked_at is not None


def find(unit: Unit, user_id: int, *, lock: bool = False) -> Person | None:
    """The person of this id, if they have ever talked to the bot."""
    row = unit.run(_LOCK if lock else _FIND, {"bot": unit.bot_id, "user": user_id}).first()
    if row is None:
        return None
    return Person(
        id=row.user_id,
        language=row.language,
        chosen=row.language_chosen,
        started=row.started_at is not None,
        blocked_at=row.blocked_at,
        quiet=row.quiet,
        zone=row.zone,
        pushes=row.pushes,
    )


def bots(unit: Unit) -> list[int]:
    """Whose people are kept here: the ids of the bots, by a step in the index for each."""
    found: list[int] = []
    first = select(func.min(people.c.bot_id))
    while bot := unit.run(first.where(people.c.bot_id > max(found, default=0))).scalar():
        found.append(bot)
    return found


def meet(unit: Unit, user_id: int, language: str, *, private: bool) -> Person:
    """The person, made or brought up to date: writing in private opens that chat."""
    return greet(unit, user_id, find(unit, user_id), language, private=private)


def greet(
    unit: Unit, user_id: int, known: Person | None, language: str, *, private: bool
) -> Person:
    """The same for who was looked up already, and found or not."""
    if known is None:
        row = {
            "bot_id": unit.bot_id,
            "user_id": user_id,
            "language": language,
            "language_chosen": False,
            "started_at": unit.now if private else None,
            "pushes": True,
        }
        unit.run(_MEET, row)
        return Person(user_id, language, started=private)
    now = _seen(known, language, private=private)
    if now == known:
        return known
    # They may choose a language in another chat at this moment: what they chose stays.
    known = find(unit, user_id, lock=True) or known
    now = _seen(known, language, private=private)
    _write(unit, now, opened=now.started and not known.started)
    return now


def _seen(known: Person, language: str, *, private: bool) -> Person:
    return replace(
        known,
        language=known.language if known.chosen else language,
        started=known.started or private,
        blocked_at=None if private else known.blocked_at,
    )


def choose_language(unit: Unit, user_id: int, language: str) -> None:
    """Keep the language the person asked for."""
    _keep(unit, user_id, language=language, language_chosen=True)


def choose_quiet(unit: Unit, user_id: int, quiet: str | None) -> None:
    """Keep their quiet hours, None for the office's."""
    _keep(unit, user_id, quiet=quiet)


def choose_zone(unit: Unit, user_id: int, zone: str | None) -> None:
    """Keep their time zone, None for the office's."""
    _keep(unit, user_id, zone=zone)


def choose_pushes(unit: Unit, user_id: int, *, on: bool) -> None:
    """Keep whether what the law does not require is sent to them by itself."""
    _keep(unit, user_id, pushes=on)


def set_blocked(unit: Unit, user_id: int, blocked: bool) -> bool:
    """Write down that no message reaches the person, or that they came back; whether it is news.

    Since when nothing reaches them stays as it was first known.
    """
    was = people.c.blocked_at.is_(None) if blocked else people.c.blocked_at.is_not(None)
    result = unit.run(
        update(people)
        .where(*_this(unit, user_id), was)
        .values(blocked_at=unit.now if blocked else None)
    )
    return bool(result.rowcount)


def _keep(unit: Unit, user_id: int, **values: object) -> None:
    unit.run(update(people).where(*_this(unit, user_id)).values(**values))


def _write(unit: Unit, person: Person, *, opened: bool) -> None:
    values: dict[str, object] = {"language": person.language}
    if opened:
        values["started_at"] = unit.now
    if not person.blocked:
        values["blocked_at"] = None
    _keep(unit, person.id, **values)


def _this(unit: Unit, user_id: int) -> tuple[ColumnElement[bool], ...]:
    return (people.c.bot_id == unit.bot_id, people.c.user_id == user_id)
