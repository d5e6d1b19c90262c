"""How is a petition's record kept: appended to, read back, found again?

The `petitions` row is projected from the record to make look-ups quick; it decides nothing.
A petition whose content was erased is found by no query here.
"""

import hmac
import secrets
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from petitions.access import Actor
from petitions.events import AnyEvent, Registered
from petitions.record import Entry, Party, Petition, State, fold
from storage import chain, counted, projection, scope
from storage.prepared import Prepared
from storage.tables import entries, petitions, ties
from storage.unit import Unit


class Unknown(LookupError):
    """There is no such petition, or its content was erased."""


LIVE = petitions.c.state != State.ERASED
"""What every query here asks for."""


def register(
    unit: Unit, event: Registered, petitioner: int, by: Party, key_id: str, code_digest: str
) -> Petition:
    """Open a record with its first entry."""
    petition_id = secrets.token_hex(5)
    entry = Entry(1, unit.now, by, event)
    petition = fold(petition_id, petitioner, [entry])
    fixed = {
        "id": petition_id,
        "bot_id": unit.bot_id,
        "code_digest": code_digest,
        "petitioner_id": petitioner,
        "key_id": key_id,
    }
    values = {**fixed, **projection.project(petition)}
    tied, spanned = projection.ties_of(petition), projection.spans_of(petition, unit.bot_id)
    unit.run(_registering(), values)
    _tie(unit, petition_id, set(), tied)
    counted.write(unit, petition_id, [], spanned)
    left = projection.digest(values, tied, spanned)
    chain.write(unit, petition_id, key_id, entry, chain.NOTHING, left)
    return petition


def append(unit: Unit, petition: Petition, event: AnyEvent, by: Party) -> Petition:
    """Add an entry and bring the projected row, its ties and its spans up to date."""
    this = petitions.c.id == petition.id
    row = unit.run(select(*(petitions.c[name] for name in projection.FIXED)).where(this)).one()
    entry = Entry(len(petition.entries) + 1, unit.now, by, event)
    after = fold(petition.id, petition.petitioner, (*petition.entries, entry))
    told = projection.project(after)
    tied, spanned = projection.ties_of(after), projection.spans_of(after, row.bot_id)
    unit.run(update(petitions).where(this).values(told))
    _tie(unit, petition.id, projection.ties_of(petition), tied)
    counted.write(unit, petition.id, projection.spans_of(petition, row.bot_id), spanned)
    left = projection.digest({**projection.fixed_of(row), **told}, tied, spanned)
    chain.write(unit, petition.id, row.key_id, entry, last_link(unit, petition.id), left)
    return after


def last_link(unit: Unit, petition_id: str) -> bytes:
    """The link of the petition's newest entry."""
    found: bytes = unit.run(
        select(entries.c.chain)
        .where(entries.c.petition_id == petition_id)
        .order_by(entries.c.seq.desc())
        .limit(1)
    ).scalar_one()
    return found


def _tie(unit: Unit, petition_id: str, before: projection.Ties, after: projection.Ties) -> None:
    for kind, who in before - after:
        gone = (ties.c.petition_id == petition_id, ties.c.kind == kind, ties.c.who == who)
        unit.run(delete(ties).where(*gone))
    for kind, who in after - before:
        unit.run(_tying(), {"petition_id": petition_id, "kind": kind, "who": who})


@cache
def _registering() -> Prepared:
    return Prepared(insert(petitions))


@cache
def _tying() -> Prepared:
    return Prepared(insert(ties))


def load(unit: Unit, petition_id: str, *, lock: bool = False) -> Petition:
    """The petition of this id; `lock` keeps others from changing it in this unit.

    Raises `Unknown`.
    """
    this = {"bot": unit.bot_id, "this": petition_id}
    row = unit.run(_one(lock), this).first()
    if row is None:
        raise Unknown(petition_id)
    return _read(unit, row)


def hold(unit: Unit, petition_id: str) -> None:
    """Keep the petition, if there is one, from being erased before this unit ends.

    So erasing finds what the unit writes about it. Raises `Unknown` when it was erased just now.
    """
    this = (petitions.c.id == petition_id, petitions.c.bot_id == unit.bot_id)
    held = select(petitions.c.state).where(*this).with_for_update(read=True)
    if unit.run(held).scalar() == State.ERASED:
        raise Unknown(petition_id)


