"""What does a button carry? Always what it was shown for, so that a stale press shows."""

from typing import Literal

from aiogram.filters.callback_data import MAX_CALLBACK_LENGTH, CallbackData

from petitions.indicators import Kind

PARTS = 4
"""Of a form's button, behind its prefix."""


class FormTap(CallbackData, prefix="f"):
    """A button of a form: the draft and the question (version) it was shown for."""

    draft: str
    version: int
    act: str
    arg: str = ""

    @classmethod
    def packed(cls, draft: str, version: int, act: str, arg: str) -> str:
        """What `pack` gives, without an object for each button: a page has up to a dozen.

        Raises ValueError as it does.
        """
        data = f"f:{draft}:{version}:{act}:{arg}"
        if data.count(":") != PARTS or len(data.encode()) > MAX_CALLBACK_LENGTH:
            raise ValueError("no data of a button")
        return data


class CaseTap(CallbackData, prefix="c"):
    """A button of a case: the petition and the version it was shown for."""

    petition: str
    version: int
    act: str
    arg: str = ""


class LateTap(CallbackData, prefix="l"):
    """A page of the list of what is late; `turned` by the list's own buttons."""

    page: int = 0
    turned: bool = False


class StatsTap(CallbackData, prefix="s"):
    """Figures of a period: so many back from now, or the one that `first` is in.

    `what`: the menu of periods, a picture, or the workbook behind it; `last` only for any days.
    """

    what: Literal["menu", "picture", "table"] = "picture"
    kind: Kind = "week"
    back: int = 0
    first: str = ""
    last: str = ""
    reports: bool = False


class MenuTap(CallbackData, prefix="m"):
    """A button that opens something: a menu, a list, a setting."""

    what: str
    arg: str = ""


class SettingTap(CallbackData, prefix="s"):
    """A button of the settings: what it chooses, and which value."""

    what: str
    arg: str = ""
