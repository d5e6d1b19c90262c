"""Is the record as it was told? All of it, walked once, in memory that does not grow with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Table, func, select

from petitions.record import State
from storage import seals, tallying
from storage.canonical import as_stored
from storage.examining import examine
from storage.merging import END, Groups
from storage.projection import SPAN_COLUMNS
from storage.seals import Mark
from storage.tables import entries, petitions, spans, ties
from storage.tables import seals as seal_table
from storage.unit import Unit

PAGE = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was told: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was checked."""

    petitions: int
    erased: int
    entries: int
    unsealed: int
    seals: int


def verify(
    unit: Unit, public: Sequence[Ed25519PublicKey], log: Iterable[Mark] | None
) -> Iterator[Fault]:
    """Every fault of the database that this unit sees; `log` is None where there is none."""
    yield from _file(unit)
    yield from _petitions(unit)
    for seal, what in tallying.check_seals(unit, public):
        yield Fault(f"seal {seal}", what)
    for seal, what in tallying.check_log(unit, log) if log is not None else ():
        yield Fault(f"seal {seal}", what)


def checked(unit: Unit) -> Checked:
    """How much there is to check."""

    def count(table: Table, *where: Any) -> int:
        return int(unit.run(select(func.count()).select_from(table).where(*where)).scalar())

    return Checked(
        petitions=count(petitions),
        erased=count(petitions, petitions.c.state == State.ERASED),
        entries=count(entries),
        unsealed=seals.unsealed(unit),
        seals=count(seal_table),
    )


def _file(unit: Unit) -> Iterator[Fault]:
    """What the database itself finds wrong with its file, such as an index that tells lies.

    PostgreSQL has checksums on its pages, and looks at them whenever it reads one.
    """
    if unit.connection.dialect.name != "sqlite":
        return
    found = unit.connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if found != "ok":
        yield Fault("the file", str(found))


def _petitions(unit: Unit) -> Iterator[Fault]:
    lines = Groups(_stream(unit, entries, "petition_id", "seq"))
    tied = Groups(_stream(unit, ties, "petition_id", "kind", "who"))
    spanned = Groups(_stream(unit, spans, "petition_id", "n"))
    for row in _stream(unit, petitions, "id"):
        yield from _of_nobody(lines, tied, spanned, row.id)
        told: list[Mapping[str, Any]] = [line._mapping for line in lines.take(row.id)]
        involved = [(tie.kind, tie.who) for tie in tied.take(row.id)]
        counted = [{name: s._mapping[name] for name in SPAN_COLUMNS} for s in spanned.take(row.id)]
        for seq, what in examine(unit, row._mapping, told, involved, counted):
            entry = "" if seq is None else f", entry {seq}"
            yield Fault(f"petition {row.number}{entry}", what)
    yield from _of_nobody(lines, tied, spanned, END)


def _of_nobody(lines: Groups, tied: Groups, spanned: Groups, before: Any) -> Iterator[Fault]:
    """Entries, ties and spans of petitions that are not there."""
    for petition_id in lines.before(before):
        yield Fault(f"petition {petition_id}", "it has entries and no row")
    for petition_id in tied.before(before):
        yield Fault(f"petition {petition_id}", "it has ties and no row")
    for petition_id in spanned.before(before):
        yield Fault(f"petition {petition_id}", "it has spans and no row")


def _stream(unit: Unit, table: Table, *order: str) -> Iterable[Any]:
    """The table's rows as they are stored, the first of `order` in front."""
    columns = [table.c[order[0]], *(c for c in table.c if c.key != order[0])]
    wanted = select(*as_stored(columns)).order_by(*(table.c[name] for name in order))
    found: Iterable[Any] = unit.run(wanted.execution_options(yield_per=PAGE))
    return found
