"""A phone number: by the contact button, or typed and checked."""

from dataclasses import dataclass
from typing import Any, ClassVar

from dialogs.forms.base import Asking, Heard, Question, Refuse, Took, unexpected
from dialogs.said import Said
from petitions.identity import mask_phone, phone
from storage.messages import Key


@dataclass(frozen=True, slots=True)
class Phone:
    """The answer is the number in international form (E.164)."""

    keyboard: ClassVar[bool] = True

    def ask(self, at: Asking) -> Question:
        """Ask through the keyboard, whose first key shares the person's own number."""
        share = Key(text=at.turn.label("phone.share"), ask="contact")
        return Question(at.key("ask"), keyboard=(share,))

    def hear(self, _at: Asking, said: Said) -> Heard:
        """A shared contact or a typed number."""
        if said.kind not in ("text", "contact"):
            return unexpected(said)
        text = said.text if said.kind == "text" else "+" + said.text.lstrip("+")
        number = phone(text) or phone(said.text)
        return Took(number) if number else Refuse("phone.wrong")

    def tap(self, _at: Asking, _act: str, _arg: str) -> Heard:
        """There is nothing to tap here."""
        return Refuse("form.stale")

    def read(self, _at: Asking, value: Any) -> str:
        """The number, masked."""
        return mask_phone(value)

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True
