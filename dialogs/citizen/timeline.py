"""Where does the case stand? Every step with its date and who did it, what comes next, what is due.

Beside it stands what the law gives the petitioner at this point.
"""

from typing import Any

from dialogs.citizen.coming import coming
from dialogs.citizen.offers import offers
from dialogs.citizen.rights import rights, route
from dialogs.facts import facts_of, sentence
from dialogs.parts import LONGEST
from dialogs.turn import Turn
from petitions import events as ev
from petitions import numbers
from petitions.record import Entry, Petition, State
from storage.messages import Post
from words.formats import Html

LINES = 30
SHOWN = (
    ev.Registered,
    ev.Routed,
    ev.Objected,
    ev.Insisted,
    ev.Declined,
    ev.Referred,
    ev.Withdrawn,
    ev.Accepted,
    ev.TrackChanged,
    ev.SupplementAsked,
    ev.Supplemented,
    ev.Extended,
    ev.MediationProposed,
    ev.MediationAnswered,
    ev.Mediated,
    ev.Replied,
    ev.SuggestionAnswered,
    ev.ReviewAsked,
    ev.HearingHeld,
    ev.ReviewDecided,
    ev.Rated,
    ev.InquiryTaken,
    ev.Inquired,
    ev.Recused,
)
"""What the petitioner is shown, each with its date; who holds the case is the unit's matter.

That somebody withdrew is told where the case went to another unit with it.
"""


def timeline(turn: Turn, petition: Petition, *, own: bool) -> Post:
    """The dated steps; to somebody with number and code alone, without the title.

    Of a report against people or units (检举控告) no more is said than that it was received and
    passed on, except to who made it.
    """
    if not own and petition.secret:
        return _secret(turn, petition)
    below = ["\n".join(coming(turn, petition)), rights(turn, petition)]
    below += [route(turn, petition)] if own else []
    rest = [part for part in below if part]
    steps = "\n".join(_folded(turn, _steps(turn, petition), LONGEST - sum(map(len, rest))))
    key = "timeline.own" if own else "timeline.other"
    return turn.post(
        key,
        offers(turn, petition) if own else (),
        number=numbers.show(petition.number),
        title=petition.filing.title,
        state=state(turn, petition),
        body=Html("\n\n".join([steps, *rest])),
    )


def state(turn: Turn, petition: Petition) -> str:
    """The state in words; a report that was referred is not called a "statutory route"."""
    way = petition.referred.way if petition.referred else None
    if way is not None and way.kind == "discipline":
        return turn.label("state.passed_on")
    return turn.label(f"state.{petition.state}")


def _secret(turn: Turn, petition: Petition) -> Post:
    """Received, and once it was, referred: never more (TL 30)."""
    facts: dict[str, Any] = {
        "number": numbers.show(petition.number),
        "at": turn.local(petition.registered_at),
    }
    if petition.state is not State.REFERRED:
        return turn.post("timeline.secret", **facts)
    on = next(e.at for e in reversed(petition.standing()) if isinstance(e.event, ev.Referred))
    return turn.post("timeline.secret_referred", **facts, on=turn.local(on))


def _shown(entry: Entry, counting: frozenset[int]) -> bool:
    """A rating that was changed shows once, as it counted in the end."""
    event = entry.event
    changed = isinstance(event, ev.Rated) and entry.seq not in counting
    stayed = isinstance(event, ev.Recused) and event.to is None
    return isinstance(event, SHOWN) and not (changed or stayed)


def _counting(entries: tuple[Entry, ...]) -> frozenset[int]:
    """The last answer to each time the rating was asked for."""
    found: dict[int, int] = {}
    asked = 0
    for entry in entries:
        if isinstance(entry.event, ev.SurveyOpened | ev.AskedAgain):
            asked = entry.seq
        elif isinstance(entry.event, ev.Rated):
            found[asked] = entry.seq
    return frozenset(found.values())


def _steps(turn: Turn, petition: Petition) -> list[str]:
    standing = petition.standing()
    counting = _counting(standing)
    return [step(turn, petition, entry) for entry in standing if _shown(entry, counting)]


def step(turn: Turn, petition: Petition, entry: Entry) -> str:
    """One dated line; of a kind that the timeline shows."""
    facts = facts_of(turn.house, turn.language, petition, entry)
    return turn.say(f"timeline.{sentence(entry.event)}", **facts)


def _folded(turn: Turn, lines: list[str], room: int) -> list[str]:
    """A very long story is folded in the middle, so that it stays one message of so many units."""
    hidden = max(0, len(lines) - LINES)
    while hidden < len(lines) - 3 and _units(lines[:2], lines[2 + hidden :]) > room:
        hidden += 1
    if not hidden:
        return lines
    folded = turn.say("timeline.folded", count=hidden)
    return [*lines[:2], folded, *lines[2 + hidden :]]


def _units(*parts: list[str]) -> int:
    return sum(len(line.encode("utf-16-le")) // 2 + 1 for part in parts for line in part)
