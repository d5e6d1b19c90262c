"""A choice among a few: one button each."""

from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import Asking, Heard, Question, Refuse, Took, says, unexpected
from dialogs.said import Said


@dataclass(frozen=True, slots=True)
class Choice:
    """Asks for one of `options`; each has its sentence `<form>.<step>.<option>`.

    `stops` maps an option that cannot go on (a refused consent) to the sentence that says so.
    """

    options: tuple[str, ...]
    stops: tuple[str, ...] = ()
    columns: int = 1

    def ask(self, at: Asking) -> Question:
        """The options as buttons."""
        buttons = [at.button(at.key(option), "pick", option) for option in self.options]
        rows = (buttons[i : i + self.columns] for i in range(0, len(buttons), self.columns))
        return Question(at.key("ask"), rows=tuple(map(tuple, rows)))

    def hear(self, at: Asking, said: Said) -> Heard:
        """The option's own words count as a press; anything else is asked again."""
        if said.kind != "text":
            return unexpected(said)
        for option in self.options:
            if says(at, said.text, at.key(option)):
                return self.tap(at, "pick", option)
        return Refuse("choice.please_tap")

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """Take the option."""
        if act != "pick" or arg not in self.options:
            return Refuse("form.stale")
        return Refuse(at.key(f"{arg}_stop")) if arg in self.stops else Took(arg)

    def read(self, at: Asking, value: Any) -> str:
        """The option's words."""
        return at.turn.label(at.key(value))

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True
