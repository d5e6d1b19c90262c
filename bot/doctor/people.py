"""Is there somebody for everything, and would they hear of it?

Who never pressed Start cannot be written to. Their unit's group hears it in their place, where it
has one that may: who handles a case must not learn that somebody looks into it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from bot.doctor.finding import Finding, care, listed, note, or_well
from bot.doctor.units import chats
from petitions.access import DECIDERS
from petitions.office import Office
from petitions.roster import DO_IT, units_for
from storage import groups, inquiries, staffing
from storage.unit import Unit

ROLES, PEOPLE = "roles", "people"
FILE = "the office file"
START = "let them open the bot and press Start"


def roles(office: Office) -> Iterator[Finding]:
    """Units in which nobody may do what the unit is there for."""
    yield from or_well(_roles(office), ROLES, "every unit has people who may do its work")


def _roles(office: Office) -> Iterator[Finding]:
    supervision = office.supervision_unit
    if not _has(office, supervision, {"supervisor"}):
        says = f"nobody is a supervisor in {supervision}: nobody looks after what is late"
        yield care(ROLES, says, f"give somebody there the role in {FILE}")
    examining = [each.id for each in office.units if office.examines(each.id)]
    if without := [each for each in examining if not _has(office, each, {"discipline"})]:
        says = f"nobody has the role discipline, so nobody sees reports: {listed(without)}"
        yield care(ROLES, says, f"give it to those who examine, in {FILE}")
    others = [e.id for e in office.units if e.id not in (*examining, supervision)]
    if without := [each for each in others if not _has(office, each, DECIDERS)]:
        says = f"nobody may decide on a case: {listed(without)}"
        yield care(ROLES, says, f"name a handler or a head there, in {FILE}")
    if without := [each for each in others if not _has(office, each, {"head"})]:
        says = f"no head, so nobody extends a limit or hears that it passed: {listed(without)}"
        yield care(ROLES, says, f"give somebody the role head, in {FILE}")


def _has(office: Office, unit_id: str, wanted: Collection[str]) -> bool:
    return any(person.roles & set(wanted) for person in office.unit(unit_id).people)


def reached(unit: Unit, office: Office) -> Iterator[Finding]:
    """Officers who cannot be written to, and whether somebody else would hear it."""
    everybody = {person.id for each in office.units for person in each.people}
    there = staffing.reachable(unit, everybody)
    yield from or_well(
        _reached(unit, office, there, everybody), PEOPLE, f"all {len(there)} have pressed Start"
    )


def _reached(
    unit: Unit, office: Office, there: frozenset[int], everybody: Collection[int]
) -> Iterator[Finding]:
    known, left = chats(unit, office), groups.left(unit)
    yield from _open(unit, office, there, known)
    yield from _nobody(office, there, known, left)
    if away := sorted(set(everybody) - there):
        says = f"they cannot be written to: {listed(away)}"
        yield note(PEOPLE, says, f"{START}; until then only their groups hear of it")


def _open(
    unit: Unit, office: Office, there: frozenset[int], known: Mapping[str, int]
) -> Iterator[Finding]:
    """Inquiries (不满意件核查) that are with somebody who hears nothing of them."""
    for officer, count in inquiries.loads(unit):
        posts = office.posts_of(officer)
        if not posts:
            says = f"{count} inquiries (不满意) wait with {officer}, who has no post any more"
            yield note(PEOPLE, says, "somebody else is named on the day of the reminder")
        elif officer not in there and not any(post in known for post in posts):
            says = f"{count} inquiries (不满意) wait with {officer}, who hears nothing of them"
            yield care(PEOPLE, says, f"{START}, or bind the group of their unit")


def _nobody(
    office: Office,
    there: frozenset[int],
    known: Mapping[str, int],
    left: frozenset[tuple[int, str]],
) -> Iterator[Finding]:
    """Of whose cases nobody would be told that somebody was not satisfied with them."""
    deaf: defaultdict[int, list[str]] = defaultdict(list)
    nobody: list[str] = []
    for each in office.units:
        if office.examines(each.id):
            continue  # a report against people or units is not rated (TL 30)
        named = _named(office, each.id, left)
        if not named:
            nobody.append(each.id)
        for officer in named:
            if officer not in there and not _heard_for(office, officer, each.id, known):
                deaf[officer].append(each.id)
    if nobody:
        says = f"nobody could look into why somebody was not satisfied with {listed(nobody)}"
        do = f"name somebody of another unit above them, or of the supervision unit, in {FILE}"
        yield care(PEOPLE, says, do)
    for officer, of in deaf.items():
        says = f"{officer} would hear nothing when they are to look into a case of {listed(of)}"
        yield care(PEOPLE, says, f"{START}, or bind a group of their own unit")


def _named(office: Office, responsible: str, left: frozenset[tuple[int, str]]) -> tuple[int, ...]:
    """Those of whom the roster would name one, for a case that only `responsible` had a part in."""
    for unit_id in units_for(responsible, office):
        people = next((u.people for u in office.units if u.id == unit_id), ())
        here = [p for p in people if p.roles & DO_IT and (p.id, unit_id) not in left]
        fitting = tuple(p.id for p in here if not office.holds_post(p.id, responsible))
        if fitting:
            return fitting
    return ()


def _heard_for(office: Office, officer: int, responsible: str, known: Mapping[str, int]) -> bool:
    """Whether a group hears it in their place: see `dialogs.inquiring.to_inquirer`."""
    mine = office.posts_of(officer)
    own = (u for u in units_for(responsible, office) if u in mine)
    apart = (u for u in own if u not in known or known[u] != known.get(responsible))
    home = next(apart, None)
    return home in known
