"""What may come to the webhook: updates of every kind, and what becomes of them at ill hands.

All that a person typed in them holds `MARK`, by which a log that quotes it is found out.
"""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

MARK = "记号MARKER"
FIRST = 950_000_000
CHATS = 40
"""The bodies are of so many chats, as a poison update holds up its own."""

Json = Any
WHO = {"id": 3000, "is_bot": False, "first_name": f"{MARK}陈", "language_code": "zh-hans"}
CHAT = {"id": 3000, "type": "private", "first_name": f"{MARK}陈"}
GROUP = {"id": -5002, "type": "supergroup", "title": f"{MARK}局"}
FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 10}
SIZED = {**FILE, "width": 90, "height": 90}
IN_PRIVATE = {"message_id": 7, "date": 1772400000, "chat": CHAT, "from": WHO}
IN_GROUP = {**IN_PRIVATE, "chat": GROUP}
COMMAND = {"type": "bot_command", "offset": 0, "length": 5}
MEMBER = {"user": WHO, "status": "member"}
LEFT = {"user": WHO, "status": "left"}
CHANGED = {"chat": GROUP, "from": WHO, "date": 1, "old_chat_member": MEMBER}
TAP = {"id": "7", "from": WHO, "chat_instance": "1", "message": IN_PRIVATE}
POLL = {"id": "7", "question": MARK, "options": [{"text": MARK, "voter_count": 1}]}
POLL |= {"total_voter_count": 1, "is_closed": False, "is_anonymous": True, "type": "regular"}
POLL |= {"allows_multiple_answers": False}

SAID: dict[str, Json] = {
    "text": {"text": f"{MARK}水一直漏。"},
    "command": {"text": "/help", "entities": [COMMAND]},
    "start": {"text": "/start", "entities": [{**COMMAND, "length": 6}]},
    "new": {"text": "/new", "entities": [{**COMMAND, "length": 4}]},
    "photo": {"photo": [SIZED, SIZED], "caption": MARK, "media_group_id": "9"},
    "document": {"document": {**FILE, "file_name": f"{MARK}.pdf", "mime_type": "a/b"}},
    "video": {"video": {**SIZED, "duration": 3}},
    "voice": {"voice": {**FILE, "duration": 3}},
    "sticker": {"sticker": {**SIZED, "type": "regular", "is_animated": False, "is_video": False}},
    "contact": {"contact": {"phone_number": f"138{MARK}", "first_name": MARK, "user_id": 3000}},
    "location": {"location": {"latitude": 30.2, "longitude": 120.1}},
    "poll": {"poll": POLL},
    "reply": {"text": MARK, "reply_to_message": {**IN_PRIVATE, "text": MARK}},
    "dice": {"dice": {"emoji": "🎲", "value": 6}},
}
UPDATES: list[Json] = [
    *({"message": IN_PRIVATE | said} for said in SAID.values()),
    *({"message": IN_GROUP | said} for said in SAID.values()),
    {"message": IN_GROUP | {"migrate_to_chat_id": -100500, "new_chat_title": MARK}},
    {"message": IN_GROUP | {"new_chat_members": [WHO], "left_chat_member": WHO}},
    {"edited_message": IN_PRIVATE | {"edit_date": 1772400001, "text": MARK}},
    {"channel_post": {**IN_GROUP, "text": MARK}},
    *({"callback_query": TAP | {"data": data}} for data in ("m:file:", "m:mine:", "f:x:1:done:")),
    {"callback_query": TAP | {"data": f"{MARK}:::"}},
    {"callback_query": TAP | {"data": "m:file:", "message": {**IN_PRIVATE, "date": 0}}},
    {"callback_query": {"id": "7", "from": WHO, "chat_instance": "1", "game_short_name": MARK}},
    {"inline_query": {"id": "7", "from": WHO, "query": MARK, "offset": ""}},
    {"my_chat_member": CHANGED | {"chat": CHAT, "new_chat_member": {**LEFT, "status": "kicked"}}},
    {"chat_member": CHANGED | {"new_chat_member": LEFT}},
    {"poll": POLL},
    {"poll_answer": {"poll_id": "7", "user": WHO, "option_ids": [0]}},
    {"message_reaction": {"chat": CHAT, "message_id": 7, "user": WHO, "date": 1}},
    {"invented_tomorrow": {"chat": CHAT, "from": WHO, "text": MARK}},
]


def real(serial: int, chance: random.Random) -> Json:
    """An update as the messenger sends it, of one of the chats."""
    update = {"update_id": FIRST + serial, **deepcopy(chance.choice(UPDATES))}
    return _moved(update, 3000 + chance.randrange(CHATS))


def _moved(value: Json, user: int) -> Json:
    if isinstance(value, dict):
        return {key: _moved(inner, user) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, user) for inner in value]
    return user if value == 3000 else value


STRANGE: list[Json] = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**400),
    *(float("nan"), float("inf"), -0.0, 1e308, "", "\0", f"{MARK}\0", "\ud83d", "\udc00\ud800"),
    *("7", " ", MARK * 2000, "\u202e" + MARK, "<b>" + MARK, "/" + MARK, "'; DROP TABLE inbox"),
    *([], {}, [[]], [MARK], {"id": 3000}, {"message": MARK}, [{}] * 50, {"": {"": MARK}}),
]


def places(value: Json) -> Iterator[tuple[Any, Any]]:
    """Every place of a value within it: what holds it, and under which key."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(inside):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def spoilt(update: Json, chance: random.Random) -> Json:
    """The update with some of its values swapped, dropped, doubled or strange."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        found = list(places(update))
        holder, key = chance.choice(found)
        if chance.random() < 0.2:
            del holder[key]
        elif chance.random() < 0.3:
            other, theirs = chance.choice(found)
            holder[key] = deepcopy(other[theirs]) if theirs in _keys(other) else None
        else:
            holder[key] = deepcopy(chance.choice(STRANGE))
        if not update:
            return update
    return update


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _bits(body: bytes, chance: random.Random) -> bytes:
    raw = bytearray(body)
    for _ in range(chance.choice((1, 2, 5, 30))):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def _deep(body: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((10, 200, 900, 980, 1000, 5000))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"message":', b"}")))
    return body[:-1] + b', "deep": ' + opening * depth + b"1" + closing * depth + b"}"


RAW: list[Callable[[bytes, random.Random], bytes]] = [
    _bits,
    _deep,
    lambda body, chance: body[: chance.randrange(len(body))],
    lambda body, chance: body + body,
    lambda body, chance: body[:-1] + b"," + body[1:],  # every key twice
    lambda body, chance: body.replace(b'"message"', b'"message": [], "message"', 1),
    lambda body, chance: body.decode().encode(chance.choice(("utf-16", "utf-32", "utf-8-sig"))),
    lambda body, chance: json.dumps(json.loads(body), ensure_ascii=False).encode("gb18030"),
    lambda body, chance: chance.randbytes(chance.randrange(300)),
    lambda body, chance: body.replace(b"3000", b"3" * chance.choice((19, 400, 5000))),
    lambda body, chance: body.replace(b'"', b"'"),
    lambda body, chance: b" " * chance.randrange(5000) + body,
]


def fuzzed(chance: random.Random) -> Iterator[bytes]:
    """Bodies without end: a third real, a third with spoilt values, a third with spoilt bytes."""
    for serial in count():
        update = real(serial, chance)
        if serial % 3 == 0:
            yield json.dumps(update).encode()
        elif serial % 3 == 1:
            yield json.dumps(spoilt(update, chance)).encode()
        else:
            yield chance.choice(RAW)(json.dumps(update).encode(), chance)
