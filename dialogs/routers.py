"""In which order are updates offered to the conversations?"""

from functools import cache

from aiogram import Dispatcher

from dialogs import cases, reaching, talking
from dialogs.citizen import menu, settings
from dialogs.staff import desk, grouping, lateness


@cache
def dispatcher() -> Dispatcher:
    """Commands first, then what belongs to a case, a group; `talking` takes what is left.

    One for the process: it keeps no state (ours is in the database), and what a handler needs
    comes with the update.
    """
    made = Dispatcher(disable_fsm=True)
    made.include_routers(
        menu.router,
        settings.router,
        cases.router,
        desk.router,
        lateness.router,
        grouping.router,
        reaching.router,
        talking.router,
    )
    return made
