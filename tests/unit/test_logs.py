"""What is logged: events and ids, at no level what a person typed."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

TYPED = "我叫陈秀英13812345678"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def told(level: str = "DEBUG", *, json_lines: bool = True) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level, json=json_lines, stream=stream)
    return stream


def fail() -> None:
    raise ValueError(TYPED)


def test_our_own_events_are_lines_of_json_in_utc() -> None:
    stream = told()
    structlog.get_logger("x").info("update.failed", update=7)
    line = json.loads(stream.getvalue())
    assert line["event"] == "update.failed"
    assert line["update"] == 7
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_the_level_is_kept() -> None:
    stream = told("WARNING")
    structlog.get_logger("x").info("quiet")
    assert stream.getvalue() == ""
    structlog.get_logger("x").warning("loud")
    assert "loud" in stream.getvalue()


def test_a_terminal_is_shown_plain_lines() -> None:
    stream = told(json_lines=False)
    structlog.get_logger("x").info("bot.started", bot="b")
    assert "bot.started" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_other_libraries_are_heard_from_their_warnings_on_and_quote_nobody() -> None:
    stream = told()
    other = logging.getLogger("sqlalchemy.engine")
    other.debug("INSERT %s", TYPED)
    other.info("INSERT %s", TYPED)
    assert stream.getvalue() == ""
    other.warning("INSERT %s", TYPED)
    other.error(TYPED)
    assert "logger=sqlalchemy.engine" in stream.getvalue()
    assert TYPED not in stream.getvalue()


def test_an_exception_of_another_library_is_named_and_not_quoted() -> None:
    stream = told()
    try:
        fail()
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request %s", TYPED)
    assert "error=ValueError" in stream.getvalue()
    assert TYPED not in stream.getvalue()


def test_an_error_s_places_lead_to_it_without_what_it_says() -> None:
    with pytest.raises(ValueError, match=TYPED) as error:
        fail()
    shown = logs.places(error.value)
    assert shown.startswith("ValueError at ")
    assert "unit/test_logs.py" in shown
    assert ":fail" in shown
    assert TYPED not in shown


def test_an_error_that_was_never_raised_has_no_places() -> None:
    assert logs.places(KeyError(TYPED)) == "KeyError at "
