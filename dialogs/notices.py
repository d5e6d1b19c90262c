"""How does each notice read? (entry, petition, reader) → messages: every push the bot makes.

A notice is said when it is sent: in the reader's language as it is then, outside their quiet
hours. What it says is fixed by the facts frozen in the entry it tells of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dialogs.citizen.reminding import draft_expired, draft_warning
from dialogs.house import House
from dialogs.parts import parts_of
from dialogs.staff.card import card
from dialogs.staff.details import file_posts
from dialogs.staff.holding import orphaned
from dialogs.taps import CaseTap
from dialogs.telling import TOLD
from petitions import events as ev
from petitions import numbers
from petitions.deadlines import named
from petitions.quiet import quiet_until
from petitions.record import Entry, Petition, State, undone
from storage import files, outbox, people, posts, record
from storage.messages import Button, Later, Notice, Parcel, Post, Said, Skip
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Scene:
    """What a notice is made from."""

    unit: Unit
    house: House
    language: str
    petition: Petition
    entry: Entry | None

    def say(self, key: str, **facts: object) -> str:
        """A sentence for this reader; the case's number and unit are always among the facts."""
        unit = self.house.office.unit_name(self.petition.unit, self.language)
        number = numbers.show(self.petition.number)
        return self.house.words.say(key, self.language, number=number, unit=unit, **facts)

    def button(self, key: str, act: str, arg: str = "") -> Button:
        """A button that acts on this case."""
        tap = CaseTap(petition=self.petition.id, version=self.petition.version, act=act, arg=arg)
        return Button(text=self.house.words.label(key, self.language), data=tap.pack())

    def local(self, moment: datetime) -> datetime:
        """The moment in the office's zone."""
        return moment.astimezone(self.house.office.tz)


def say(unit: Unit, house: House, parcel: Parcel) -> Said:
    """The messages of a notice as they are to be sent now."""
    notice = parcel.notice
    assert notice is not None
    to_person = parcel.chat_id > 0
    if to_person:
        quiet = quiet_until(unit.now, house.office)
        if quiet is not None:
            return Later(at=quiet)
    person = people.find(unit, parcel.chat_id) if to_person else None
    language = person.language if person else house.office.language
    if notice.draft_id is not None:
        return _of_draft(unit, house, language, notice)
    petition = record.load(unit, notice.petition_id or "")
    entry = petition.entries[notice.seq - 1] if notice.seq else None
    if entry is not None and entry.seq in undone(petition.entries):
        return Skip(reason="taken back before it was sent")
    return NOTICES[notice.kind](Scene(unit, house, language, petition, entry))


def _of_draft(unit: Unit, house: House, language: str, notice: Notice) -> Said:
    assert notice.draft_id is not None
    makers = {"draft_warning": draft_warning, "draft_expired": draft_expired}
    post = makers[notice.kind](unit, house, language, notice.draft_id)
    return [post] if post else Skip(reason="not true any more")


def _card(scene: Scene) -> Said:
    gone = orphaned(scene.unit, scene.house, scene.petition)
    now = scene.unit.now
    return [card(scene.house, scene.language, scene.petition, now, orphaned=gone)]


def _accepted(scene: Scene) -> Said:
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.Accepted)
    handle = named(event.deadlines, "handle")
    text = scene.say(
        "notice.accepted",
        at=scene.local(scene.entry.at).date(),
        due=handle.due,
        clause=scene.house.clause(handle.clause, scene.language),
    )
    if handle.provisional:
        text += "\n" + scene.say("deadline.provisional")
    return [Post(key="notice.accepted", text=text, buttons=_timeline(scene))]


def _asked(scene: Scene) -> Said:
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.SupplementAsked)
    return list(asked_posts(scene.unit, scene.house, scene.language, scene.petition, event))


