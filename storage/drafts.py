"""What has a person begun to tell us and not yet submitted?

A draft is one form being filled in, by one person in one chat; the conversation row says
which draft that chat is at. Answers are encrypted under the key that becomes the petition's;
where none comes of it, the key is destroyed with the draft.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import bindparam, delete, exists, insert, select, update

from storage import files, record
from storage.prepared import Prepared
from storage.tables import conversations, drafts
from storage.unit import Unit
from storage.upserting import put
from storage.vault import Erased

_BEGIN = Prepared(insert(drafts))
_CHANGED = ("state", "step", "version", "reviewing", "answers", "touched_at")
_SAVE = Prepared(
    update(drafts)
    .where(drafts.c.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_ENTERED = exists().where(
    conversations.c.bot_id == drafts.c.bot_id,
    conversations.c.chat_id == drafts.c.chat_id,
    conversations.c.person_id == drafts.c.person_id,
    conversations.c.draft_id == drafts.c.id,
)
_THIS = select(drafts, _ENTERED.label("entered")).where(
    drafts.c.id == bindparam("this"), drafts.c.bot_id == bindparam("bot")
)
_LOAD = Prepared(_THIS)
_LOCK = Prepared(_THIS.with_for_update(of=drafts))
_NEWEST = (
    select(drafts.c.id)
    .where(
        drafts.c.person_id == bindparam("person"),
        drafts.c.bot_id == bindparam("bot"),
        drafts.c.form == bindparam("name"),
        drafts.c.state == "open",
    )
    .order_by(drafts.c.touched_at.desc())
    .limit(1)
)
_OPEN = Prepared(_NEWEST.where(drafts.c.subject.is_(None)))
_OPEN_ABOUT = Prepared(_NEWEST.where(drafts.c.subject == bindparam("about")))
_HERE = (
    conversations.c.bot_id == bindparam("bot"),
    conversations.c.chat_id == bindparam("chat"),
    conversations.c.person_id == bindparam("person"),
)
_CURRENT = Prepared(select(conversations.c.draft_id).where(*_HERE))
_LEAVE = Prepared(delete(conversations).where(*_HERE))


@dataclass(frozen=True, slots=True)
class Draft:
    """A form half filled in; `version` counts the questions put, so stale buttons show."""

    id: str
    chat_id: int
    person_id: int
    form: str
    subject: str | None
    key_id: str
    step: str
    version: int
    reviewing: bool
    answers: dict[str, Any]
    touched_at: datetime
    state: str = "open"
    entered: bool = field(default=False, compare=False)  # it was what its chat was at

    def at(self, step: str, **changes: Any) -> "Draft":
        """The draft with another question put."""
        return replace(self, step=step, version=self.version + 1, **changes)

    def answered(self, step: str, value: Any) -> "Draft":
        """The draft with this answer."""
        return replace(self, answers=self.answers | {step: value})


def begin(
    unit: Unit,
    chat_id: int,
    person_id: int,
    form: str,
    step: str,
    *,
    subject: str | None = None,
    key_id: str | None = None,
    answers: dict[str, Any] | None = None,
) -> Draft:
    """Start a form in this chat; its draft becomes the chat's conversation.

    Raises `record.Unknown` when the petition it is about is erased at this moment.
    """
    if subject is not None:
        record.hold(unit, subject)
    draft = Draft(
        id=secrets.token_hex(5),
        chat_id=chat_id,
        person_id=person_id,
        form=form,
        subject=subject,
        key_id=key_id or unit.vault.new_key(unit.connection),
        step=step,
        version=1,
        reviewing=False,
        answers=answers or {},
        touched_at=unit.now,
    )
    row = {
        "id": draft.id,
        "bot_id": unit.bot_id,
        "chat_id": chat_id,
        "person_id": person_id,
        "form": form,
        "subject": subject,
        "key_id": draft.key_id,
        "created_at": unit.now,
        **_changing(unit, draft),
    }
    unit.run(_BEGIN, row)
    enter(unit, draft)
    return draft


def save(unit: Unit, draft: Draft) -> None:
    """Write the draft back."""
    changed = {f"new_{name}": value for name, value in _changing(unit, draft).items()}
    unit.run(_SAVE, {"this": draft.id, **changed})


def _changing(unit: Unit, draft: Draft) -> dict[str, Any]:
    return {
        "state": draft.state,
        "step": draft.step,
        "version": draft.version,
        "reviewing": draft.reviewing,
        "answers": unit.seal(to_json(draft.answers), draft.key_id),
        "touched_at": unit.now,
    }


def load(unit: Unit, draft_id: str) -> Draft | None:
    """The draft of this id, in whatever state; without answers when they are erased.

    In a unit that writes nobody else changes it until the end: it is written back as a whole.
    """
    this = {"this": draft_id, "bot": unit.bot_id}
    if (row := unit.run(_LOCK if unit.writes else _LOAD, this).first()) is None:
        return None
    try:
        answers = from_json(unit.open(row.answers, row.key_id)) if row.answers else {}
    except Erased:
        answers = {}
    return Draft(
        id=row.id,
        chat_id=row.chat_id,
        person_id=row.person_id,
        form=row.form,
        subject=row.subject,
        key_id=row.key_id,
        step=row.step,
        version=row.version,
        reviewing=row.reviewing,
        answers=answers,
        touched_at=row.touched_at,
        state=row.state,
        entered=row.entered,
    )


def enter(unit: Unit, draft: Draft) -> None:
    """Make this draft what the chat is at."""
    if draft.entered:
        return
    here = {"chat_id": draft.chat_id, "person_id": draft.person_id}
    put(unit, conversations, {"bot_id": unit.bot_id, **here, "draft_id": draft.id})


def leave(unit: Unit, chat_id: int, person_id: int) -> None:
    """The chat is at no form any more; its draft stays."""
    unit.run(_LEAVE, _here(unit, chat_id, person_id))


def current(unit: Unit, chat_id: int, person_id: int) -> Draft | None:
    """The open draft this chat is at, if any."""
    found = current_id(unit, chat_id, person_id)
    draft = load(unit, found) if found else None
    return draft if draft and draft.state == "open" else None


def unfinished(unit: Unit, person_id: int, form: str, subject: str | None = None) -> Draft | None:
    """The newest open draft of this form (and about this subject) that the person has."""
    wanted = {"bot": unit.bot_id, "person": person_id, "name": form}
    if subject is None:
        found = unit.run(_OPEN, wanted).scalar()
    else:
        found = unit.run(_OPEN_ABOUT, {**wanted, "about": subject}).scalar()
    return load(unit, found) if found else None


def finish(unit: Unit, draft: Draft, state: str, *, keep: dict[str, Any] | None = None) -> None:
    """Close the draft as submitted or dropped; its answers go, except what `keep` says.

    When nothing is kept and no petition has its key, the key goes too, and its files with it.
    """
    save(unit, replace(draft, state=state, answers=keep or {}, version=draft.version + 1))
    if not keep and not record.uses_key(unit, draft.key_id):
        files.drop_all(unit, draft.key_id)
        unit.vault.destroy(unit.connection, draft.key_id, unit.now)
    if current_id(unit, draft.chat_id, draft.person_id) == draft.id:
        leave(unit, draft.chat_id, draft.person_id)


def current_id(unit: Unit, chat_id: int, person_id: int) -> str | None:
    """The id of the draft this chat is at."""
    found: str | None = unit.run(_CURRENT, _here(unit, chat_id, person_id)).scalar()
    return found


def _here(unit: Unit, chat_id: int, person_id: int) -> dict[str, int]:
    return {"bot": unit.bot_id, "chat": chat_id, "person": person_id}
