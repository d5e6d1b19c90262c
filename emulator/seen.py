"""What does a person see? A message as it stands on their screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from .model import Json


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the screen; ``buttons`` are rows of (text, callback data or URL)."""

    id: int
    text: str
    html: str
    buttons: list[list[tuple[str, str]]]
    files: list[Json]
    from_bot: bool
    edited: bool
    seq: int
    raw: Json = field(repr=False)

    @classmethod
    def of(cls, raw: Json) -> Seen:
        """Read a message of the control API."""
        rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
        return cls(
            id=raw["message_id"],
            text=raw.get("text") or raw.get("caption") or "",
            html=raw["html"],
            buttons=[
                [(b["text"], b.get("callback_data") or b.get("url") or "") for b in row]
                for row in rows
            ],
            files=raw["files"],
            from_bot=raw["from"]["is_bot"],
            edited="edit_date" in raw,
            seq=raw.get("seq", 0),
            raw=raw,
        )

    def data(self, label: str) -> str | None:
        """The callback data behind the button whose text contains ``label`` or whose data it is."""
        for row in self.raw.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                found = button.get("callback_data")
                if found is not None and (label == found or label in button["text"]):
                    return str(found)
        return None

    def describe(self) -> str:
        """A few lines for a failed test to show."""
        who = self.raw["from"]["first_name"]
        mark = " (edited)" if self.edited else ""
        lines = [f"  #{self.id} {who}{mark}: {self.text or '—'}"]
        lines += [f"      <{f['kind']} {f['name']} {f['size']} B>" for f in self.files]
        lines += ["      " + " ".join(f"[{text}]" for text, _ in row) for row in self.buttons]
        return "\n".join(lines)


def dump(messages: list[Seen], keyboard: Json | None) -> str:
    """A screen as text: the last messages and the reply keyboard."""
    lines = [message.describe() for message in messages[-12:]] or ["  (nothing)"]
    for row in (keyboard or {}).get("keyboard", []):
        lines.append("  keyboard: " + " ".join(f"({button['text']})" for button in row))
    return "\n".join(lines)
