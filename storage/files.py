"""Which attachments were sent, and are they fetched and encrypted yet?"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy import insert as insert_into

from storage.messages import Kind
from storage.tables import files
from storage.unit import Unit
from storage.vault import WrongKey

log = structlog.get_logger(__name__)

LEASE_SECONDS = 300.0
FETCHABLE_BYTES = 20 * 1024 * 1024
"""The messenger lets a bot fetch files up to this size; larger ones are passed on by copy."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file somebody sent: the messenger's ids, and (decrypted) its name and caption."""

    id: str
    kind: Kind
    file_id: str
    unique_id: str
    chat_id: int
    message_id: int
    size: int
    name: str
    caption: str
    key_id: str


def add(unit: Unit, key_id: str, sent: dict[str, object]) -> Attachment:
    """Commit an attachment's ids first; a job fetches what can be fetched later."""
    attachment = Attachment(id=secrets.token_hex(6), key_id=key_id, **sent)  # type: ignore[arg-type]
    about = {"name": attachment.name, "caption": attachment.caption}
    unit.run(
        insert_into(files).values(
            id=attachment.id,
            bot_id=unit.bot_id,
            key_id=key_id,
            kind=attachment.kind,
            file_id=attachment.file_id,
            unique_id=attachment.unique_id,
            chat_id=attachment.chat_id,
            message_id=attachment.message_id,
            size=attachment.size,
            about=unit.seal(json.dumps(about, ensure_ascii=False).encode(), key_id),
            state="wanted" if attachment.size <= FETCHABLE_BYTES else "passed_on",
            attempts=0,
            hold_until=0.0,
        )
    )
    return attachment


def load(unit: Unit, ids: Sequence[str]) -> list[Attachment]:
    """These attachments, in this order; unknown ids are left out."""
    these = (files.c.id.in_(ids), files.c.bot_id == unit.bot_id)
    rows = unit.run(select(files).where(*these)).all()
    found = {row.id: _read(unit, row) for row in rows}
    return [found[i] for i in ids if i in found]


def drop(unit: Unit, file_id: str) -> None:
    """The person removed it before submitting."""
    unit.run(update(files).where(files.c.id == file_id).values(state="dropped", about=None))


def drop_all(unit: Unit, key_id: str) -> None:
    """What they came with was deleted, and no petition came of it."""
    unit.run(
        update(files)
        .where(files.c.key_id == key_id, files.c.state != "gone")
        .values(state="dropped", about=None)
    )


def dropped(unit: Unit, limit: int = 100) -> list[str]:
    """Ids of removed files whose content may still be kept."""
    found = select(files.c.id).where(files.c.bot_id == unit.bot_id, files.c.state == "dropped")
    return list(unit.run(found.limit(limit)).scalars())


def gone(unit: Unit, ids: Sequence[str]) -> None:
    """The content of these removed files is kept no more."""
    these = (files.c.id.in_(ids), files.c.state == "dropped")
    unit.run(update(files).where(*these).values(state="gone"))


def wanted(unit: Unit, limit: int = 10) -> list[Attachment]:
    """Lease files that are still to be fetched."""
    real = unit.real_time()
    rows = unit.run(
        select(files)
        .where(
            files.c.bot_id == unit.bot_id,
            files.c.state == "wanted",
            # A longer hold than there is was begun before real time was set back.
            or_(files.c.hold_until <= real, files.c.hold_until > real + 2 * LEASE_SECONDS),
        )
        .limit(limit)
        .with_for_update(skip_locked=True)  # what another process is about to fetch
    ).all()
    unit.run(
        update(files)
        .where(files.c.id.in_([row.id for row in rows]))
        .values(hold_until=real + LEASE_SECONDS, owner=unit.process, attempts=files.c.attempts + 1)
    )
    return [found for row in rows if (found := _readable(unit, row)) is not None]


def _readable(unit: Unit, row: object) -> Attachment | None:
    """The attachment; None when no key opens what was said of it, as the others are not to wait."""
    try:
        return _read(unit, row)
    except WrongKey:
        log.error("file.cannot_be_opened", file=getattr(row, "id", None))
        return None


def settle(unit: Unit, file_id: str, state: str) -> bool:
    """The file is kept; False when it was removed meanwhile, and stays so."""
    this = (files.c.id == file_id, files.c.state == "wanted")
    return bool(unit.run(update(files).where(*this).values(state=state)).rowcount)


def count_wanted(unit: Unit) -> int:
    """How many files wait to be fetched."""
    return int(
        unit.run(
            select(func.count())
            .select_from(files)
            .where(files.c.bot_id == unit.bot_id, files.c.state == "wanted")
        ).scalar()
    )


def _read(unit: Unit, row: object) -> Attachment:
    r: Any = row
    about = json.loads(unit.open(r.about, r.key_id)) if r.about else {"name": "", "caption": ""}
    return Attachment(
        r.id,
        r.kind,
        r.file_id,
        r.unique_id,
        r.chat_id,
        r.message_id,
        r.size,
        about["name"],
        about["caption"],
        r.key_id,
    )
