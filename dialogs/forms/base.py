"""What is a form, a step of it, and the answer to what a person said?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from dialogs.said import Said
from dialogs.taps import FormTap
from dialogs.turn import Turn
from storage.drafts import Draft
from storage.messages import Button, Key, Post

Answers = Mapping[str, Any]
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Took:
    """The question is answered; go on to the next. `note` (HTML) is said above it.

    `below`: the person wrote since the buttons were shown, so the next question comes as a new
    message under what they wrote, and the old buttons go.
    """

    value: Any
    note: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """Part of an answer is taken; stay at the question. `key` says what was noted.

    `slot`: only the newest such note matters, earlier ones are edited in place. Without a note
    the question is put again, opened at `branch`.
    """

    value: Any
    key: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    slot: bool = False
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not taken, and why, kindly; nothing of the draft changes."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Browse:
    """Nothing said yet: show the question opened at `at` (a branch of a tree, a page)."""

    at: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Go and change the answer of this step, then come back here."""

    step: str


@dataclass(frozen=True, slots=True)
class Submit:
    """All is answered: finish the form."""


class NotTaken(Exception):
    """Raised by a form's `finish` before it has any effect: what was filled in stays.

    `note` (HTML) says why, above the last question, which is put again.
    """

    def __init__(self, note: str) -> None:
        super().__init__("not taken")
        self.note = note


Heard = Took | Kept | Refuse | Browse | Edit | Submit


@dataclass(frozen=True, slots=True)
class Question:
    """How a step asks: the sentence, its facts, what can be tapped; `before` is shown first."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    rows: Rows = ()
    keyboard: tuple[Key, ...] = ()  # asks through the keyboard under the input
    before: tuple[Post, ...] = ()


class Kind(Protocol):
    """A kind of step: how it asks, what it makes of words and taps, how an answer reads."""

    def ask(self, at: "Asking") -> Question:
        """The question as it stands now."""

    def hear(self, at: "Asking", said: Said) -> Heard:
        """What a message means here."""

    def tap(self, at: "Asking", act: str, arg: str) -> Heard:
        """What a button press means here."""

    def read(self, at: "Asking", value: Any) -> str:
        """The answer in plain words, for the review."""

    def whole(self, value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""


def by_keyboard(kind: Kind) -> bool:
    """Whether it asks through the keyboard under the input, which a later question has to drop."""
    return getattr(kind, "keyboard", False)


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One question: which answer it fills, how it is asked, when it applies.

    `stage` is the number the person sees (3/10); several questions may share one. `then` is
    done as soon as the answer is there, whether or not the form is ever finished; it says whether
    the form goes on.
    """

    name: str
    kind: Kind
    stage: int = 0
    optional: bool = False
    when: Callable[[Answers], bool] = _always
    then: Callable[[Turn, Draft], bool] | None = None


def _answered(step: Step, answers: Answers) -> bool:
    if step.name not in answers:
        return False
    value = answers[step.name]
    return step.optional if value is None else step.kind.whole(value)


@dataclass(frozen=True, slots=True)
class Form:
    """Steps in order, and what happens when all are answered.

    `kept` forms wait for their person when left; the others are dropped.
    """

    name: str
    steps: tuple[Step, ...]
    finish: Callable[[Turn, Draft], None]
    kept: bool = False
    left: str = "form.cancelled"  # what is said to who leaves a form that is not kept

    @property
    def stages(self) -> int:
        """How many stages the person sees."""
        return max(step.stage for step in self.steps)

    def step(self, name: str) -> Step:
        """The step of this name. Raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def applying(self, answers: Answers) -> tuple[Step, ...]:
        """The steps that are to be asked, given the answers so far."""
        return tuple(step for step in self.steps if step.when(answers))

    def unanswered(self, answers: Answers) -> tuple[Step, ...]:
        """The applying steps before the last that lack a whole answer; skipped ones have None."""
        return tuple(s for s in self.applying(answers)[:-1] if not _answered(s, answers))


@dataclass(frozen=True, slots=True)
class Asking:
    """A step being asked: the turn, the form, the draft; `branch` is where a tree is open."""

    turn: Turn
    form: Form
    step: Step
    draft: Draft
    branch: str = ""

    @property
    def value(self) -> Any:
        """The answer so far, or None."""
        return self.draft.answers.get(self.step.name)

    def key(self, what: str) -> str:
        """The key of this step's own sentence: `<form>.<step>.<what>`."""
        return f"{self.form.name}.{self.step.name}.{what}"

    def button(self, key: str, act: str, arg: str = "", **facts: Any) -> Button:
        """A button of this question."""
        return self.raw_button(self.turn.label(key, **facts), act, arg)

    def raw_button(self, text: str, act: str, arg: str = "") -> Button:
        """A button whose text is not a sentence of ours (a name from the office file)."""
        data = FormTap.packed(self.draft.id, self.draft.version, act, arg)
        return Button(text=text, data=data)


def says(at: Asking, text: str, key: str) -> bool:
    """Whether the text is what this button says, typed by hand: without its sign or its rest."""
    return is_typed(text, at.turn.house.words.spoken(key))


def is_typed(text: str, labels: frozenset[str]) -> bool:
    """Whether the text is one of these buttons, typed by hand."""
    return _bare(text) in _typed(labels)


@lru_cache(2000)
def _typed(labels: frozenset[str]) -> frozenset[str]:
    """What people type for them: the whole, or what comes before a comma or a bracket."""
    parts = (part for label in labels for part in (label, re.split("[，,（(]", label)[0]))
    return frozenset(map(_bare, parts))


def _bare(text: str) -> str:
    return re.sub(r"^\W+|\W+$", "", text).casefold()


def unexpected(said: Said) -> Refuse:
    """The refusal of something that this question cannot take: it names what was sent."""
    return Refuse(f"unexpected.{said.kind}")
