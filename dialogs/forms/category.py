"""A category: the likeliest three, guessed from what was written, then the whole tree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import (
    Answers,
    Asking,
    Browse,
    Heard,
    Question,
    Refuse,
    Took,
    unexpected,
)
from dialogs.said import Said

TREE = "all"


@dataclass(frozen=True, slots=True)
class CategoryStep:
    """`words_of` gives title and text to guess from."""

    words_of: Callable[[Answers], tuple[str, str]]

    def ask(self, at: Asking) -> Question:
        """The three likeliest; or the roots; or one root's branches, the likeliest first."""
        if not at.branch:
            return self._likeliest(at)
        language = at.turn.language
        catalogue = at.turn.house.catalogue
        if at.branch == TREE:
            roots = [at.raw_button(c.name(language), "open", c.id) for c in catalogue.roots]
            rows = tuple(tuple(roots[i : i + 2]) for i in range(0, len(roots), 2))
            return Question(at.key("all"), rows=rows)
        title, text = self.words_of(at.draft.answers)
        order = at.turn.house.guesser.top_children(at.branch, title, text)
        leaves = [at.raw_button(catalogue.name(i, language), "pick", i) for i in order]
        rows = tuple(tuple(leaves[i : i + 2]) for i in range(0, len(leaves), 2))
        name = catalogue.name(at.branch, language)
        back = (at.button("category.back", "open", TREE),)
        return Question(at.key("branch"), {"category": name}, (*rows, back))

    def _likeliest(self, at: Asking) -> Question:
        title, text = self.words_of(at.draft.answers)
        catalogue = at.turn.house.catalogue
        top = at.turn.house.guesser.top(title, text, 3)
        language = at.turn.language
        rows = tuple((at.raw_button(catalogue.name(i, language), "open", i),) for i in top)
        return Question(at.key("ask"), rows=(*rows, (at.button("category.all", "open", TREE),)))

    def hear(self, _at: Asking, said: Said) -> Heard:
        """A category is tapped, not typed."""
        return Refuse("choice.please_tap") if said.kind == "text" else unexpected(said)

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """Open a branch, or take a leaf."""
        catalogue = at.turn.house.catalogue
        if act == "open" and (arg == TREE or arg in {root.id for root in catalogue.roots}):
            return Browse(arg)
        if act == "pick" and arg in catalogue:
            route = catalogue.get(arg).route
            sentence = route.sentence(at.turn.language) if route else ""
            return Took(arg, at.turn.say("category.route", route=sentence) if route else "")
        return Refuse("form.stale")

    def read(self, at: Asking, value: Any) -> str:
        """The category's full name."""
        catalogue, language = at.turn.house.catalogue, at.turn.language
        root = catalogue.parent(value) if value in catalogue else None
        own = catalogue.name(value, language)
        return f"{root.name(language)} · {own}" if root else own

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True
