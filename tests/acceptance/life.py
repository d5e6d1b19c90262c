"""A life of a petition as a list of lines: who does what, and what must be seen after it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PETITIONER, CLOCK = "chen", "clock"
PEOPLE = ("li", "zhou", "he", "ma", "zhao", "sun", "qian", "zheng", "feng", "wu", "wei")


@dataclass(frozen=True)
class Other:
    """The number of another case of the same life, for an answer or a sentence."""

    name: str


@dataclass(frozen=True)
class Line:
    """One line; `kinds` is what it puts on the record, nothing where it is `refused`.

    `told` is what the petitioner then reads, `due` the last day that card and timeline then
    show, `timeline` and `card` what else they say, `line` what the group of `line_in` is told.
    """

    who: str
    act: str
    answers: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    state: str = ""
    due: str = ""
    holder: str = ""
    card: tuple[str, ...] = ()
    timeline: tuple[str, ...] = ()
    line: str = ""
    line_in: str = ""
    refused: str = ""
    case: str = ""


@dataclass(frozen=True)
class Life:
    """Lines from filing to a final state, `end`, by its name on the screen."""

    lines: tuple[Line, ...]
    end: str
    also_at: tuple[tuple[str, str], ...] = ()


def life(*lines: Line, end: str, also_at: tuple[tuple[str, str], ...] = ()) -> Life:
    """The lines in order, and where they lead; `also_at`: who serves in which unit besides."""
    return Life(lines, end, also_at)


DOES = {
    "take": "taken",
    "reassign": "reassigned",
    "route": "routed",
    "object": "objected",
    "insist": "insisted",
    "decline": "declined",
    "refer": "referred",
    "link": "linked",
    "accept": "accepted",
    "accept_simple": "accepted",
    "track": "track_changed",
    "ask": "supplement_asked",
    "extend": "extension_asked",
    "approve": "extended",
    "refuse": "extension_refused",
    "mediate": "mediation_proposed",
    "mediated": "mediated",
    "contribute": "contributed",
    "recuse": "recused",
    "reply": "replied",
    "answer": "suggestion_answered",
    "decide": "review_decided",
    "hearing": "hearing_held",
    "undo": "undone",
    "details": "looked",
    "rating": "looked",
    "take_inquiry": "inquiry_taken",
    "leave_inquiry": "inquiry_left",
    "inquire": "inquired",
    "answer_supervision": "supervision_answered",
    # the petitioner
    "supplement": "supplemented",
    "agree": "mediation_answered",
    "disagree": "mediation_answered",
    "review": "review_asked",
    "withdraw": "withdrawn",
    "rate": "rated",
}
"""What each act puts on the record, written from procedure.md and not read off the program."""
OF_THE_LINE = frozenset(Line.__dataclass_fields__) - {"who", "act", "answers", "kinds"}


def by(who: str) -> Callable[..., Line]:
    """Lines of this person: `li("accept", due="2026年5月6日")`; all else answers the form."""

    def does(act: str, **given: Any) -> Line:
        about = {name: given.pop(name) for name in OF_THE_LINE & given.keys()}
        kinds = given.pop("kinds", None)
        if kinds is None:
            kinds = () if about.get("refused") else (DOES[act],)
        return Line(who, act, given, kinds, **about)

    return does


li, zhou, he, ma, zhao, sun, qian, zheng, feng, wu, wei = map(by, PEOPLE)
chen = by(PETITIONER)


def filed(case: str = "first", **answers: Any) -> Line:
    """A petition as it stands after 提交, where the filing itself is not the point."""
    return Line(PETITIONER, "filed", answers, ("registered",), case=case)


def files(case: str = "first", **given: Any) -> Line:
    """A petition filed through the chat, question by question."""
    return chen("files", case=case, kinds=("registered",), **given)


def turn_to(case: str) -> Line:
    """From here on it is about this other case of the life."""
    return Line(CLOCK, "turn_to", case=case)


def later(days: float, *kinds: str, told: tuple[str, ...] = ()) -> Line:
    """The clock goes on; what falls due happens."""
    return Line(CLOCK, "later", {"days": days}, kinds, told)
