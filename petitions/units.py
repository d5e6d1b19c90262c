"""What is a unit of the office? Its place in the tree, its people, what it answers for."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["registrar", "handler", "head", "supervisor", "discipline", "admin"]
Level = Literal["province", "city", "county", "township"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,11}$")]


class Part(BaseModel):
    """A table of the office file; unknown keys are errors, so that a typing slip shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(Part):
    """A name in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The name for a reader of `language`."""
        return self.zh if language.startswith("zh") else self.en


class Officer(Part):
    """One of the unit's people; `id` is their messenger id."""

    id: int = Field(gt=0)
    name: Name
    roles: frozenset[Role] = frozenset({"handler"})


class Unit(Part):
    """A unit of the tree (省 → 市 → 县 → 乡镇): a petition office or a responsible unit (责任单位).

    `above` is the next level up, which reviews what this unit decided (TL 35, 36). A unit with
    `districts` answers for its categories there alone.
    """

    id: Id
    name: Name
    level: Level = "city"
    above: Id | None = None
    petition_office: bool = False  # receives, routes, supervises (信访工作机构)
    discipline: bool = False  # examines reports against people or units (纪检监察机关)
    group: int | None = None
    categories: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    people: tuple[Officer, ...] = ()


class District(Part):
    """A district the problem can lie in."""

    id: Id
    name: Name


def faults(units: dict[str, Unit], districts: frozenset[str]) -> Iterator[str]:
    """What is wrong with the tree, one line each."""
    for unit in units.values():
        if unit.above is not None and unit.above not in units:
            yield f"units.above: no unit is called {unit.above!r}"
        elif _in_a_circle(units, unit):
            yield f"units.above: {unit.id!r} is above itself"
        for district in unit.districts:
            if district not in districts:
                yield f"units.districts: no district is called {district!r}"


def _in_a_circle(units: dict[str, Unit], unit: Unit) -> bool:
    seen, at = {unit.id}, unit.above
    while at in units:
        if at in seen:
            return True
        seen.add(at)
        at = units[at].above
    return False
