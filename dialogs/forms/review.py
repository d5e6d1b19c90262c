"""The review: every answer, each with its 修改, and 提交."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import (
    Asking,
    Edit,
    Heard,
    Question,
    Refuse,
    Rows,
    Step,
    Submit,
    unexpected,
)
from dialogs.said import Said
from words.formats import Html


@dataclass(frozen=True, slots=True)
class Review:
    """Shows what was answered; `hidden` names steps that are not shown (consent).

    `facts` gives what else the card says, in HTML.
    """

    hidden: tuple[str, ...] = ()
    facts: Callable[[Asking], Mapping[str, str]] | None = None

    def ask(self, at: Asking) -> Question:
        """All answers in order, with a button to change each."""
        lines = [self._line(at, step) for step in self._shown(at)]
        facts = {"answers": "\n".join(lines), **(self.facts(at) if self.facts else {})}
        said = {name: Html(text) for name, text in facts.items()}
        return Question(at.key("ask"), said, self._rows(at))

    def hear(self, _at: Asking, said: Said) -> Heard:
        """Everything here is tapped."""
        return Refuse("choice.please_tap") if said.kind == "text" else unexpected(said)

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """提交, or change one answer."""
        if act == "submit":
            return Submit()
        names = {step.name for step in self._shown(at)}
        return Edit(arg) if act == "edit" and arg in names else Refuse("form.stale")

    def read(self, _at: Asking, _value: Any) -> str:
        """A review has no answer of its own."""
        return ""

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True

    def _shown(self, at: Asking) -> list[Step]:
        steps = at.form.applying(at.draft.answers)
        return [s for s in steps if s.name not in self.hidden and s is not at.step]

    def _line(self, at: Asking, step: Step) -> str:
        other = Asking(at.turn, at.form, step, at.draft)
        label = at.turn.label(other.key("label"))
        value = at.draft.answers.get(step.name)
        empty = value is None or value == []
        shown = at.turn.label("review.none") if empty else step.kind.read(other, value)
        return at.turn.say("review.line", label=label, answer=shown)

    def _rows(self, at: Asking) -> Rows:
        edits = [
            at.raw_button("✏️ " + at.turn.label(f"{at.form.name}.{s.name}.label"), "edit", s.name)
            for s in self._shown(at)
        ]
        rows = (tuple(edits[i : i + 2]) for i in range(0, len(edits), 2))
        return ((at.button(at.key("submit"), "submit"),), *rows)
