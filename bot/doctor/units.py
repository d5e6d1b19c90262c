"""Does the office file fit what is stored? Its units, their groups, and what did not reach them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.doctor.finding import Finding, care, listed, note, or_well
from petitions.office import Office
from storage import ailing, staffing
from storage.unit import Unit

UNITS, GROUPS = "units", "groups"
LATELY = timedelta(days=7)


def units(unit: Unit, office: Office) -> Iterator[Finding]:
    """Units that have something and are not in the office file any more."""
    known = {each.id for each in office.units}
    yield from or_well(_strangers(unit, known), UNITS, f"all cases are with one of {len(known)}")


def _strangers(unit: Unit, known: set[str]) -> Iterator[Finding]:
    for unit_id, count in staffing.unlisted(unit, known).items():
        says = f"{unit_id} has {count} open cases and is not in the office file"
        do = (
            "put it back, if only with the people who route its cases on; "
            "a unit keeps its id when its name changes"
        )
        yield care(UNITS, says, do)
    if gone := sorted(set(staffing.bound(unit)) - known):
        yield note(UNITS, f"groups are bound to units that are not listed: {listed(gone)}")


def chats(unit: Unit, office: Office) -> dict[str, int]:
    """Unit → its group: as bound with /bind, else as the office file says."""
    bound = staffing.bound(unit)
    found = {each.id: bound.get(each.id) or each.group for each in office.units}
    return {unit_id: chat for unit_id, chat in found.items() if chat}


def groups(unit: Unit, office: Office) -> Iterator[Finding]:
    """Units without a group, groups that heard nothing yet or that messages did not reach."""
    known = chats(unit, office)
    found = _groups(unit, office, known)
    yield from or_well(found, GROUPS, f"all {len(known)} units have one")


def _groups(unit: Unit, office: Office, known: Mapping[str, int]) -> Iterator[Finding]:
    if without := [each.id for each in office.units if each.id not in known]:
        do = "minsheng bind-code UNIT, then /bind with that code in the group"
        yield care(GROUPS, f"no group, so no card reaches them: {listed(without)}", do)
    heard = staffing.heard(unit, known.values())
    if silent := [each for each, chat in known.items() if chat not in heard]:
        says = f"the bot has said nothing there yet: the groups of {listed(silent)}"
        yield note(GROUPS, says, "see that it is in them, as an administrator")
    lost = ailing.lost(unit, known.values(), unit.now - LATELY)
    for unit_id, chat in known.items():
        if chat in lost:
            says = f"{lost[chat]} messages did not reach the group of {unit_id} in 7 days"
            do = "is the bot in it? then: minsheng outbox list --state gone, and retry"
            yield care(GROUPS, says, do)
