"""How the outbox reads in a terminal: in the office's time, in columns, without who."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.outbox_lines import as_json, as_list, as_table, line
from bot.outlet import moment
from storage.messages import Rank
from storage.outlook import Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
FAILED = Message(
    id=12,
    state="failed",
    reason="bad request",
    key="notice.accepted",
    number="99010020260302000016",
    chat_id=1001,
    rank=Rank.ORDINARY,
    lasting=True,
    due_at=datetime(2026, 3, 2, 20, 30, 5, tzinfo=UTC),
    settled_at=datetime(2026, 3, 2, 20, 31, tzinfo=UTC),
    held=False,
    attempts=3,
    progress=1,
    again=True,
    message_id=77,
)
WAITS = replace(
    FAILED, id=7, state="waiting", reason=None, number=None, settled_at=None, held=True, attempts=0
)


def lines(*, chats: bool = False) -> list[object]:
    return [line(message, SHANGHAI, chats=chats) for message in (FAILED, WAITS)]


def test_a_table_is_in_columns_and_in_the_office_s_time() -> None:
    assert as_table(lines()).splitlines() == [
        "id  state    reason       notice           petition                 due"
        "               settled           tries",
        "12  failed   bad request  notice.accepted  990100-20260302-00001-6  "
        "2026-03-03 04:30  2026-03-03 04:31  3",
        "7   waiting  -            notice.accepted  -                        "
        "2026-03-03 04:30  -                 0",
    ]


def test_json_is_an_object_a_line_with_all_of_it() -> None:
    first, second = map(json.loads, as_json(lines()).splitlines())
    assert first["due"] == "2026-03-03T04:30:05+08:00"
    assert (first["tries"], first["required"], first["parts_sent"]) == (3, True, 1)
    assert (second["settled"], second["in_hand"], second["petition"]) == (None, True, None)


def test_one_is_a_value_a_line() -> None:
    told = as_list(lines()[0]).splitlines()
    assert told[:2] == ["id: 12", "state: failed"]
    assert "settled: 2026-03-03 04:31" in told
    assert "can return: yes" in told


def test_chats_are_shown_when_they_are_asked_for_alone() -> None:
    for shown in (as_table(lines()), as_json(lines()), as_list(lines()[0])):
        assert "1001" not in shown.replace("20260302-00001", "")
        assert "77" not in shown
    for shown in (as_table(lines(chats=True)), as_json(lines(chats=True))):
        assert "1001" in shown
    assert "message: 77" in as_list(lines(chats=True)[0])


def test_what_was_sent_cannot_return() -> None:
    assert line(replace(FAILED, state="sent"), SHANGHAI, chats=False)["can_return"] is False


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("2026-03-02", 16), ("2026-03-02T09:30", 1.5), ("2026-03-02T09:30+00:00", 9.5)],
)
def test_a_moment_is_of_the_office_s_zone_unless_it_says_another(typed: str, hour: float) -> None:
    found = moment(typed, SHANGHAI).astimezone(UTC)
    assert found.hour + found.minute / 60 == hour


def test_a_moment_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="--since"):
        moment("yesterday", SHANGHAI)
