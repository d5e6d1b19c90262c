"""How does a report become something to look at? Frozen with its names, as picture and workbook."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dialogs.house import House
from documents import facts_of, figures, file_name
from documents.digest import Digest, DigestTable, Urgent
from documents.voice import Voice
from petitions.deadlines import local_date
from petitions.indicators import Period, Report, Scope
from storage.figures import report
from storage.messages import Button, Paper, Post
from storage.unit import Unit
from storage.urgency import urgent

SOON_DAYS = 7
Buttons = tuple[tuple[Button, ...], ...]


def digest_of(unit: Unit, house: House, language: str, scope: Scope, period: Period) -> Digest:
    """The figures as they stand now, with their names. Reads, and may take seconds for a year."""
    office = house.office
    today = local_date(unit.now, office.tz)
    told = report(unit, office, scope, period, today)
    names = _Names(house, language, told)
    return Digest(
        issuer=office.name.of(language),
        scope=names.scope,
        made=unit.now.astimezone(office.tz),
        report=told,
        urgent=_urgent(unit, scope, today) if period.kind == "week" and not scope.reports else None,
        units=names.units,
        categories=names.categories,
        districts=names.districts,
    )


def _urgent(unit: Unit, scope: Scope, today: date) -> Urgent:
    overdue, soon, supervised = urgent(unit, scope, today, SOON_DAYS)
    return Urgent(overdue=overdue, soon=soon, days=SOON_DAYS, supervised=supervised)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the report's ids are called, in the reader's language."""

    house: House
    language: str
    report: Report

    @property
    def scope(self) -> str:
        """The units whose figures they are; nothing for the whole office."""
        units = self.report.scope.units or ()
        said = (self.house.office.unit_name(unit, self.language) for unit in units)
        return Voice(self.house.words, self.language).listed(said)

    @property
    def units(self) -> dict[str, str]:
        """Of every unit in the table."""
        ids = [line.unit for line in self.report.units]
        return {unit: self.house.office.unit_name(unit, self.language) for unit in ids}

    @property
    def categories(self) -> dict[str, str]:
        """Of every category that was met."""
        tables = (self.report.categories, *self.report.subcategories)
        ids = {share.key for table in tables for share in table.shares if share.key}
        return {each: self.house.catalogue.name(each, self.language) for each in sorted(ids)}

    @property
    def districts(self) -> dict[str, str]:
        """Of every district in the table."""
        found = (self.house.office.district(s.key) for s in self.report.districts.shares)
        return {each.id: each.name.of(self.language) for each in found if each}


def picture(house: House, language: str, digest: Digest, buttons: Buttons = ()) -> Post:
    """The digest as a picture, its main figures in words below it."""
    text = caption(house, language, digest)
    paper = _paper(house, language, digest)
    photo = paper.model_copy(update={"photo": True})
    return Post(key="digest.caption", text=text, paper=photo, buttons=buttons)


def table(house: House, language: str, digest: Digest) -> Post:
    """The same figures as a workbook."""
    facts = {name: getattr(digest, name) for name in type(digest).model_fields if name != "kind"}
    return Post(key="paper", paper=_paper(house, language, DigestTable(**facts)))


def _paper(house: House, language: str, digest: Digest) -> Paper:
    name = file_name(digest, language, house.words)
    return Paper(kind=digest.kind, language=language, facts=facts_of(digest), name=name)


def caption(house: House, language: str, digest: Digest) -> str:
    """What the picture shows, for who has it read to them, and for the list of chats."""
    say, told = Voice(house.words, language), digest.report

    def line(key: str, **facts: Any) -> str:
        return house.words.say(key, language, **facts)

    about = {"title": digest.title(say), "period": figures.period(say, told.period)}
    lines = [line("digest.caption", **about)]
    if digest.scope:
        lines.append(line("digest.caption_scope", scope=digest.scope))
    counts = {"registered": told.totals.registered, "replied": told.totals.replied}
    lines.append(line("digest.caption_counts", **counts))
    if now := digest.urgent:
        urgent_now = {"overdue": now.overdue, "soon": now.soon, "days": now.days}
        lines.append(line("digest.caption_urgent", **urgent_now))
    return "\n".join(lines)
