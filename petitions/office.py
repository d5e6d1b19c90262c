"""The office as configured: its units, their people and groups, its times and limits.

`office.toml` becomes an `Office`, or an `OfficeError` that names the key that is wrong.
"""

import tomllib
from datetime import date, time
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator

from petitions.rhythm import Digests
from petitions.units import District, Id, Name, Officer, Part, Role, Unit, faults

__all__ = ["District", "Limits", "Name", "Office", "OfficeError", "Officer", "Role", "Unit"]


class OfficeError(ValueError):
    """The office file is wrong; the message has one line a key."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no such time zone: {name}") from error
    return name


class Survey(Part):
    """When the survey comes and is asked again; how long it is open, the profile says.

    `take_days` and `inquire_days` are working days: until the roster names who looks into 不满意,
    and until that person is reminded of it.
    """

    after_hours: float = Field(24, ge=0)
    remind_hours: float = Field(72, gt=0)
    take_days: int = Field(3, ge=1, le=30)
    inquire_days: int = Field(10, ge=1, le=60)


class QuietHours(Part):
    """When notices wait until morning (local time); answers to taps never wait."""

    start: time = time(22, 0)
    end: time = time(7, 0)


class Drafts(Part):
    """How long an unfinished petition is kept, and when its owner is warned."""

    warn_days: float = Field(5, gt=0)
    expire_days: float = Field(7, gt=0)


class Review(Part):
    """On which days before the last one a petitioner hears that a review can still be asked for."""

    remind_days: tuple[Annotated[int, Field(ge=0)], ...] = (7, 1)


class Keeping(Part):
    """How long what was closed is kept; without a number of years for good, as archives are."""

    petition_years: int | None = Field(None, ge=1)


class Backup(Part):
    """When the day's copy is made (local time), and how many are kept."""

    at: time = time(3, 0)
    keep: int = Field(7, ge=1)


class Reports(Part):
    """What the figures of the reports rest on."""

    least_ratings: int = Field(5, ge=1)  # fewer tell who rated, so nothing is told of them
    solved_days: int = Field(90, ge=1)  # without a repeat or review: solved at once (一次性化解)


class Limits(Part):
    """What is taken from a person."""

    title: int = Field(50, ge=10, le=200)
    text: int = Field(6000, ge=500, le=20000)
    reply: int = Field(20000, ge=500, le=50000)
    files: int = Field(10, ge=1, le=50)
    file_mb: int = Field(50, ge=1, le=2000)
    wrong_lookups: int = Field(5, ge=1)
    lookup_minutes: int = Field(15, ge=1)


class Office(Part):
    """A petition office (信访机构) and everything it decided about itself."""

    name: Name
    region: str = Field(pattern=r"^\d{6}$")
    zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    language: str = "zh_Hans"  # of the staff groups
    profile: str = "national"
    default_unit: Id
    accusation_unit: Id
    supervision_unit: Id
    survey: Survey = Survey()
    quiet: QuietHours = QuietHours()
    drafts: Drafts = Drafts()
    review: Review = Review()
    keeping: Keeping = Keeping()
    backup: Backup = Backup()
    reports: Reports = Reports()
    limits: Limits = Limits()
    digests: Digests = Digests()
    working_days: dict[date, bool] = Field(default_factory=dict)
    complete_years: frozenset[int] = frozenset()
    districts: tuple[District, ...] = Field(min_length=1)
    units: tuple[Unit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_agree(self) -> "Office":
        for what in ("default_unit", "accusation_unit", "supervision_unit"):
            if getattr(self, what) not in self._units:
                raise ValueError(f"{what}: no unit is called {getattr(self, what)!r}")
        if unknown := set(self.digests.overall) - set(self._units):
            raise ValueError(f"digests.overall: no unit is called {min(unknown)!r}")
        if len(self._units) != len(self.units) or len(self._districts) != len(self.districts):
            raise ValueError("two units or two districts have one id")
        if wrong := next(faults(self._units, frozenset(self._districts)), None):
            raise ValueError(wrong)
        return self

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _districts(self) -> dict[str, District]:
        return {district.id: district for district in self.districts}

    @cached_property
    def tz(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.zone)

    def unit(self, unit_id: str) -> Unit:
        """The unit of this id; KeyError when there is none."""
        return self._units[unit_id]

    def unit_name(self, unit_id: str, language: str) -> str:
        """The unit's name; a unit that is no longer listed names itself, so old cases read."""
        unit = self._units.get(unit_id)
        return unit.name.of(language) if unit else unit_id

    def holds_post(self, user_id: int | None, unit_id: str) -> bool:
        """Whether this person is one of the unit's people."""
        return user_id is not None and unit_id in self.posts_of(user_id)

    def district(self, district_id: str | None) -> District | None:
        """The district of this id, or None."""
        return self._districts.get(district_id or "")

    def posts_of(self, user_id: int) -> dict[str, Officer]:
        """Unit id → this person as one of its people; empty for everyone else."""
        return {u.id: p for u in self.units for p in u.people if p.id == user_id}

    def officer(self, user_id: int) -> Officer | None:
        """This person as an officer of whichever unit lists them first."""
        return next(iter(self.posts_of(user_id).values()), None)

    def is_petition_office(self, unit_id: str) -> bool:
        """Whether this unit receives and routes petitions; the default unit always does."""
        unit = self._units.get(unit_id)
        return unit_id == self.default_unit or (unit is not None and unit.petition_office)

    def examines(self, unit_id: str) -> bool:
        """Whether this unit examines reports against people or units (TL 30)."""
        unit = self._units.get(unit_id)
        return unit_id == self.accusation_unit or (unit is not None and unit.discipline)

    def hears_of_all(self, unit_id: str) -> bool:
        """Whether this unit's group is told the figures of the whole office, not its own alone."""
        named = self.digests.overall or (self.default_unit, self.supervision_unit)
        return unit_id in named

    def above(self, unit_id: str) -> str | None:
        """The unit one level up, which reviews (TL 35, 36); None where this office has none."""
        unit = self._units.get(unit_id)
        return unit.above if unit else None

    def unit_for(self, category: str | None, district: str | None = None) -> str:
        """The unit that answers for a category: the longest listed prefix, else the default.

        Of those that list it, one that is there for the district alone comes first.
        """
        while category:
            fitting = [u for u in self.units if category in u.categories]
            local = [u for u in fitting if district in u.districts]
            for unit in (*local, *(u for u in fitting if not u.districts)):
                return unit.id
            category = category.rpartition(".")[0]
        return self.default_unit


def parse_office(text: str) -> Office:
    """Read an office file. Raises `OfficeError` with one line for each wrong key."""
    try:
        return Office.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OfficeError(f"not TOML: {error}") from error
    except ValidationError as error:
        lines = (_line(e["loc"], e["msg"]) for e in error.errors(include_input=False))
        raise OfficeError("\n".join(lines)) from None


def _line(loc: tuple[Any, ...], message: str) -> str:
    return f"{'.'.join(map(str, loc)) or 'office'}: {message}"
