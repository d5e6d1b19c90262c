"""What is said to whatever arrives at a step, by the kind of the step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from acceptance.inputs import MARKUP, Place


@dataclass(frozen=True)
class Taken:
    """The step takes this: what is said, and the step's answer then."""

    keys: str
    answer: Any


Expected = dict[str, str | Taken]

ALWAYS: Expected = {
    "sticker": "unexpected.sticker",
    "voice": "unexpected.voice",
    "dice": "unexpected.other",
    "poll": "unexpected.poll",
    "contact": "unexpected.contact",
    "place pin": "unexpected.location",
    "60 MB file": "unexpected.file",
    "edited message": "unexpected.edited",
    "unknown command": "command.unknown",
    "/start": "start.welcome",
    "link to nothing": "start.unknown_link start.welcome",
}
KEPT: Expected = {
    "/start": "start.welcome draft.unfinished",
    "link to nothing": "start.unknown_link start.welcome draft.unfinished",
}
TEXTS = ("whitespace", "10,000 characters", "only emoji", "only a link", "markup", "forwarded")
TAPPED: Expected = ALWAYS | dict.fromkeys(TEXTS, "choice.please_tap")
FAULTS: Expected = {
    "whitespace": "text.empty",
    "10,000 characters": "text.too_long",
    "only emoji": "text.no_words",
    "only a link": "text.only_link",
}


def line(following: str, shape: Callable[[str], Any] = str) -> Expected:
    """A step that takes a text and goes on."""
    taken = {"markup": MARKUP, "forwarded": "水一直漏"}
    return ALWAYS | FAULTS | {n: Taken(following, shape(text)) for n, text in taken.items()}


def checked(wrong: str) -> Expected:
    """A step that takes a text of one shape only."""
    return ALWAYS | FAULTS | {"markup": wrong, "forwarded": wrong}


GATHERED = line("text.gathered", lambda text: [text])
FILES: Expected = (
    ALWAYS
    | dict.fromkeys(TEXTS, "files.no_text")
    | {
        "voice": Taken("files.kept", 1),
        "60 MB file": "files.too_big",
        "sticker": "files.wrong_kind",
        "dice": "files.wrong_kind",
        "poll": "files.wrong_kind",
        "contact": "files.wrong_kind",
        "place pin": "files.wrong_kind",
    }
)


def detail(following: str) -> Expected:
    """What exactly, after a yes."""
    return line(following, lambda text: {"yes": True, "detail": text})


def at(
    form: str, step: str, expected: Expected, asked: str = "", **answers: Any
) -> tuple[Place, Expected]:
    """A row: `asked` are the keys of the question as it is put again, where they are not usual."""
    again = asked or f"{form}.{step}.ask"
    pressed = {"old button": f"form.stale_tap {again}", "made-up button": "form.stale"}
    return Place(form, step, answers), ALWAYS | expected | pressed
