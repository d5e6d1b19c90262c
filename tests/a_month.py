"""Sixty petitions, lived through the real rules, of which March 2026 is counted by hand.

docs/reference/indicators.md shows the same groups and how each figure follows from them; whoever
changes one changes the other.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from making import (
    CITIZEN,
    COLLEAGUE,
    HOLDER,
    INSPECTOR,
    REVIEWER,
    ROADS,
    RULES,
    WATCHER,
    WATER,
    a_filing,
    somebody,
)

from petitions import commands as do
from petitions import events as ev
from petitions.access import DESK
from petitions.commands import Register
from petitions.lifecycle import decide, register
from petitions.record import Party, Petition
from storage import record
from storage.unit import Unit

WHO = {
    "roads": ROADS,
    "housing": COLLEAGUE,
    "front": HOLDER,
    "water": WATER,
    "jiwei": INSPECTOR,
    "gov": REVIEWER,
    "ducha": WATCHER,
}
"""Unit → who acts for it; "citizen" and "desk" besides."""
NAMES = {
    "take": do.Take(),
    "accept": do.Accept(),
    "undo": do.Undo(),
    "withdraw": do.Withdraw(),
    "survey": do.OpenSurvey(),
    "assign": do.Route(to="water", assigned=True),
    "decline": do.Decline(ev.Ground.ELSEWHERE, ("去法院",)),
    "refer": do.Refer(ev.Way(route="court", kind="court", zh="去法院", en="Court", clause="TL")),
    "report": do.Refer(
        ev.Way(route="jiwei", kind="discipline", zh="去纪委", en="Discipline", clause="TL")
    ),
    "adopt": do.AnswerSuggestion(True, ("采纳",)),
    "not adopt": do.AnswerSuggestion(False, ("不采纳",)),
    "appeal": do.AskReview(("不服",)),
    "supervise": do.Supervise(ev.Method.PHONE, ("请说明",), 5),
    "explain": do.AnswerSupervision(("已在办",)),
    "repeated": do.Link("99010020260301000099", "repeated_by"),
    **{outcome.value: do.Reply(outcome, ("答复",), "TL 32") for outcome in ev.Outcome},
    **{finding.value: do.DecideReview(finding, ("意见",), "TL 35") for finding in ev.Finding},
    **{
        f"rate {office.value} {unit.value}": do.Rate(office, unit)
        for office in ev.Verdict
        for unit in ev.Verdict
    },
}
"""What a script's words ask for."""


@dataclass(frozen=True)
class Group:
    """Some petitions that live alike: `lives` has a script for each of them.

    A script is a list of "month/day who what"; its first line says only the day it was filed.
    """

    name: str
    filing: dict[str, Any]
    lives: tuple[str, ...]


BEFORE = "3/9 roads take, 3/9 roads accept, 3/20 roads supported, 3/21 desk survey"
A = f"3/2, {BEFORE}"
B = "3/3, 3/20 housing take, 3/20 housing accept"
C = "3/4, 3/10 front take, 3/10 front assign, 3/24 water take"
F = "3/9, 3/16 front take, 3/16 front accept"
WINTER = "1/5, 1/12 roads take, 1/12 roads accept"
J = "1/6, 1/13 housing take, 1/13 housing accept, 2/2 housing supported, 2/3 desk survey"
K = "11/3, 11/10 front take, 11/10 front accept"

