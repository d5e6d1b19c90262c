"""Each step of the citizens' forms, and what is said there to whatever arrives."""

from typing import Any

from acceptance.answers_to_inputs import (
    FAULTS,
    FILES,
    GATHERED,
    KEPT,
    TAPPED,
    TEXTS,
    Expected,
    Taken,
    at,
    checked,
    detail,
    line,
)
from acceptance.inputs import Place
from acceptance.scenes import WHOLE

PIN = [30.2741, 120.1551]
YES = {"yes": True}
REPORT = {"purpose": "accusation", "confidential": "understood"}


def filing(
    step: str, expected: Expected, asked: str = "", **answers: Any
) -> tuple[Place, Expected]:
    """A row of the filing form, which is kept when /start is typed."""
    return at("filing", step, expected | KEPT, asked, **answers)


CITIZENS: dict[str, tuple[Place, Expected]] = {
    "purpose": filing("purpose", TAPPED),
    "confidential": filing("confidential", TAPPED, purpose="accusation"),
    "consent": filing("consent", TAPPED),
    "reported units": filing("against_units", TAPPED, **REPORT),
    "who is reported": filing(
        "against", line("filing.title.ask"), "filing.against.nobody_yet", **REPORT
    ),
    "who else is reported": filing(
        "against", line("filing.title.ask"), **REPORT, against_units=["jiaotong"]
    ),
    "title": filing("title", line("filing.facts.ask")),
    "facts": filing("facts", GATHERED),
    "request": filing("request", GATHERED),
    "category": filing("category", TAPPED, title="水管", facts=["漏水"], request=["修"]),
    "place": filing(
        "place",
        TAPPED | {"place pin": Taken("filing.place.district_of_pin", {"point": PIN})},
    ),
    "address": filing(
        "place",
        line("filing.files.ask", lambda text: {"district": "jiangbei", "address": text})
        | {"place pin": Taken("filing.files.ask", {"district": "jiangbei", "point": PIN})},
        "filing.place.address",
        place={"district": "jiangbei"},
    ),
    "files": filing("files", FILES),
    "name": filing("name", line("filing.phone.ask")),
    "phone": filing(
        "phone",
        dict.fromkeys((*TEXTS, "phone 12345"), "phone.wrong")
        | {"contact": Taken("form.noted filing.id_number.ask", "+8613812345678")},
    ),
    "id_number": filing(
        "id_number", checked("id_number.wrong") | {"wrong ID number": "id_number.wrong"}
    ),
    "earlier": filing("earlier", TAPPED),
    "earlier, which": filing(
        "earlier", detail("filing.tried.ask"), "filing.earlier.detail", earlier=YES
    ),
    "tried": filing("tried", TAPPED),
    "tried, what": filing("tried", detail("filing.affected.ask"), "filing.tried.detail", tried=YES),
    "affected": filing("affected", TAPPED),
    "publish": filing("publish", TAPPED),
    "review": filing("review", TAPPED, **WHOLE),
    "supplement text": at("supplement", "text", GATHERED),
    "supplement files": at("supplement", "files", FILES, text=["三号楼"]),
    "lookup number": at(
        "lookup",
        "number",
        checked("lookup.no_number") | {"wrong petition number": "lookup.one_digit"},
    ),
    "lookup code": at("lookup", "code", checked("lookup.no_code"), number="990100202603020000100"),
    "survey office": at("survey", "office", TAPPED),
    "survey unit": at("survey", "unit", TAPPED, office="bad"),
    "survey reason": at("survey", "reason", line("survey.comment.ask"), office="bad", unit="bad"),
    "survey comment": at("survey", "comment", FAULTS, office="good", unit="good"),
    "zone": at("zone", "zone", checked("zone.unknown")),
    "appeal": at("appeal", "text", GATHERED, "appeal.about.1 appeal.text.ask"),
    "appeal files": at("appeal", "files", FILES, text=["不服"]),
    "appeal review": at("appeal", "review", TAPPED, text=["不服"], files=None),
}
