"""What many tests need: a small office, its rules, a filing, a record that begins."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from petitions import events as ev
from petitions.access import DESK, Actor, actor_of
from petitions.commands import Command, Register
from petitions.deadlines import Calendar, parse_profile
from petitions.lifecycle import Rules, decide, register
from petitions.office import Office, parse_office
from petitions.record import Entry, Party, Petition, fold

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
CITIZEN, HEAD, HOLDER, COLLEAGUE, WATCHER, INSPECTOR, OUTSIDER = 1001, 11, 12, 13, 21, 31, 99
ROADS, WATER_HEAD, WATER, WATER_COLLEAGUE = 15, 41, 42, 43
COUNTY, CLERK, TOWN = 51, 52, 61  # of the county's petition office, and of a township below it
REVIEWER, SECOND_REVIEWER, LAST_REVIEWER, EXAMINER = 71, 72, 81, 91
REVIEW_COLLEAGUE, PROVINCE, PROVINCE_COLLEAGUE = 73, 82, 83

OFFICE = """
name = { zh = "云江市信访局", en = "Yunjiang Petition Office" }
region = "990100"
default_unit = "front"
accusation_unit = "jiwei"
supervision_unit = "ducha"

[[districts]]
id = "north"
name = { zh = "江北区", en = "North" }

[[units]]
id = "front"
name = { zh = "市信访局", en = "Front Desk" }
petition_office = true
above = "gov"
group = -501
people = [
    { id = 11, name = { zh = "甲", en = "A" }, roles = ["handler", "head"] },
    { id = 12, name = { zh = "乙", en = "B" } },
    { id = 13, name = { zh = "丙", en = "C" } },
]

[[units]]
id = "housing"
name = { zh = "市住建局", en = "Housing" }
above = "gov"
categories = ["urban"]
people = [{ id = 13, name = { zh = "丙", en = "C" } }]

[[units]]
id = "roads"
name = { zh = "市道路处", en = "Roads" }
above = "gov"
group = -503
categories = ["urban.roads"]
people = [{ id = 15, name = { zh = "己", en = "F" }, roles = ["handler", "head"] }]

[[units]]
id = "ducha"
name = { zh = "督查室", en = "Supervision" }
group = -504
people = [{ id = 21, name = { zh = "丁", en = "D" }, roles = ["supervisor"] }]

[[units]]
id = "jiwei"
name = { zh = "市纪委", en = "Discipline" }
discipline = true
above = "shengji"
group = -505
people = [{ id = 31, name = { zh = "戊", en = "E" }, roles = ["discipline", "handler"] }]

[[units]]
id = "water"
name = { zh = "市水务局", en = "Water" }
above = "gov"
people = [
    { id = 41, name = { zh = "庚", en = "G" }, roles = ["handler", "head"] },
    { id = 42, name = { zh = "辛", en = "H" } },
    { id = 43, name = { zh = "巳", en = "P" } },
]

[[units]]
id = "county"
name = { zh = "青山县信访局", en = "County Desk" }
level = "county"
petition_office = true
above = "front"
people = [
    { id = 51, name = { zh = "壬", en = "I" }, roles = ["registrar", "handler", "head"] },
    { id = 52, name = { zh = "癸", en = "J" }, roles = ["registrar"] },
]

[[units]]
id = "town"
name = { zh = "河口镇", en = "Township" }
level = "township"
above = "county"
people = [{ id = 61, name = { zh = "子", en = "K" }, roles = ["handler", "head"] }]

[[units]]
id = "gov"
name = { zh = "市复查办", en = "City Review" }
above = "prov"
people = [
    { id = 71, name = { zh = "丑", en = "L" }, roles = ["handler", "head"] },
    { id = 72, name = { zh = "寅", en = "M" } },
    { id = 73, name = { zh = "午", en = "Q" } },
]

[[units]]
id = "prov"
name = { zh = "省复核办", en = "Provincial Review" }
level = "province"
people = [
    { id = 81, name = { zh = "卯", en = "N" }, roles = ["handler", "head"] },
    { id = 82, name = { zh = "未", en = "R" } },
    { id = 83, name = { zh = "申", en = "S" } },
]

[[units]]
id = "shengji"
name = { zh = "省纪委", en = "Provincial Discipline" }
level = "province"
discipline = true
people = [{ id = 91, name = { zh = "辰", en = "O" }, roles = ["discipline"] }]
"""


def an_office(**changes: Any) -> Office:
    """The office of the tests; made anew, for a copy would remember the units it had."""
    office = parse_office(OFFICE)
    fields = {name: getattr(office, name) for name in Office.model_fields}
    return Office.model_validate({**fields, **changes})


def the_rules(office: Office | None = None) -> Rules:
    profile = files("petitions").joinpath("profiles", "national.toml").read_text("utf-8")
    return Rules(office or an_office(), parse_profile(profile), Calendar())


RULES = the_rules()


def a_filing(**changes: Any) -> ev.Filing:
    return ev.Filing(
        **{
            "purpose": ev.Purpose.REQUEST,
            "title": "水管爆裂",
            "facts": ("漏水三天", "没人修"),
            "request": ("请修好",),
            "name": "陈秀英",
            "phone": "13812345678",
            **changes,
        }
    )


def a_registration(now: datetime = NOW, by: int = CITIZEN, **changes: Any) -> ev.Registered:
    command = Register(a_filing(**changes), "99010020260302000017", "00" * 16)
    return register(command, now, RULES, by)


def a_petition(now: datetime = NOW, by: int = CITIZEN, **changes: Any) -> Petition:
    first = Entry(1, now, Party("petitioner", by), a_registration(now, by, **changes))
    return fold("p1", by, [first])


def somebody(user_id: int) -> Actor:
    return actor_of(user_id, RULES.office)


def give(
    petition: Petition,
    command: Command,
    by: int | None,
    at: datetime | None = None,
    rules: Rules = RULES,
) -> Petition:
    """The petition after this command of this person (None: the desk); `Refused` as it comes."""
    actor = DESK if by is None else somebody(by)
    moment = at or petition.entries[-1].at + timedelta(minutes=1)
    event = decide(petition, command, actor, moment, rules)
    entry = Entry(len(petition.entries) + 1, moment, actor.party(petition), event)
    return fold(petition.id, petition.petitioner, (*petition.entries, entry))


def sample_office() -> Path:
    return Path(str(files("bot") / "sample" / "office.toml"))
