"""The preview: what the other side will get, exactly, before it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import Asking, Edit, Heard, Question, Refuse, Submit, unexpected
from dialogs.said import Said
from storage.messages import Post


@dataclass(frozen=True, slots=True)
class Preview:
    """`posts_of` makes the messages as the reader will see them."""

    posts_of: Callable[[Asking], list[Post]]

    def ask(self, at: Asking) -> Question:
        """The messages themselves, then: send, or change something."""
        edits = [
            (at.raw_button("✏️ " + at.turn.label(f"{at.form.name}.{s.name}.label"), "edit", s.name),)
            for s in at.form.applying(at.draft.answers)
            if s is not at.step
        ]
        rows = ((at.button(at.key("submit"), "submit"),), *edits)
        return Question(at.key("ask"), rows=rows, before=tuple(self.posts_of(at)))

    def hear(self, _at: Asking, said: Said) -> Heard:
        """Everything here is tapped."""
        return Refuse("choice.please_tap") if said.kind == "text" else unexpected(said)

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """发送, or change one answer."""
        if act == "submit":
            return Submit()
        names = {s.name for s in at.form.steps if s is not at.step}
        return Edit(arg) if act == "edit" and arg in names else Refuse("form.stale")

    def read(self, _at: Asking, _value: Any) -> str:
        """A preview has no answer of its own."""
        return ""

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True
