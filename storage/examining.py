"""Is this petition as it was told? Its chain, its contents, and the row projected from them.

An entry whose content is there is opened, checked against its commitment and its place, and the
whole record is folded again; of an erased petition the chain, the seals and the last digest
still speak.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from petitions.events import read_event
from petitions.record import Entry, Party, State, fold
from storage import chain, projection
from storage.canonical import stored
from storage.chain import Content
from storage.columns import moment
from storage.own_key import MARK
from storage.tables import keys
from storage.unit import Unit
from storage.vault import Erased, WrongKey

Values = Mapping[str, Any]
"""A row as it is stored, of whatever types somebody made it."""
Finding = tuple[int | None, str]
"""Which entry (None: the petition itself), and what is wrong with it."""
LINKED = ("commitment", "projected", "chain")


class _Wrong(Exception):
    """Why an entry cannot be read."""


def examine(
    unit: Unit,
    row: Values,
    lines: Sequence[Values],
    ties: Sequence[tuple[Any, Any]],
    counted: Sequence[Values],
) -> Iterator[Finding]:
    """Everything that is wrong with a petition: its row, its entries, its ties and its spans.

    Entries and spans come in their order.
    """
    if not lines:
        yield None, "it has no entries"
        return
    broken = list(_links(lines))
    yield from broken
    if lines[-1]["projected"] != projection.digest(row, ties, counted):
        yield None, "its row, ties or spans are not as its last entry left them"
    if lines[-1]["kind"] in chain.OFFICE_SEALED:
        yield from _erased(unit, row, lines, sound=not broken)
    elif not broken:
        yield from _whole(unit, row, lines, counted)


def _links(lines: Sequence[Values]) -> Iterator[Finding]:
    before = chain.NOTHING
    for number, line in enumerate(lines, 1):
        if line["seq"] != number:
            yield line["seq"], f"entry {number} is missing"
            return
        if not all(_is_link(line[name]) for name in LINKED):
            yield number, "a digest of it is none"
            return
        if line["chain"] != chain.link(before, line["commitment"], line, line["projected"]):
            yield number, "it is not as the chain says, or the one before it is not"
        before = line["chain"]


def _is_link(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) == chain.LINK_BYTES


def _whole(
    unit: Unit, row: Values, lines: Sequence[Values], counted: Sequence[Values]
) -> Iterator[Finding]:
    """Of a petition whose content is there: open it, fold it, compare."""
    read: list[Entry] = []
    before = chain.NOTHING
    for line in lines:
        try:
            read.append(_read(unit, row["key_id"], line, before))
        except _Wrong as wrong:
            yield line["seq"], str(wrong)
        if line["by_kind"] in chain.PERSONAL and line["by_id"] != row["petitioner_id"]:
            yield line["seq"], "it is by somebody else than the petitioner"
        before = line["chain"]
    if len(read) == len(lines):
        yield from _projected(row, lines, read, counted)


def _projected(
    row: Values, lines: Sequence[Values], read: Sequence[Entry], counted: Sequence[Values]
) -> Iterator[Finding]:
    """The row against the record; the first entry too, for what no entry tells of is as old."""
    try:
        first = fold(row["id"], row["petitioner_id"], read[:1])
        petition = fold(row["id"], row["petitioner_id"], read)
    except ValueError as error:
        yield None, str(error)
        return
    for name, told in projection.project(petition).items():
        if row[name] != stored(told):
            yield None, f"its row says another {name} than its record"
    if [dict(span) for span in counted] != projection.spans_of(petition, row["bot_id"]):
        yield None, "its spans are not those of its record"
    if lines[0]["projected"] != projection.digest_after(row, first):
        yield 1, "it was registered with another row"
    if lines[-1]["projected"] != projection.digest_after(row, petition):
        yield None, "its ties are not those of its record"


def _erased(unit: Unit, row: Values, lines: Sequence[Values], *, sound: bool) -> Iterator[Finding]:
    """Of a petition whose content was erased: nothing of it is left but the last entry."""
    for line in lines[:-1]:
        if line["kind"] in chain.OFFICE_SEALED:
            yield line["seq"], "entries follow the erasure"
        if line["body"] is not None:
            yield line["seq"], "it has content though the petition was erased"
        if line["by_kind"] in chain.PERSONAL and line["by_id"] is not None:
            yield line["seq"], "it names the petitioner though the petition was erased"
    if sound:
        try:
            before = lines[-2]["chain"] if len(lines) > 1 else chain.NOTHING
            _read(unit, row["key_id"], lines[-1], before)
        except _Wrong as wrong:
            yield lines[-1]["seq"], str(wrong)
    if row["state"] != State.ERASED:
        yield None, "its row does not say that it was erased"
    if unit.run(select(keys.c.wrapped).where(keys.c.id == row["key_id"])).scalar() is not None:
        yield None, "its key is still there though the petition was erased"


def _read(unit: Unit, key_id: str, line: Values, before: bytes) -> Entry:
    """The entry of this row, if its content is what was committed to in this place."""
    content = _open(unit, chain.key_for(line["kind"], key_id), line["body"])
    if content.commitment() != line["commitment"]:
        raise _Wrong("its content is not what was committed to")
    if content.place != chain.place(before, line, line["projected"]):
        raise _Wrong("its content belongs elsewhere")
    try:
        event = read_event(line["kind"], line["version"], json.loads(content.event))
    except (ValidationError, ValueError):
        raise _Wrong("its content is of no shape that is known") from None
    by = Party(line["by_kind"], line["by_id"], line["by_unit"])
    return Entry(line["seq"], moment(line["at"]), by, event)


def _open(unit: Unit, key_id: str | None, body: Any) -> Content:
    if body is None:
        raise _Wrong("its content is gone")
    if not isinstance(body, bytes) or not _is_token(body):
        raise _Wrong("its content is not as it was sealed")
    try:
        return Content.parse(unit.open(body, key_id))
    except Erased:
        raise _Wrong("its key is gone") from None
    except WrongKey:
        raise _Wrong("its content is not as it was sealed, or its key is another") from None


def _is_token(body: bytes) -> bool:
    """Whether it is spelt as the sealing spells it: what decodes the same is not the same.

    An own key's bytes stand for themselves; a Fernet token is in base64.
    """
    if body.startswith(MARK):
        return True
    try:
        return base64.urlsafe_b64encode(base64.urlsafe_b64decode(body)) == body
    except (binascii.Error, ValueError):
        return False
