"""A choice among what the office has: units, people, routes; one of them, or several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import (
    Asking,
    Browse,
    Heard,
    Kept,
    Question,
    Refuse,
    Rows,
    Took,
    is_typed,
    unexpected,
)
from dialogs.said import Said

PAGE = 12
"""Buttons of one page: more than a thumb scrolls through are turned over."""
Options = Callable[[Asking], Sequence[tuple[str, str]]]
"""(id, label) of everything that can be chosen now; the label is the office's own word."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer is the id chosen, or the list of ids where `many` may be."""

    options: Options
    many: bool = False

    def ask(self, at: Asking) -> Question:
        """One button an option, a page at a time; the chosen ones are marked."""
        options = list(self.options(at))
        page = int(at.branch or 0)
        chosen = at.value or [] if self.many else []
        shown = options[page * PAGE : (page + 1) * PAGE]
        rows: Rows = tuple(
            (at.raw_button(f"✅ {label}" if id in chosen else label, "pick", id),)
            for id, label in shown
        )
        return Question(at.key("ask"), rows=(*rows, *self._turning(at, page, len(options))))

    def _turning(self, at: Asking, page: int, count: int) -> Rows:
        pages = -(-count // PAGE)
        turn = []
        if page > 0:
            turn.append(at.button("list.before", "page", str(page - 1)))
        if page + 1 < pages:
            turn.append(at.button("list.after", "page", str(page + 1)))
        done = ((at.button("form.done", "done"),),) if self.many and at.value else ()
        return (*((tuple(turn),) if turn else ()), *done)

    def hear(self, at: Asking, said: Said) -> Heard:
        """An option's own words count as a press; anything else is asked again."""
        if said.kind != "text":
            return unexpected(said)
        for id, label in self.options(at):
            if is_typed(said.text, frozenset((label,))):
                return self.tap(at, "pick", id)
        return Refuse("choice.please_tap")

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """Turn the page, take an option, or be done with several."""
        ids = [id for id, _ in self.options(at)]
        if act == "page" and arg.isdecimal():
            return Browse(arg)
        if act == "done" and self.many:
            return Took(list(at.value)) if at.value else Refuse("form.stale")
        if act != "pick" or arg not in ids:
            return Refuse("form.stale")
        if not self.many:
            return Took(arg)
        chosen = list(at.value or [])
        page = str(ids.index(arg) // PAGE)  # the thumb stays where it was
        more = [i for i in chosen if i != arg] if arg in chosen else [*chosen, arg]
        return Kept(more, branch=page)

    def read(self, at: Asking, value: Any) -> str:
        """The labels of what was chosen."""
        labels = dict(self.options(at))
        chosen = value if self.many else [value]
        return "、".join(labels.get(each, each) for each in chosen)

    def whole(self, value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return bool(value)
