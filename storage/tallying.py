"""Do the seals hold? Each against the entries it covers, the one before it, and the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from storage.canonical import as_stored
from storage.merging import END, Groups
from storage.seals import NONE, Mark, digest, message
from storage.tables import entries, seals
from storage.unit import Unit

PAGE = 500

Finding = tuple[Any, str]
"""Which seal, and what is wrong with it."""


def check_seals(unit: Unit, public: Sequence[Ed25519PublicKey]) -> Iterator[Finding]:
    """Everything that is wrong with the seals and what they cover."""
    covered = Groups(_covered(unit))
    expected, previous = 1, NONE.signature
    for seal in _seals(unit):
        if seal["id"] != expected:
            yield expected, "it is missing, or more from here on"
        elif seal["previous"] != previous:
            yield seal["id"], "it does not follow the one before"
        if not _signed(seal, public):
            yield seal["id"], "its signature does not hold"
        for nobody in covered.before(seal["id"]):
            yield nobody, "entries are sealed by it, but it is not there"
        counted = _Counted(covered.take(seal["id"]))
        made = digest(counted)
        if (counted.count, made) != (seal["count"], seal["digest"]):
            yield seal["id"], "the entries it covers are not those that were sealed"
        expected, previous = seal["id"] + 1, seal["signature"]
    for nobody in covered.before(END):
        yield nobody, "entries are sealed by it, but it is not there"


def newest_holds(unit: Unit, public: Sequence[Ed25519PublicKey]) -> bool:
    """Whether the last seal was made with one of these keys; true where there is none."""
    wanted = select(*as_stored(seals.columns)).order_by(seals.c.id.desc()).limit(1)
    last = unit.run(wanted).mappings().first()
    return last is None or _signed(last, public)


def check_log(unit: Unit, log: Iterable[Mark]) -> Iterator[Finding]:
    """What the log remembers that the database does not, or otherwise."""
    known = Groups((seal["id"], seal["signature"]) for seal in _seals(unit))
    missing: list[int] = []
    expected = 1
    for mark in log:
        if mark.id != expected:
            yield mark.id, f"the log names it where {expected} should be"
        if mark.id < expected:
            continue
        expected = mark.id + 1
        for _ in known.before(mark.id):
            pass  # named by no line of the log, which the next line's number shows
        found = [signature for _, signature in known.take(mark.id)]
        if not found:
            missing = [*missing[:1], mark.id]
        elif found != [mark.signature]:
            yield mark.id, "the log names another seal of this number"
    if missing:
        to = f" (and what follows, to {missing[-1]})" if len(missing) > 1 else ""
        yield missing[0], f"the log names it{to}, but it is not there: cut off, or an older copy"


class _Counted:
    """The rows that a seal covers, counted as they go by."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.count += 1
            yield row[1:]


def _signed(seal: Mapping[str, Any], public: Sequence[Ed25519PublicKey]) -> bool:
    signature = seal["signature"]
    return isinstance(signature, bytes) and any(_holds(key, seal, signature) for key in public)


def _holds(key: Ed25519PublicKey, seal: Mapping[str, Any], signature: bytes) -> bool:
    try:
        key.verify(signature, message(seal))
    except InvalidSignature:
        return False
    return True


def _seals(unit: Unit) -> Iterator[Mapping[str, Any]]:
    wanted = select(*as_stored(seals.columns)).order_by(seals.c.id)
    rows: Iterable[Any] = unit.run(wanted.execution_options(yield_per=PAGE)).mappings()
    return iter(rows)


def _covered(unit: Unit) -> Iterable[Any]:
    columns = (entries.c.seal_id, entries.c.petition_id, entries.c.seq, entries.c.chain)
    sealed = select(*as_stored(columns)).where(entries.c.seal_id.is_not(None))
    found: Iterable[Any] = unit.run(
        sealed.order_by(*columns[:-1]).execution_options(yield_per=PAGE)
    )
    return found