def by_number(unit: Unit, number: str) -> tuple[Petition, str] | None:
    """The petition with this tracking number and the digest of its query code."""
    row = _numbered(unit, number)
    return (_read(unit, row), row.code_digest) if row else None


def by_code(unit: Unit, number: str, code_digest: str) -> Petition | None:
    """The petition of this number and query code; nothing is decrypted for a wrong one."""
    row = _numbered(unit, number)
    known = row.code_digest if row else ""
    if not hmac.compare_digest(known.encode(), code_digest.encode()) or row is None:
        return None
    return _read(unit, row)


def registered(unit: Unit, number: str) -> dict[str, Any] | None:
    """The first entry's fields as they were stored, whatever today's shape: for the receipt."""
    row = _numbered(unit, number)
    if row is None:
        return None
    this = (entries.c.petition_id == row.id, entries.c.seq == 1)
    body = unit.run(select(entries.c.body).where(*this)).scalar_one()
    return chain.fields(unit, row.key_id, body)


def of_petitioner(unit: Unit, user_id: int, limit: int = 20) -> list[Petition]:
    """A person's own petitions, newest first."""
    rows = unit.run(
        select(petitions)
        .where(LIVE, petitions.c.petitioner_id == user_id, petitions.c.bot_id == unit.bot_id)
        .order_by(petitions.c.registered_at.desc())
        .limit(limit)
    ).all()
    return [_read(unit, row) for row in rows]


def of_units(
    unit: Unit, viewer: Actor, unit_ids: Sequence[str], states: Sequence[str], limit: int
) -> list[str]:
    """Ids of the units' petitions in these states that `viewer` may see, the soonest due first."""
    found = unit.run(
        select(petitions.c.id)
        .where(
            LIVE,
            scope.cards_of(viewer),
            petitions.c.bot_id == unit.bot_id,
            petitions.c.unit_id.in_(unit_ids),
            petitions.c.state.in_(states),
        )
        .order_by(petitions.c.due_on, petitions.c.number)
        .limit(limit)
    ).scalars()
    return list(found)


def key_of(unit: Unit, petition_id: str) -> str:
    """The id of the petition's key. Raises `Unknown`."""
    key_id = unit.run(_key(), {"bot": unit.bot_id, "this": petition_id}).scalar()
    if key_id is None:
        raise Unknown(petition_id)
    return str(key_id)


def uses_key(unit: Unit, key_id: str) -> bool:
    """Whether this is the key of a petition."""
    found = unit.run(select(petitions.c.id).where(petitions.c.key_id == key_id).limit(1))
    return found.scalar() is not None


def _numbered(unit: Unit, number: str) -> Any:
    return unit.run(_by_number(), {"bot": unit.bot_id, "this": number}).first()


READ = (
    petitions.c.id,
    petitions.c.petitioner_id,
    petitions.c.key_id,
    petitions.c.code_digest,
)
"""What is read of the projected row: all the rest is told by the record itself."""


@cache
def _one(lock: bool) -> Prepared:
    this = (petitions.c.id == bindparam("this"), petitions.c.bot_id == bindparam("bot"))
    wanted = select(*READ).where(LIVE, *this)
    return Prepared(wanted.with_for_update() if lock else wanted)


@cache
def _key() -> Prepared:
    this = (petitions.c.id == bindparam("this"), petitions.c.bot_id == bindparam("bot"))
    return Prepared(select(petitions.c.key_id).where(LIVE, *this))


@cache
def _by_number() -> Prepared:
    this = (petitions.c.number == bindparam("this"), petitions.c.bot_id == bindparam("bot"))
    return Prepared(select(*READ).where(LIVE, *this))


@cache
def _of_one() -> Prepared:
    this = entries.c.petition_id == bindparam("this")
    return Prepared(select(entries).where(this).order_by(entries.c.seq))


def _read(unit: Unit, row: Row[Any]) -> Petition:
    found = unit.run(_of_one(), {"this": row.id}).all()
    return fold(row.id, row.petitioner_id, [chain.read(unit, row.key_id, e) for e in found])
