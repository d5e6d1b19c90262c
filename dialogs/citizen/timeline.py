"""Where does the case stand? Every step with its date, the next deadline and whose it is."""

from datetime import date

from dialogs.facts import facts_of, sentence
from dialogs.taps import CaseTap
from dialogs.turn import Buttons, Turn
from petitions import commands as do
from petitions import events as ev
from petitions import numbers
from petitions.access import actor_of
from petitions.deadlines import Deadline, local_date
from petitions.lifecycle import possible
from petitions.record import Entry, Petition
from storage.messages import Button, Post
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
)
"""What the petitioner is shown, each with its date; who holds the case is the unit's matter."""


def timeline(turn: Turn, petition: Petition, *, own: bool) -> Post:
    """The dated steps; to somebody with number and code alone, without the title.

    Of a report against people or units (检举控告) no more is said than that it was received and
    passed on, except to who made it.
    """
    if not own and petition.filing.purpose is ev.Purpose.ACCUSATION:
        number = numbers.show(petition.number)
        return turn.post("timeline.secret", number=number, at=turn.local(petition.registered_at))
    steps = "\n".join(_steps(turn, petition))
    key = "timeline.own" if own else "timeline.other"
    return turn.post(
        key,
        buttons(turn, petition) if own else (),
        number=numbers.show(petition.number),
        title=petition.filing.title,
        state=turn.label(f"state.{petition.state}"),
        unit=_unit(turn, petition.unit),
        steps=Html(steps),
        next=Html(_next(turn, petition)),
    )


def buttons(turn: Turn, petition: Petition) -> Buttons:
    """What the petitioner can do now."""
    actor = actor_of(petition.petitioner, turn.house.office)
    can = possible(petition, actor, turn.now, turn.house.rules)
    rows = []
    if do.Supplement in can:
        rows.append(_button(turn, petition, "case.supplement", "supplement"))
    if petition.reply is not None:
        rows.append(_button(turn, petition, "case.reply_again", "reply_again"))
    if do.Rate in can and petition.survey_until and turn.now <= petition.survey_until:
        again = "case.rate_again" if petition.rating else "case.rate"
        rows.append(_button(turn, petition, again, "rate"))
    return tuple((button,) for button in rows)


def _button(turn: Turn, petition: Petition, key: str, act: str) -> Button:
    tap = CaseTap(petition=petition.id, version=petition.version, act=act)
    return Button(text=turn.label(key), data=tap.pack())


def _shown(petition: Petition, entry: Entry) -> bool:
    """A rating that was changed shows once, as it counts now."""
    changed = isinstance(entry.event, ev.Rated) and entry.event is not petition.rating
    return isinstance(entry.event, SHOWN) and not changed


def _step(turn: Turn, petition: Petition, entry: Entry) -> str:
    facts = facts_of(turn.house, turn.language, petition, entry)
    return turn.say(f"timeline.{sentence(entry.event)}", **facts)


def _steps(turn: Turn, petition: Petition) -> list[str]:
    """One line a step; a very long story is folded in the middle."""
    told = [e for e in petition.standing() if _shown(petition, e)]
    lines = [_step(turn, petition, entry) for entry in told]
    if len(lines) <= LINES:
        return lines
    folded = turn.say("timeline.folded", count=len(lines) - LINES)
    return [*lines[:2], folded, *lines[-(LINES - 2) :]]


def _next(turn: Turn, petition: Petition) -> str:
    """What comes next: the unit's deadlines always, the petitioner's rights while they last."""
    today = local_date(turn.now, turn.house.office.tz)
    shown = [d for d in petition.deadlines if d.name != "object"]  # the unit's own right
    open_now = [d for d in shown if petition.open or d.due >= today]
    if petition.survey_until is None or petition.rating is not None:
        open_now = [d for d in open_now if d.name != "rate"]
    return "\n".join(_deadline(turn, petition, d, today) for d in open_now)


def _deadline(turn: Turn, petition: Petition, deadline: Deadline, today: date) -> str:
    unit = _unit(turn, petition.unit)
    key = f"deadline.{deadline.name}"
    clause = turn.house.clause(deadline.clause, turn.language)
    said: str = turn.say(key, unit=unit, due=deadline.due, clause=clause)
    if deadline.due < today:
        said += turn.say("deadline.overdue", days=(today - deadline.due).days)
    return said + (turn.say("deadline.provisional") if deadline.provisional else "")


def _unit(turn: Turn, unit_id: str) -> str:
    return turn.house.office.unit_name(unit_id, turn.language)
