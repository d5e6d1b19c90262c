"""Whose cases does a report count, for a group and for an officer?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from petitions.access import READERS, Actor
from petitions.indicators.periods import Period
from petitions.office import Office


@dataclass(frozen=True, slots=True)
class Scope:
    """Those of these units, or the whole office's (None).

    Reports against people or units (检举控告) are never among them. With `reports` it is those
    alone that are counted, of those of the units that examine them, and none that must not reach
    one of the units (TL 30, 46(5)).
    """

    units: tuple[str, ...] | None = None
    reports: bool = False

    def tells_rates(self, period: Period, today: date) -> bool:
        """Whether it is told how satisfied people were.

        Units hear of it for what is settled alone: who asks for a period today, and for one a day
        longer tomorrow, would read off the one rating that came between (who rated what stays
        between the petitioner and the supervisors).
        """
        return self.units is None or period.is_settled(today)


def scopes_of_group(units: Collection[str], office: Office) -> tuple[Scope, ...]:
    """What the group that these units share is told of, one report each.

    Those the office names (its petition office and its supervisors, unless it says otherwise)
    hear of the whole office, any other of its own units; those that examine reports against
    people hear of these besides, apart.
    """
    everywhere = any(office.hears_of_all(unit) for unit in units)
    return _scopes(units, units, everywhere, office)


def scopes_of(actor: Actor, office: Office) -> tuple[Scope, ...]:
    """What an officer may ask for in private, one report each; nothing for everybody else."""
    reads = [unit for unit, roles in actor.posts.items() if roles & READERS]
    examines = [u for u, roles in actor.posts.items() if "discipline" in roles]
    everywhere = actor.supervises or any(office.hears_of_all(unit) for unit in reads)
    return _scopes(reads, actor.posts if examines else (), everywhere, office)


def _scopes(
    units: Collection[str], told: Collection[str], everywhere: bool, office: Office
) -> tuple[Scope, ...]:
    """`told` are the units that hear of reports, if one of them examines these."""
    order = [unit.id for unit in office.units]
    found = [Scope()] if everywhere else []
    if units and not everywhere:
        found.append(Scope(tuple(sorted(units, key=order.index))))
    if any(map(office.examines, told)):
        found.append(Scope(tuple(sorted(told, key=order.index)), reports=True))
    return tuple(found)
