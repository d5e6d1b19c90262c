"""Who has talked to the bot, in which language, and may it write to them?"""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, insert, select, update

from storage.tables import people
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the messenger; `started` when the bot may write to them first."""

    id: int
    language: str
    chosen: bool = False
    started: bool = False
    blocked: bool = False


def find(unit: Unit, user_id: int, *, lock: bool = False) -> Person | None:
    """The person of this id, if they have ever talked to the bot."""
    wanted = select(people).where(*_this(unit, user_id))
    row = unit.run(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        return None
    return Person(
        row.user_id,
        row.language,
        row.language_chosen,
        row.started_at is not None,
        row.blocked_at is not None,
    )


def meet(unit: Unit, user_id: int, language: str, *, private: bool) -> Person:
    """The person, made or brought up to date: writing in private opens that chat."""
    known = find(unit, user_id)
    if known is None:
        unit.run(
            insert(people).values(
                bot_id=unit.bot_id,
                user_id=user_id,
                language=language,
                language_chosen=False,
                started_at=unit.now if private else None,
            )
        )
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
        blocked=known.blocked and not private,
    )


def choose_language(unit: Unit, user_id: int, language: str) -> None:
    """Keep the language the person asked for."""
    unit.run(
        update(people).where(*_this(unit, user_id)).values(language=language, language_chosen=True)
    )


def set_blocked(unit: Unit, user_id: int, blocked: bool) -> None:
    """Write down that the person blocked the bot, or came back."""
    unit.run(
        update(people).where(*_this(unit, user_id)).values(blocked_at=unit.now if blocked else None)
    )


def _write(unit: Unit, person: Person, *, opened: bool) -> None:
    values: dict[str, object] = {"language": person.language}
    if opened:
        values["started_at"] = unit.now
    if not person.blocked:
        values["blocked_at"] = None
    unit.run(update(people).where(*_this(unit, person.id)).values(values))


def _this(unit: Unit, user_id: int) -> tuple[ColumnElement[bool], ...]:
    return (people.c.bot_id == unit.bot_id, people.c.user_id == user_id)
