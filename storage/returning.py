"""How does an operator bring a message back, or call one off that waits?

Each answers with why it was not done, in the operator's words, or with nothing.
"""

from typing import Any, Literal

from sqlalchemy import select, update

from petitions.record import State
from storage.outbox import AGAIN
from storage.tables import outbox, petitions
from storage.unit import Unit
from storage.vault import Erased

Cause = Literal["wrong", "duplicate", "outdated", "test", "request"]
"""Why a message is called off: chosen, because what somebody types is not kept in the plain."""

REQUIRED = "the petitioner is to be told of this step; --even-required calls it off nonetheless"


def bring_back(unit: Unit, row_id: int) -> str | None:
    """Let a message that did not arrive be sent again, now; else why that cannot be."""
    row = unit.run(select(outbox).where(*_this(unit, row_id))).first()
    why = _why_not(unit, row)
    if why is None:
        again: dict[str, Any] = {"state": "waiting", "due_at": unit.now, "settled_at": None}
        again |= {"attempts": 0, "hold_until": 0.0, "reason": "brought back"}
        again |= {"owner": None, "begun": False}
        ended = outbox.c.state.in_(AGAIN)  # nobody else brought it back since
        unit.run(update(outbox).where(*_this(unit, row_id), ended).values(again))
    return why


def call_off(unit: Unit, row_id: int, cause: Cause, *, even_required: bool) -> str | None:
    """Let a message that waits not be sent; else why that cannot be.

    What a petitioner is to be told of a step is called off only when that is said too, and the
    row tells so for as long as there is the petition.
    """
    row = unit.run(select(outbox).where(*_this(unit, row_id))).first()
    if row is None:
        return "there is no such message"
    if row.state != "waiting":
        return f"it does not wait: {row.state}"
    if row.lasting and not even_required:
        return REQUIRED
    required = " though required" if row.lasting else ""
    off = {"state": "skipped", "reason": f"called off{required}: {cause}", "payload": b""}
    waits = (
        *_this(unit, row_id),
        outbox.c.state == "waiting",
    )  # still: it may have been sent since
    if not unit.run(update(outbox).where(*waits).values(**off, settled_at=unit.now)).rowcount:
        return "it does not wait any more"
    return None


def _why_not(unit: Unit, row: Any) -> str | None:
    if row is None:
        return "there is no such message"
    if row.state not in AGAIN:
        return f"it is not one that failed: {row.state}"
    if _is_erased(unit, row):
        return "its petition was erased"
    if not row.payload:
        return "it was an answer to a tap, and nothing is left of it"
    if row.slot is not None and _newer(unit, row):
        return "a newer one has taken its place"
    return None


def _is_erased(unit: Unit, row: Any) -> bool:
    state = unit.run(select(petitions.c.state).where(petitions.c.id == row.petition_id)).scalar()
    try:
        unit.open(row.payload, row.key_id) if row.payload else None
    except Erased:
        return True
    return bool(state == State.ERASED)


def _newer(unit: Unit, row: Any) -> bool:
    """Whether the slot was written since; by the petition, whose rows are few and indexed."""
    same = (outbox.c.slot == row.slot, outbox.c.bot_id == row.bot_id, outbox.c.id > row.id)
    of = outbox.c.petition_id == row.petition_id
    return unit.run(select(outbox.c.id).where(of, *same).limit(1)).first() is not None


def _this(unit: Unit, row_id: int) -> tuple[Any, ...]:
    return (outbox.c.id == row_id, outbox.c.bot_id == unit.bot_id)