GROUPS = (
    Group(
        "A",
        {"category": "urban.roads", "district": "north"},
        (
            *[f"{A}, 3/23 citizen rate good good"] * 3,
            *[f"{A}, 3/23 citizen rate good fair"] * 2,
            f"{A}, 3/22 citizen rate good good, 3/23 citizen rate fair bad",
            *[A] * 4,
        ),
    ),
    Group(
        "B",
        {"category": "urban"},
        (
            "3/3, 3/10 housing take, 3/10 housing accept, 3/10 housing undo, 3/20 housing accept",
            *[B] * 7,
        ),
    ),
    Group("C", {}, (*[f"{C}, 3/24 water accept"] * 4, *[f"{C}, 4/3 water accept"] * 2)),
    Group(
        "D",
        {},
        (
            *["3/5, 3/12 front take, 3/12 front decline"] * 3,
            *["3/5, 3/12 front take, 3/12 front refer"] * 2,
        ),
    ),
    Group(
        "E",
        {"purpose": ev.Purpose.SUGGESTION},
        (
            *["3/6, 3/23 front take, 3/23 front adopt"] * 3,
            "3/6, 3/23 front take, 3/23 front not adopt",
        ),
    ),
    Group(
        "F",
        {"earlier": "99010020260105000012", "district": "north"},
        (
            *[f"{F}, 3/30 front explained"] * 4,
            f"{F}, 3/18 citizen withdraw",
        ),
    ),
    Group("G", {"purpose": ev.Purpose.QUESTION}, ("3/30", "3/30", "3/31 23:59")),
    Group(
        "H",
        {"purpose": ev.Purpose.ACCUSATION},
        ("3/10, 3/12 jiwei take, 3/12 jiwei report", "3/10"),
    ),
    Group(
        "I",
        {"category": "urban.roads"},
        (
            f"{WINTER}, 3/10 roads not_supported, 3/11 desk survey, 3/12 citizen rate bad bad",
            *[f"{WINTER}, 3/10 roads not_supported, 3/11 desk survey"] * 2,
            *[f"{WINTER}, 3/16 roads explained, 3/17 desk survey"] * 2,
            f"{WINTER}, 3/16 ducha supervise, 3/25 roads explain",
        ),
    ),
    Group(
        "J",
        {"category": "urban"},
        (
            f"{J}, 2/10 citizen rate good good, 3/3 citizen appeal, 3/27 gov take, 3/27 gov upheld",
            f"{J}, 2/10 citizen rate good good, 3/4 citizen appeal,"
            " 3/30 gov take, 3/30 gov revoked",
            f"{J}, 3/2 citizen rate good good",
            *[J] * 2,
        ),
    ),
    Group(
        "K",
        {},
        (
            f"{K}, 12/1 front supported",
            f"{K}, 12/1 front supported, 3/1 front repeated",
            f"{K}, 12/1 front supported, 3/2 front repeated",
        ),
    ),
    Group("L", {}, (f"{K}, 11/30 front supported", f"{K}, 12/31 front supported")),
    Group("N", {"purpose": ev.Purpose.QUESTION}, ("3/1 0:30, 3/2 citizen withdraw",)),
)


def moment(day: str) -> datetime:
    """The moment (UTC) of a script's "month/day" or "month/day hour:minute", in the office's zone.

    Months from November on are of 2025, the others of 2026; without an hour it is ten o'clock.
    """
    date, _, clock = day.partition(" ")
    month, number = map(int, date.split("/"))
    hour, minute = map(int, (clock or "10:00").split(":"))
    year = 2025 if month > 10 else 2026
    return datetime(year, month, number, hour, minute, tzinfo=RULES.office.tz).astimezone(UTC)


def live(unit: Unit) -> dict[str, list[Petition]]:
    """Have all sixty live; by group."""
    numbers = iter(range(1, 1000))
    return {g.name: [one(unit, g, life, next(numbers)) for life in g.lives] for g in GROUPS}


def one(unit: Unit, group: Group, life: str, number: int) -> Petition:
    """One of them."""
    filed, *lines = life.split(", ")
    at, citizen = moment(filed), CITIZEN + 1000 + number
    command = Register(a_filing(**group.filing), f"{number:05}", "00")
    first = register(command, at, RULES, citizen)
    key = unit.vault.new_key(unit.connection)
    by = Party("petitioner", citizen)
    petition = record.register(replace(unit, now=at), first, citizen, by, key, f"d{number}")
    for when, who, what in map(words, lines):
        actor = {"citizen": somebody(citizen), "desk": DESK}.get(who) or somebody(WHO[who])
        event = decide(petition, NAMES[what], actor, when, RULES)
        then = replace(unit, now=when)
        petition = record.append(then, petition, event, actor.party(petition))
    return petition


def words(line: str) -> tuple[datetime, str, str]:
    """When, who and what."""
    day, who, what = line.strip().split(" ", 2)
    return moment(day), who, what
