"""What an update says is read; what nobody looks at cannot make it unreadable."""

import json
from typing import Any

import pytest
from aiogram.types import CallbackQuery, Message

from bot.reading import EVENTS, Unreadable, read

WHO = {"id": 5, "is_bot": False, "first_name": "甲"}
CHAT = {"id": 5, "type": "private", "first_name": "甲"}
SAID = {"message_id": 7, "date": 1772400000, "chat": CHAT, "from": WHO, "text": "好"}
MEMBER = {"status": "kicked", "user": WHO, "until_date": 0}
MOVED = {"chat": CHAT, "from": WHO, "date": 1772400000}


def update(**parts: Any) -> bytes:
    return json.dumps({"update_id": 1, **parts}).encode()


def a_tap(tapped: dict[str, Any]) -> bytes:
    query = {"id": "9", "from": WHO, "chat_instance": "1", "data": "f:d:1:a:", "message": tapped}
    return update(callback_query=query)


def test_every_kind_that_is_asked_for_is_read_as_its_class() -> None:
    changed = MOVED | {"old_chat_member": MEMBER, "new_chat_member": MEMBER}
    query = {"id": "9", "from": WHO, "chat_instance": "1"}
    parts = {"callback_query": query, "my_chat_member": changed, "chat_member": changed}
    for kind, made in EVENTS.items():
        found = read(update(**{kind: parts.get(kind, SAID)}))
        assert found is not None
        assert (found[0], type(found[1])) == (kind, made)


def test_what_was_said_is_there_whole() -> None:
    found = read(update(message=SAID | {"reply_to_message": SAID | {"text": "问"}}))
    assert found is not None
    message = found[1]
    assert isinstance(message, Message)
    assert (message.text, message.from_user and message.from_user.id) == ("好", 5)
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "问"


@pytest.mark.parametrize(
    "more",
    {
        "plain": {},
        "buttons of a kind to come": {"reply_markup": {"inline_keyboard": [[{"colour": 1}]]}},
        "content of a kind to come": {"poll": "?", "entities": 7},
    }.values(),
)
def test_a_tap_is_read_whatever_the_tapped_message_holds(more: dict[str, Any]) -> None:
    """It was set aside, with an apology, when one of its buttons was new to us."""
    found = read(a_tap(SAID | more))
    assert found is not None
    query = found[1]
    assert isinstance(query, CallbackQuery)
    assert query.data == "f:d:1:a:"
    assert query.message is not None
    assert (query.message.message_id, query.message.chat.id) == (7, 5)


def test_a_tap_on_what_is_too_old_to_be_shown_is_read() -> None:
    found = read(a_tap({"message_id": 7, "date": 0, "chat": CHAT}))
    assert found is not None


@pytest.mark.parametrize(
    "parts", [{}, {"poll": {"x": 1}}, {"a_kind_to_come": 7}, {"message": None}]
)
def test_what_nobody_asked_for_is_nothing(parts: dict[str, Any]) -> None:
    assert read(update(**parts)) is None


@pytest.mark.parametrize(
    "body",
    {
        "not what the kind is": update(message=7),
        "half of it": update(message={"text": "SECRET"}),
        "a tap that is a list": update(callback_query=["SECRET"]),
        "half a character": b'{"update_id":1,"message":{"text":"\\ud800 SECRET"}}',
        "no JSON": b"SECRET",
    }.values(),
)
def test_what_cannot_be_read_is_said_without_quoting_it(body: bytes) -> None:
    with pytest.raises(Unreadable) as found:
        read(body)
    assert "SECRET" not in f"{found.value!r} {found.value.__cause__!r}"
