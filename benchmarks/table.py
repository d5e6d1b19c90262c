"""What a benchmark found: one line a claim, printed as a table or as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Line:
    """One claim: ours beside a peer and a floor of the same run; `ratio` is what is claimed.

    A figure that there is not is None.
    """

    name: str
    ours: float
    peer: float | None
    floor: float | None
    ratio: float | None
    unit: str


HEAD = ("name", "ours", "peer", "floor", "ratio", "unit")


def printed(lines: Iterable[Line], *, as_json: bool) -> str:
    """The lines as text: one JSON object each, or a table."""
    lines = list(lines)
    if as_json:
        return "\n".join(json.dumps(asdict(line), ensure_ascii=False) for line in lines)
    rows = [HEAD, *(tuple(_cell(value) for value in asdict(line).values()) for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n in (0, 5) else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _cell(value: object) -> str:
    return "—" if value is None else f"{value:,.3g}" if isinstance(value, float) else str(value)
