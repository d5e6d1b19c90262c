"""Attachments: single or as an album, counted, each removable."""

from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import Asking, Heard, Kept, Question, Refuse, Rows, Took, says
from dialogs.said import Said
from storage import files

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    """The answer is a list of attachment ids."""

    def ask(self, at: Asking) -> Question:
        """What can be sent; once something was, also the way on."""
        return Question(at.key("ask"), self._limits(at), self._rows(at))

    def hear(self, at: Asking, said: Said) -> Heard:
        """Keep the file's ids; a job fetches it. Too big or too many is said at once."""
        if said.kind == "text" and says(at, said.text, "form.done"):
            return self.tap(at, "done", "")
        if said.file is None:
            return Refuse("files.no_text" if said.kind == "text" else "files.wrong_kind")
        limits = at.turn.house.office.limits
        have: list[str] = list(at.value or [])
        if said.file["size"] > limits.file_mb * MEGABYTE:
            return Refuse("files.too_big", {"mb": limits.file_mb})
        if len(have) >= limits.files:
            return Refuse("files.too_many", {"count": limits.files})
        sent = files.add(at.turn.unit, at.draft.key_id, said.file)
        have.append(sent.id)
        return Kept(have, "files.kept", {"count": len(have)}, slot=True)

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """完成, or remove one."""
        have: list[str] = list(at.value or [])
        if act == "done":
            return Took(have, below=True)
        if act == "drop" and arg in have:
            files.drop(at.turn.unit, arg)
            have.remove(arg)
            return Kept(have, "files.kept", {"count": len(have)}, slot=True)
        return Refuse("form.stale")

    def read(self, at: Asking, value: Any) -> str:
        """How many of them."""
        return at.turn.label("files.number", count=len(value))

    def whole(self, _value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return True

    def _limits(self, at: Asking) -> dict[str, int]:
        limits = at.turn.house.office.limits
        return {"count": limits.files, "mb": limits.file_mb}

    def _rows(self, at: Asking) -> Rows:
        have: list[str] = list(at.value or [])
        if not have:
            return ()
        remove = [
            at.button("files.remove", "drop", file_id, number=number)
            for number, file_id in enumerate(have, 1)
        ]
        rows = (tuple(remove[i : i + 3]) for i in range(0, len(remove), 3))
        return ((at.button("form.done", "done"),), *rows)
