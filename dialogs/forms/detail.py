"""Yes or no, and with a yes a few words more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import Asking, Heard, Kept, Question, Refuse, Took, unexpected
from dialogs.forms.text import fault
from dialogs.said import Said


@dataclass(frozen=True, slots=True)
class Detail:
    """The answer is `{"yes": bool, "detail"?: str}`; the detail may be left out.

    `check` may refuse the detail or tidy it up.
    """

    longest: int = 500
    check: Callable[[Asking, str], str | Refuse] | None = None

    def ask(self, at: Asking) -> Question:
        """Yes or no; after a yes, what exactly."""
        if (at.value or {}).get("yes"):
            unknown, no = at.button("detail.unknown", "none"), at.button(at.key("no"), "no")
            return Question(at.key("detail"), rows=((unknown,), (no,)))
        yes, no = at.button(at.key("yes"), "yes"), at.button(at.key("no"), "no")
        return Question(at.key("ask"), rows=((no,), (yes,)))

    def hear(self, at: Asking, said: Said) -> Heard:
        """The detail, once yes was tapped."""
        if said.kind != "text":
            return unexpected(said)
        if not (at.value or {}).get("yes"):
            return Refuse("choice.please_tap")
        wrong = fault(said.text, self.longest)
        if wrong is not None:
            return wrong
        detail = self.check(at, said.text.strip()) if self.check else said.text.strip()
        return detail if isinstance(detail, Refuse) else Took({"yes": True, "detail": detail})

    def tap(self, _at: Asking, act: str, _arg: str) -> Heard:
        """Yes, no, or "I do not have it at hand"."""
        if act == "yes":
            return Kept({"yes": True})
        if act == "none":
            return Took({"yes": True})
        return Took({"yes": False}) if act == "no" else Refuse("form.stale")

    def read(self, at: Asking, value: Any) -> str:
        """Yes or no, with the detail."""
        word = at.turn.label(at.key("yes" if value["yes"] else "no"))
        return f"{word} {value['detail']}" if value.get("detail") else word

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True
