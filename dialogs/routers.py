"""In which order are updates offered to the conversations?"""

from functools import cache

from aiogram import Dispatcher

from dialogs import cases, reaching, talking
from dialogs.citizen import menu, settings
from dialogs.staff import desk, grouping, lateness, stats


@cache
def dispatcher() -> Dispatcher:
    """Commands first, then what belongs to a case, a group; `talking` takes what is left.

    Before all of them the buttons of forms: most taps are theirs, and each offer takes its time.

    One for the process: it keeps no state (ours is in the database), and what a handler needs
    comes with the update.
    """
    made = Dispatcher(disable_fsm=True)
    staff = (desk.router, lateness.router, stats.router, grouping.router)
    citizens = (menu.router, settings.router)
    rest = (cases.router, *staff, reaching.router, talking.router)
    made.include_routers(talking.forms, *citizens, *rest)
    return made
