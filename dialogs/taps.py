"""What does a button carry? Always what it was shown for, so that a stale press shows."""

from aiogram.filters.callback_data import CallbackData


class FormTap(CallbackData, prefix="f"):
    """A button of a form: the draft and the question (version) it was shown for."""

    draft: str
    version: int
    act: str
    arg: str = ""


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


class MenuTap(CallbackData, prefix="m"):
    """A button that opens something: a menu, a list, a setting."""

    what: str
    arg: str = ""


class SettingTap(CallbackData, prefix="s"):
    """A button of the settings: what it chooses, and which value."""

    what: str
    arg: str = ""
