"""How does a fact look in a sentence: dates, times, and text a person wrote?"""

import html
from datetime import date, datetime
from typing import Any

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Html(str):
    """Text that is HTML already: made by `Words.say`, never from what a person wrote."""


def as_text(value: Any, language: str) -> str:
    """The fact in plain text. Moments are shown as they are given: in the office's zone."""
    if isinstance(value, datetime):
        return f"{_day(value, language)} {value:%H:%M}"
    if isinstance(value, date):
        return _day(value, language)
    return f"{value:g}" if isinstance(value, float) else str(value)


def as_html(value: Any, language: str) -> str:
    """The fact in HTML: escaped, unless it is `Html`."""
    if isinstance(value, Html):
        return str(value)
    return html.escape(as_text(value, language), quote=False)


def _day(day: date, language: str) -> str:
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
