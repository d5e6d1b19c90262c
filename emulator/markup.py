"""Is this keyboard one Telegram takes? Buttons checked against its limits."""

from __future__ import annotations

from typing import Any

from .errors import bad
from .model import Json

_MAX_BUTTONS = 100
_MAX_DATA = 64
_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def checked(markup: Json | None, *, inline_only: bool = False) -> Json | None:
    """The keyboard without empty rows, None without one; raises 400 for what Telegram refuses."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in _rows(markup, "inline_keyboard") if row]
        buttons = [button for row in rows for button in row]
        if len(buttons) > _MAX_BUTTONS:
            raise bad("reply markup is too long")
        for button in buttons:
            _check_inline(button)
        return (
            {"inline_keyboard": [[_slim(button) for button in row] for row in rows]}
            if rows
            else None
        )
    if inline_only:
        raise bad("inline keyboard expected")
    if "keyboard" in markup:
        return _reply_keyboard(markup)
    known = "remove_keyboard" in markup or "force_reply" in markup
    return _slim(markup) if known else None


def _rows(markup: Json, name: str) -> list[list[Any]]:
    rows = markup[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f'field "{name}" must be an Array of Arrays')
    return rows


def _slim(given: Json) -> Json:
    return {key: value for key, value in given.items() if value is not None}


def _check_inline(button: Json) -> None:
    if not str(button.get("text") or "").strip():
        raise bad("can't parse inline keyboard button: text must be non-empty")
    if not any(button.get(action) is not None for action in _ACTIONS):
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= _MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply_keyboard(markup: Json) -> Json:
    rows = []
    for row in _rows(markup, "keyboard"):
        buttons = [{"text": b} if isinstance(b, str) else _slim(b) for b in row]
        if any(not str(button.get("text") or "").strip() for button in buttons):
            raise bad("keyboard button text must be non-empty")
        if buttons:
            rows.append(buttons)
    if not rows:
        raise bad("reply keyboard must contain at least one button")
    return {**_slim(markup), "keyboard": rows}
