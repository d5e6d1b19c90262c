"""Whom is a report against (检举控告), and who may then examine it?

What is reported, and that it was, never reaches the person or unit reported (TL 30, 46(5)).
"""

from dataclasses import dataclass

from petitions.events import Filing, Purpose
from petitions.office import Office
from petitions.units import Name, Officer

SHORTEST_NAME = 2
"""Characters: a shorter Chinese name stands in too many words by chance."""


@dataclass(frozen=True, slots=True)
class Shield:
    """Units and people (messenger ids) that must not learn of a report."""

    units: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


def shield_of(filing: Filing, office: Office) -> Shield:
    """Whom the report is about: the units chosen, and every unit and officer its text names.

    A unit that examines reports is shielded only when it was chosen: people write to whom they
    turned before. A name too many only keeps one more person out.
    """
    if filing.purpose is not Purpose.ACCUSATION:
        return Shield()
    named = named_in(filing.words, office)
    return Shield(tuple(sorted({*named.units, *filing.against_units})), named.people)


def named_in(words: str, office: Office) -> Shield:
    """Every unit that does not examine reports, and every officer, whose name these words say."""
    words = words.casefold()
    units = {u.id for u in office.units if not office.examines(u.id) and _names(u.name, words)}
    people = {p.id for unit in office.units for p in unit.people if _names(p.name, words)}
    return Shield(tuple(sorted(units)), tuple(sorted(people)))


def _names(name: Name, words: str) -> bool:
    zh = len(name.zh) >= SHORTEST_NAME and name.zh.casefold() in words
    return zh or (" " in name.en and name.en.casefold() in words)


def examiner(shield: Shield, office: Office, petitioner: int | None = None) -> str | None:
    """The unit that examines the report: the office's own, else the next one up, else any other.

    Never one that is reported or whose people are: its group would see the card; nor one where
    nobody but the petitioner could examine it. None when there is no other, and the petitioner
    has to be told to turn to the discipline bodies directly.
    """
    candidates: list[str] = []
    at: str | None = office.accusation_unit
    while at is not None:
        candidates.append(at)
        at = office.above(at)
    candidates += [u.id for u in office.units if office.examines(u.id)]
    fitting = (u for u in candidates if office.examines(u) and _clear(u, shield, office))
    return next((u for u in fitting if _works(u, petitioner, office)), None)


def _works(unit_id: str, petitioner: int | None, office: Office) -> bool:
    """Whether somebody there examines reports who did not file this one (TL 28, 30)."""
    people = office.unit(unit_id).people
    return any("discipline" in p.roles and p.id != petitioner for p in people)


def _clear(unit_id: str, shield: Shield, office: Office) -> bool:
    """Whether neither the unit, nor one of its people, nor a unit they also serve is reported."""
    people: tuple[Officer, ...] = office.unit(unit_id).people
    if unit_id in shield.units or not people:
        return False
    return not any(
        p.id in shield.people or shield_overlaps(office, p.id, shield.units) for p in people
    )


def shield_overlaps(office: Office, user_id: int, units: tuple[str, ...]) -> bool:
    """Whether this person has a post in one of these units."""
    return any(unit in units for unit in office.posts_of(user_id))
