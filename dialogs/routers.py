"""In which order are updates offered to the conversations?"""

from aiogram import Router

from dialogs import cases, talking
from dialogs.citizen import menu
from dialogs.staff import grouping


def routers() -> tuple[Router, ...]:
    """Commands first, then what belongs to a case, a group; `talking` takes what is left."""
    return (menu.router, cases.router, grouping.router, talking.router)
