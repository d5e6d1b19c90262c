"""Each step of the officers' forms, and what is said there to whatever arrives.

Who fills them in here is nobody's officer: of a case that is not theirs no preview shows a word.
"""

import datetime as dt
from typing import Any

from acceptance.answers_to_inputs import (
    FILES,
    GATHERED,
    TAPPED,
    Expected,
    Taken,
    at,
    checked,
    line,
)
from acceptance.inputs import Place

from petitions import numbers

TEXT = ["经查，已修好。"]
REPLY = {"outcome": "explained", "text": TEXT, "basis": "《条例》第三条"}
ANOTHER = numbers.make("990100", dt.date(2026, 3, 2), 2)
"""The second case of the town's first petitioner."""
DECISION = {"finding": "upheld", "text": TEXT, "basis": "《条例》第三条"}
MORE = {"result": "more", "method": "letter"}
ASKED = {"method": "visit", "text": TEXT}
DAYS = checked("days.wrong") | dict.fromkeys(("phone 12345", "no days", "a date"), "days.wrong")
LONG = GATHERED | {"10,000 characters": Taken("text.gathered", ["漏水" * 5000])}


def other(same_persons: str | Taken) -> Expected:
    """A step that takes the number of another case; of another's it says what it says of none."""
    return checked("lookup.no_number") | {
        "wrong petition number": "lookup.one_digit",
        "number of nothing": "other.not_found",
        "number of another's case": "other.not_found",
        "number of this case": "other.itself",
        "number of the same person's": same_persons,
    }


def preview(form: str, **answers: Any) -> tuple[Place, Expected]:
    """The last step of a form whose text the petitioner gets."""
    return at(form, "preview", TAPPED, f"preview.refused {form}.preview.ask", **answers)


def written(*forms: str) -> dict[str, tuple[Place, Expected]]:
    """Forms that are a text and its review."""
    return {f"{form} text": at(form, "text", GATHERED) for form in forms} | {
        f"{form} review": at(form, "review", TAPPED, text=TEXT) for form in forms
    }


def days(form: str) -> dict[str, tuple[Place, Expected]]:
    """A form that is a number of days, a text and the review."""
    return written(form) | {f"{form} days": at(form, "days", DAYS)}


OFFICERS: dict[str, tuple[Place, Expected]] = {
    **written("objecting", "insisting", "tracking", "contributing", "proposing", "mediating"),
    **days("extending"),
    **days("hearing"),
    "routed to": at("routing", "to", TAPPED),
    "routed how": at("routing", "how", TAPPED, to="jiaotong"),
    "who assists": at("routing", "assisting", TAPPED, to="jiaotong", how="routed"),
    "note of a routing": at("routing", "text", GATHERED, to="jiaotong", how="routed"),
    "review of a routing": at("routing", "review", TAPPED, to="jiaotong", how="assigned"),
    "ground": at("declining", "ground", TAPPED),
    "declined, under way": at(
        "declining",
        "under_way",
        other(Taken("declining.text.ask", ANOTHER)),
        ground="under_way",
    ),
    "declined, ended": at("declining", "ended", other("other.not_ended"), ground="ended"),
    "declined, why": at("declining", "text", GATHERED, ground="elsewhere"),
    "declined, preview": preview("declining", ground="elsewhere", text=TEXT),
    "route": at("referring", "way", TAPPED),
    "route, explained": at("referring", "text", GATHERED, way="discipline"),
    "route, preview": preview("referring", way="discipline", text=TEXT),
    "linked number": at("linking", "number", other(Taken("linking.relation.ask", ANOTHER))),
    "linked how": at("linking", "relation", TAPPED, number=ANOTHER),
    "link, review": at("linking", "review", TAPPED, number=ANOTHER, relation="same"),
    "how a mediation ended": at("mediating", "result", TAPPED),
    "suggestion adopted": at("answering", "adopted", TAPPED),
    "suggestion, answer": at("answering", "text", GATHERED, adopted="kept"),
    "suggestion, preview": preview("answering", adopted="kept", text=TEXT),
    "question to the petitioner": at("asking", "text", GATHERED),
    "question, preview": preview("asking", text=TEXT),
    "outcome": at("replying", "outcome", TAPPED),
    "reply": at("replying", "text", LONG, outcome="explained"),
    "basis": at("replying", "basis", line("replying.files.ask"), **REPLY),
    "reply files": at("replying", "files", FILES, **REPLY),
    "reply, preview": preview("replying", **REPLY, files=None),
    "finding": at("deciding", "finding", TAPPED),
    "decision": at("deciding", "text", LONG, finding="upheld"),
    "decision's basis": at(
        "deciding",
        "basis",
        line("preview.refused deciding.preview.ask"),
        finding="upheld",
        text=TEXT,
    ),
    "decision, preview": preview("deciding", **DECISION),
    "supervision": at("supervising", "method", TAPPED),
    "supervision, what is asked": at("supervising", "text", GATHERED, method="visit"),
    "supervision, days": at("supervising", "days", DAYS, **ASKED),
    "supervision, review": at("supervising", "review", TAPPED, **ASKED, days="5"),
    **written("responding"),
    "what came of it": at("inquiring", "result", TAPPED),
    "what the unit is to do, how": at("inquiring", "method", TAPPED, result="more"),
    "what the unit is to do": at("inquiring", "order", GATHERED, **MORE),
    "what the unit is to do, days": at("inquiring", "days", DAYS, **MORE, order=TEXT),
    "what came of it, text": at("inquiring", "text", GATHERED, result="explained"),
    "what came of it, review": at("inquiring", "review", TAPPED, result="explained", text=TEXT),
    "leader": at("leading", "leader", TAPPED),
    "leader's group": at("leading", "group", TAPPED),
    "leader's plan": at("leading", "plan", GATHERED),
    "leader's supervisor": at("leading", "supervisor", TAPPED, plan=TEXT),
    "leader, review": at("leading", "review", TAPPED, plan=TEXT),
}