def asked_posts(
    unit: Unit, house: House, language: str, petition: Petition, event: ev.SupplementAsked
) -> list[Post]:
    """What the petitioner reads when the unit asks for more."""
    scene = Scene(unit, house, language, petition, None)
    parts = parts_of("\n\n".join(event.text))
    made = [Post(key="notice.asked", text=scene.say("notice.asked", text=parts[0]))]
    made += [Post(key="notice.more", text=scene.say("notice.more", text=p)) for p in parts[1:]]
    button = ((scene.button("case.supplement", "supplement"),),)
    return [*made[:-1], made[-1].model_copy(update={"buttons": button})]


def _replied(scene: Scene) -> Said:
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.Replied)
    return reply_posts(scene.unit, scene.house, scene.language, scene.petition, event)


def reply_posts(
    unit: Unit, house: House, language: str, petition: Petition, event: ev.Replied
) -> list[Post]:
    """The written reply as the petitioner reads it: whole, in as many messages as it takes."""
    scene = Scene(unit, house, language, petition, None)
    outcome = house.words.label(f"outcome.{event.outcome}", language)
    review = named(event.deadlines, "ask-review")
    made = [Post(key="notice.replied", text=scene.say("notice.replied", outcome=outcome))]
    texts = parts_of("\n\n".join(event.text))
    made += [Post(key="notice.more", text=scene.say("notice.more", text=t)) for t in texts]
    clause = house.clause(review.clause, language)
    end = scene.say("notice.basis", basis=event.basis, due=review.due, clause=clause)
    made.append(Post(key="notice.basis", text=end, buttons=_timeline(scene)))
    return [*made, *file_posts(files.load(unit, event.files))]


def _undone(scene: Scene) -> Said:
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.Undone)
    since = scene.petition.entries[event.of - 1].at
    if not outbox.was_sent(scene.unit, scene.petition.id, f"notice.{TOLD[event.what]}", since):
        return Skip(reason="never told")
    what = scene.house.words.label(f"did.{event.what}", scene.language)
    text = scene.say("notice.undone", what=what, at=scene.local(scene.entry.at).date())
    return [Post(key="notice.undone", text=text, buttons=_timeline(scene))]


def _survey(scene: Scene) -> Said:
    return _ask_rating(scene, "notice.survey")


def _survey_reminder(scene: Scene) -> Said:
    return (
        Skip(reason="rated")
        if scene.petition.rating
        else _ask_rating(scene, "notice.survey_reminder")
    )


def _ask_rating(scene: Scene, key: str) -> Said:
    until = scene.petition.survey_until
    if until is None or scene.petition.state is not State.REPLIED or scene.unit.now > until:
        return Skip(reason="not open any more")
    rows = tuple((scene.button(f"survey.office.{v}", "rate", v),) for v in ev.Verdict)
    return [Post(key=key, text=scene.say(key, until=scene.local(until).date()), buttons=rows)]


def _supplemented(scene: Scene) -> Said:
    shown = posts.find(scene.unit, f"card:{scene.petition.id}")
    return [
        Post(
            key="notice.supplemented",
            text=scene.say("notice.supplemented"),
            buttons=((scene.button("act.details", "details"),),),
            reply_to=shown[1] if shown else None,
        )
    ]


def _low_rating(scene: Scene) -> Said:
    rating = scene.petition.rating
    if rating is None:
        return Skip(reason="not rated")
    words = scene.house.words
    text = scene.say(
        "notice.low_rating",
        for_office=words.label(f"survey.office.{rating.office}", scene.language),
        for_unit=words.label(f"survey.unit.{rating.unit}", scene.language),
    )
    button = ((scene.button("act.rating", "rating"),),)
    return [Post(key="notice.low_rating", text=text, buttons=button)]


def _timeline(scene: Scene) -> tuple[tuple[Button, ...], ...]:
    return ((scene.button("case.timeline", "timeline"),),)


NOTICES: dict[str, Callable[[Scene], Said]] = {
    "card": _card,
    "accepted": _accepted,
    "asked": _asked,
    "replied": _replied,
    "undone": _undone,
    "survey": _survey,
    "survey_reminder": _survey_reminder,
    "supplemented": _supplemented,
    "low_rating": _low_rating,
}
