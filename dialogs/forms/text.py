"""Text: one line, or several messages gathered until the person says they are done."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import (
    Answers,
    Asking,
    Heard,
    Kept,
    Question,
    Refuse,
    Took,
    says,
    unexpected,
)
from dialogs.said import Said
from petitions.office import Limits
from storage.messages import Post

SHOWN = 160
_LINK = re.compile(r"(https?://|www\.|t\.me/)\S+", re.IGNORECASE)


def fault(text: str, longest: int) -> Refuse | None:
    """What is wrong with this text, or None. `longest` counts characters."""
    if not text.strip():
        return Refuse("text.empty")
    if len(text) > longest:
        return Refuse("text.too_long", {"longest": longest, "length": len(text)})
    if not any(c.isalnum() for c in text):
        return Refuse("text.no_words")
    if not _LINK.sub("", text).strip():
        return Refuse("text.only_link")
    return None


@dataclass(frozen=True, slots=True)
class Line:
    """A single short text. `check` may refuse it or tidy it up: text → value or Refuse.

    `otherwise` gives the key of another question where the usual one does not fit.
    """

    longest: Callable[[Limits], int]
    check: Callable[[Asking, str], str | Refuse] | None = None
    mask: Callable[[str], str] | None = None
    otherwise: Callable[[Answers], str | None] | None = None

    def ask(self, at: Asking) -> Question:
        """The question alone."""
        other = self.otherwise(at.draft.answers) if self.otherwise else None
        return Question(other or at.key("ask"))

    def hear(self, at: Asking, said: Said) -> Heard:
        """Take the text if nothing is wrong with it."""
        if said.kind != "text":
            return unexpected(said)
        wrong = fault(said.text, self.longest(at.turn.house.office.limits))
        if wrong is not None:
            return wrong
        value = self.check(at, said.text.strip()) if self.check else said.text.strip()
        return value if isinstance(value, Refuse) else Took(value)

    def tap(self, _at: Asking, _act: str, _arg: str) -> Heard:
        """There is nothing to tap here."""
        return Refuse("form.stale")

    def read(self, _at: Asking, value: Any) -> str:
        """The text, masked where it is personal."""
        return self.mask(value) if self.mask else str(value)

    def whole(self, value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return bool(value)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Several messages, typed or forwarded, kept in order until 完成.

    `before` makes what is to be read again before answering.
    """

    longest: Callable[[Limits], int]
    before: Callable[[Asking], list[Post]] | None = None

    def ask(self, at: Asking) -> Question:
        """The question; once something was said, also the way on and the way back."""
        parts: list[str] = at.value or []
        before = tuple(self.before(at)) if self.before and not parts else ()
        return Question(at.key("ask"), rows=self._rows(at, parts), before=before)

    def hear(self, at: Asking, said: Said) -> Heard:
        """Add the message to what was said before; of a file, the words that came with it."""
        if said.kind != "text" and not (said.kind == "file" and said.text.strip()):
            return unexpected(said)
        if says(at, said.text, "form.done"):
            return self.tap(at, "done", "")
        parts: list[str] = list(at.value or [])
        left = self.longest(at.turn.house.office.limits) - sum(map(len, parts))
        wrong = fault(said.text, left)
        if wrong is not None:
            return wrong
        parts.append(said.text)
        facts = {"count": len(parts), "length": sum(map(len, parts))}
        key = "text.gathered" if said.kind == "text" else "text.gathered_words"
        return Kept(parts, key, facts, slot=True)

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """完成, 去掉最后一段 or 清空重写; the last two only for the parts they were shown for."""
        parts: list[str] = list(at.value or [])
        if act in ("drop", "clear") and arg != str(len(parts)):
            return Refuse("form.stale")
        if act == "done":
            return Took(parts, below=True) if parts else Refuse("text.empty")
        if act == "drop" and parts:
            return Kept(parts[:-1], "text.dropped", {"count": len(parts) - 1}, slot=True)
        if act == "clear":
            return Kept([], "text.cleared", slot=True)
        return Refuse("form.stale")

    def read(self, at: Asking, value: Any) -> str:
        """The beginning of the text, and how long it is."""
        whole = "\n".join(value)
        if len(whole) <= SHOWN:
            return whole
        return whole[:SHOWN] + at.turn.label("text.more", length=len(whole))

    def whole(self, value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return bool(value)

    def _rows(self, at: Asking, parts: list[str]) -> tuple[Any, ...]:
        if not parts:
            return ()
        undo = ("text.drop", "drop") if len(parts) > 1 else ("text.clear", "clear")
        return ((at.button("form.done", "done"),), (at.button(*undo, str(len(parts))),))
