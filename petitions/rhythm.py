"""When are digests told, and to whom, as the office says? 一周一快报, 一月一通报, 一季一分析."""

from datetime import time
from typing import Literal, get_args

from pydantic import Field

from petitions.units import Id, Part

Told = Literal["week", "month", "quarter"]
TOLD: tuple[Told, ...] = get_args(Told)


class Weekly(Part):
    """The day of the week after (1 is Monday) and the local time."""

    day: int = Field(1, ge=1, le=7)
    at: time = time(9, 0)


class Monthly(Part):
    """The day of the month after and the local time."""

    day: int = Field(1, ge=1, le=28)
    at: time = time(9, 0)


class Quarterly(Part):
    """The day of the first month of the quarter after and the local time."""

    day: int = Field(5, ge=1, le=28)
    at: time = time(9, 0)


class Digests(Part):
    """Which groups are told, and when.

    The groups of the units in `overall` hear the figures of the whole office; when it is empty
    these are the default unit's and the supervision unit's. Every other unit's own group hears
    its own figures, of the periods in `own`. What is `off` is told to nobody of itself.
    """

    week: Weekly = Weekly()
    month: Monthly = Monthly()
    quarter: Quarterly = Quarterly()
    overall: tuple[Id, ...] = ()
    own: frozenset[Told] = frozenset({"week"})
    off: frozenset[Told] = frozenset()
