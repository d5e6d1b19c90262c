"""In which order are updates offered to the conversations?"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.types import TelegramObject

from dialogs import cases, reaching, talking
from dialogs.citizen import menu, settings
from dialogs.staff import desk, grouping, lateness, stats

STAFF = (desk.router, lateness.router, stats.router, grouping.router)
ALL = (
    talking.forms,
    *(menu.router, settings.router, cases.router),
    *STAFF,
    *(reaching.router, talking.router),
)
"""Commands first, then what belongs to a case, a group; `talking` takes what is left.

Before all of them the buttons of forms: most taps are theirs, and each offer takes its time.
"""


class Routes:
    """The handlers of these routers, one after the other.

    aiogram's dispatcher asks the same filters in the same order. On its way it makes room for
    middlewares, at each router anew; there are none here, and that took twice the asking.
    """

    def __init__(self, routers: Sequence[Router] = ALL) -> None:
        self._by_kind: defaultdict[str, list[TelegramEventObserver]] = defaultdict(list)
        for router in routers:
            for kind, asked in router.observers.items():
                if asked.middleware or asked.outer_middleware or router.sub_routers:
                    raise TypeError(f"{router.name}: neither middlewares nor routers in a router")
                if asked.handlers:
                    self._by_kind[kind].append(asked)

    async def offer(self, kind: str, event: TelegramObject, **given: Any) -> None:
        """Have the first handler handle it whose filters, and its router's, let it pass."""
        for asked in self._by_kind.get(kind, ()):
            passes, known = await asked.check_root_filters(event, **given)
            for handler in asked.handlers if passes else ():
                fits, found = await handler.check(event, **known)
                if fits:
                    await handler.call(event, **found)
                    return
