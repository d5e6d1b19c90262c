"""Which chat does a notice go to? A group of units as far as it may reach it, or a person."""

from collections.abc import Iterable

from dialogs.house import House
from petitions.access import may_reach
from petitions.record import Petition
from storage import groups, record
from storage.messages import Notice, Parcel, Rank
from storage.unit import Unit


def to_units(
    unit: Unit,
    house: House,
    petition: Petition,
    units: Iterable[str],
    notice: Notice,
    slot: str | None = None,
    fresh: bool = False,
) -> list[Parcel]:
    """The notice for the groups of these units that it may reach."""
    made = []
    for unit_id in dict.fromkeys(units):
        chat = groups.chat_of(unit, unit_id, house.office)
        here = groups.units_of(unit, chat, house.office) if chat else frozenset()
        if chat is not None and may_reach(here, house.office, petition):
            own = notice.model_copy(update={"unit": unit_id})
            made.append(parcel(unit, petition, chat, own, slot=slot, fresh=fresh))
    return made


def parcel(
    unit: Unit,
    petition: Petition,
    chat_id: int,
    notice: Notice,
    slot: str | None = None,
    fresh: bool = False,
) -> Parcel:
    """A notice of this case, for this chat."""
    return Parcel(
        chat_id=chat_id,
        notice=notice,
        slot=slot,
        fresh=fresh,
        petition_id=petition.id,
        key_id=record.key_of(unit, petition.id),
        urgent=False,
        # Words of danger to life were in it: it waits behind nothing but answers to taps.
        rank=Rank.PRESSING if petition.first.urgent else Rank.ORDINARY,
    )
