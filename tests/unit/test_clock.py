"""The only clock: it moves by a file in the demo and the tests, and never in production."""

import ast
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot.clock
from bot.clock import MovableClock, clock_of, system_clock
from bot.settings import load_settings

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
NEEDED = {"bot_token": "1:abc", "field_keys": ("k",), "office_file": "x"}


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.clock, "system_clock", lambda: NOW)


def write(path: Path, seconds: str, mtime: int) -> None:
    path.write_text(seconds)
    os.utime(path, ns=(mtime, mtime))


def test_the_system_s_clock_tells_utc() -> None:
    before = datetime.now(UTC)
    assert before <= system_clock() <= datetime.now(UTC)
    assert system_clock().tzinfo is UTC


@pytest.mark.usefixtures("still")
def test_a_movable_clock_follows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = MovableClock(path)
    assert clock() == NOW
    write(path, "3600.5", 1)
    assert clock() == NOW + timedelta(seconds=3600.5)
    write(path, "-60", 2)
    assert clock() == NOW - timedelta(minutes=1)
    write(path, "", 3)
    assert clock() == NOW


@pytest.mark.usefixtures("still")
def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = MovableClock(path)
    write(path, "10", 1)
    assert clock() == NOW + timedelta(seconds=10)
    write(path, "99", 1)
    assert clock() == NOW + timedelta(seconds=10)


def test_production_cannot_be_moved(tmp_path: Path) -> None:
    assert clock_of(load_settings(**NEEDED)) is system_clock
    assert isinstance(clock_of(load_settings(**NEEDED, demo_clock=tmp_path / "c")), MovableClock)


def test_nothing_but_the_clock_asks_what_time_it_is() -> None:
    root = Path(bot.clock.__file__).parent.parent
    asks = {"now", "utcnow", "today"}
    found = set()
    for room in ("bot", "dialogs", "storage", "notifier", "petitions", "documents", "words"):
        for path in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                if isinstance(called, ast.Attribute) and called.attr in asks:
                    owner = called.value
                    name = getattr(owner, "attr", None) or getattr(owner, "id", "")
                    if name in ("datetime", "date"):
                        found.add(str(path.relative_to(root)))
    assert found == {"bot/clock.py"}
