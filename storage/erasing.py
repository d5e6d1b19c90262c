"""How is what a petitioner entrusted to us erased? All of it in one unit, for good.

An entry says that and why; the row and the spans keep what the office counts by, so the chain,
the seals and both can still be checked. The petition's key is destroyed, and everything else that
tells of the petition goes with it. The files follow: they are dropped, and the bot removes them
from the disk.
"""

from typing import Any

from sqlalchemy import delete, select, update

from petitions.events import Erased, Why
from petitions.record import Entry, Party, Petition, State, fold
from storage import chain, counted, files, projection, record
from storage.tables import conversations, drafts, due, entries, outbox, petitions, posts, ties
from storage.tables import files as attachments
from storage.unit import Unit
from storage.vault import Erased as Gone
from storage.vault import WrongKey


class Unreadable(Exception):
    """The record cannot be read, and nothing of it was erased."""


COUNTED = frozenset(
    {
        "number",
        "purpose",
        "category",
        "district",
        "unit_id",
        "state",
        "version",
        "length",
        "registered_at",
        "updated_at",
    }
)
"""Of what the record tells, the columns that stay: what the office counts by, and the number."""

NOBODY = {"petitioner_id": 0, "code_digest": ""}
"""What stands in the fixed columns that told of the petitioner."""


def erase(unit: Unit, number: str, why: Why) -> bool:
    """Erase the petition of this number; False when that was done before.

    Raises `record.Unknown`, and `Unreadable`: a record that cannot be read is looked into before
    anything of it goes.
    """
    this = (petitions.c.number == number, petitions.c.bot_id == unit.bot_id)
    row = unit.run(select(petitions).where(*this).with_for_update()).first()
    if row is None:
        raise record.Unknown("no petition has this number")
    if row.state == State.ERASED:
        return False
    try:
        petition = record.load(unit, row.id, lock=True)
    except (WrongKey, Gone, ValueError) as error:
        raise Unreadable("its record cannot be read; see what `minsheng verify` says") from error
    _close(unit, row, petition, why)
    for key_id in _forget(unit, row.id, row.key_id):
        unit.vault.destroy(unit.connection, key_id, unit.now)
    return True


def left(petition: Petition) -> dict[str, Any]:
    """The columns of an erased petition's row that the record tells of."""
    told = projection.project(petition)
    return {name: value if name in COUNTED else None for name, value in told.items()}


def _close(unit: Unit, row: Any, petition: Petition, why: Why) -> None:
    """The last entry, the row as it stays, and no content before it."""
    last = Entry(len(petition.entries) + 1, unit.now, Party("desk"), Erased(why=why))
    after = fold(petition.id, petition.petitioner, (*petition.entries, last))
    values = {**projection.fixed_of(row), **NOBODY, **left(after)}
    before = record.last_link(unit, petition.id)
    unit.run(update(petitions).where(petitions.c.id == petition.id).values(values))
    unit.run(delete(ties).where(ties.c.petition_id == petition.id))
    was, now = (projection.spans_of(p, row.bot_id) for p in (petition, after))
    counted.write(unit, petition.id, was, now)
    chain.write(unit, petition.id, row.key_id, last, before, projection.digest(values, (), now))
    older = (entries.c.petition_id == petition.id, entries.c.seq < last.seq)
    unit.run(update(entries).where(*older).values(body=None))
    personal = entries.c.by_kind.in_(chain.PERSONAL)
    unit.run(update(entries).where(*older, personal).values(by_id=None))


def _forget(unit: Unit, petition_id: str, key_id: str) -> set[str]:
    """Everything beside the record that tells of the petition; the keys that protected it."""
    about = (drafts.c.key_id == key_id) | (drafts.c.subject == petition_id)
    found = unit.run(select(drafts.c.id, drafts.c.key_id).where(about)).all()
    forms = [form.id for form in found]
    own = {form.key_id for form in found if not record.uses_key(unit, form.key_id)} | {key_id}
    for each in own:
        files.drop_all(unit, each)
    nowhere = {"file_id": "", "unique_id": "", "chat_id": 0, "message_id": 0}
    unit.run(update(attachments).where(attachments.c.key_id.in_(own)).values(nowhere))
    unit.run(delete(conversations).where(conversations.c.draft_id.in_(forms)))
    unit.run(delete(drafts).where(drafts.c.id.in_(forms)))
    unit.run(delete(due).where(due.c.subject.in_([petition_id, *forms])))
    unit.run(delete(posts).where(posts.c.slot.endswith(f":{petition_id}")))
    unit.run(delete(outbox).where(outbox.c.petition_id == petition_id))
    # Apart, so that each is found by an index.
    unit.run(delete(outbox).where(outbox.c.petition_id.is_(None), outbox.c.key_id.in_(own)))
    return own
