"""What does a check say? One line, how grave it is, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from storage.unit import Unit


class Level(StrEnum):
    """How grave it is; what is only worth knowing wants nothing done."""

    WELL = "well"
    NOTE = "note"
    CARE = "care"
    BLIND = "blind"  # it could not be looked at


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    level: Level
    says: str
    do: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For other programs."""
        return asdict(self)


def well(check: str, says: str) -> Finding:
    """All is as it should be."""
    return Finding(check, Level.WELL, says)


def note(check: str, says: str, do: str = "") -> Finding:
    """Worth knowing; no fault."""
    return Finding(check, Level.NOTE, says, do)


def care(check: str, says: str, do: str) -> Finding:
    """Somebody has to see to it."""
    return Finding(check, Level.CARE, says, do)


def blind(check: str, says: str, do: str) -> Finding:
    """It could not be looked at, nor what rests on it."""
    return Finding(check, Level.BLIND, says, do)


Check = Callable[[Unit], Iterable[Finding]]
"""One that asks the database."""


def or_well(found: Iterable[Finding], check: str, says: str) -> Iterator[Finding]:
    """What was found; where that is nothing, that all is well."""
    nothing = True
    for each in found:
        nothing = False
        yield each
    if nothing:
        yield well(check, says)


def exit_code(found: Iterable[Finding]) -> int:
    """0 when all is well, 1 when something wants care, 2 when it could not be looked at."""
    levels = {each.level for each in found}
    if Level.BLIND in levels:
        return 2
    return 1 if Level.CARE in levels else 0


def listed(names: Iterable[object], most: int = 12) -> str:
    """These, parted by commas; of many only the first, and how many more."""
    known = [str(name) for name in names]
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more


def lasting(seconds: float) -> str:
    """A span as one reads it: the largest unit that it fills."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}" + ("s" if count > 1 else "")
    return f"{int(seconds)} s"
