"""What limits does a procedure set, and on which clause does each rest?

The Regulation on petition work (《信访工作条例》, TL) sets the national limits and provinces
set stricter ones, so the limits are data: one TOML file a procedure, in this folder or the
office's own. Reading the file is the caller's; this module reads its text.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

# What may start a clock. A profile that names anything else has a typing slip, and a slip here
# would quietly switch a legal deadline off.
Event = Literal[
    "registered",
    "routed",
    "routed-simple",
    "accepted",
    "accepted-simple",
    "extended",
    "replied",
    "review-asked",
    "review-decided",
    "second-review-asked",
]


class DayKind(StrEnum):
    """Whether a limit counts all days or working days only."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days for one step; `prolongs` names the limit it is added to, if any."""

    name: str
    days: int
    kind: DayKind
    clause: str
    prolongs: str = ""


@dataclass(frozen=True, slots=True)
class Warnings:
    """When people are told of a deadline: days before it, and days after it has passed.

    `before` tells the unit; then the head, the supervisor and the leader are told in turn.
    """

    before: tuple[int, ...] = (5, 1)
    head: int = 1
    supervisor: int = 3
    leader: int = 7


@dataclass(frozen=True, slots=True)
class Profile:
    """A procedure: its limits, by the event that starts them, and when to warn of them."""

    name: str
    limits: Mapping[str, tuple[Limit, ...]]
    warnings: Warnings = Warnings()

    def limit(self, name: str) -> Limit:
        """The limit of this name. Raises KeyError."""
        for limits in self.limits.values():
            for limit in limits:
                if limit.name == name:
                    return limit
        raise KeyError(name)


class ProfileError(ValueError):
    """The profile is wrong; the message has one line a key."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: Event
    days: Annotated[int, Field(strict=True, ge=1)]
    kind: DayKind
    clause: Annotated[str, Field(min_length=1)]
    prolongs: str = ""


class _Warnings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    before: tuple[Annotated[int, Field(ge=0)], ...] = (5, 1)
    head: Annotated[int, Field(ge=1)] = 1
    supervisor: Annotated[int, Field(ge=1)] = 3
    leader: Annotated[int, Field(ge=1)] = 7


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    limits: Annotated[dict[str, _Row], Field(min_length=1)]
    warnings: _Warnings = _Warnings()


def parse_profile(text: str) -> Profile:
    """Read a profile from TOML. Raises `ProfileError` with one line for each wrong key."""
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"not TOML: {error}") from error
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        lines = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)
        raise ProfileError("\n".join(lines)) from None
    return Profile(file.name, _by_event(file.limits), Warnings(**file.warnings.model_dump()))


def _by_event(rows: Mapping[str, _Row]) -> dict[str, tuple[Limit, ...]]:
    limits: dict[str, tuple[Limit, ...]] = {}
    for name, row in rows.items():
        if row.prolongs and row.prolongs not in rows:
            raise ProfileError(f"limits.{name}.prolongs: no limit is called {row.prolongs!r}")
        limit = Limit(name, row.days, row.kind, row.clause, row.prolongs)
        limits[row.after] = (*limits.get(row.after, ()), limit)
    return limits
