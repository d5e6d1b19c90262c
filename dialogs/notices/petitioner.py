"""What does the petitioner get? Every step that concerns them, dated, and what they can do."""

from dialogs.audience import told_as
from dialogs.citizen import closing
from dialogs.citizen.windows import window
from dialogs.letters import letter
from dialogs.notices.scene import Scene
from dialogs.parts import parts_of
from dialogs.staff.details import file_posts
from petitions import events as ev
from petitions.deadlines import Deadline, named
from petitions.moves.deciding import review_open
from petitions.moves.surveying import awaits_rating
from storage import files, outbox
from storage.messages import Button, Post, Said, Skip

LAST = "ask-second-review"
Rows = tuple[tuple[Button, ...], ...]


def step(scene: Scene) -> Said:
    """One step: a sentence with its facts, the text it carries whole, and the buttons."""
    assert scene.entry is not None
    facts = scene.facts
    made = [
        Post(key=f"notice.{scene.sentence}", text=scene.say(f"notice.{scene.sentence}", **facts))
    ]
    if not isinstance(scene.entry.event, ev.Routed):  # its note is for the unit
        made += scene.long(facts.get("text", ""))
    rows = (*_choices(scene, scene.entry.event), *timeline(scene))
    paper = letter(scene.house, scene.language, scene.petition, scene.entry)
    return [*made[:-1], made[-1].model_copy(update={"buttons": rows}), *paper]


def passed_on(scene: Scene) -> Said:
    """Somebody withdrew, or more was sent: told where another unit has the case by that."""
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.Recused | ev.Supplemented)
    return step(scene) if event.to else Skip(reason="the unit stayed")


def _choices(scene: Scene, event: ev.AnyEvent) -> Rows:
    """What can be done about a step, beside looking at the timeline."""
    match event:
        case ev.MediationProposed():
            return (
                (scene.button("case.agree", "agree"), scene.button("case.disagree", "disagree")),
            )
        case ev.ReviewDecided() if event.reviewer is not None:
            return _review(scene, 2, named(event.deadlines, "ask-second-review"))
        case ev.Inquired(result=ev.Result.REVIEW) if _can_ask_review(scene):
            level, name = (1, "ask-review") if scene.petition.decision is None else (2, LAST)
            return _review(scene, level, named(scene.petition.deadlines, name))
        case ev.Replied() if event.reviewer is not None:
            return _review(scene, 1, named(event.deadlines, "ask-review"))
    return ()


def _can_ask_review(scene: Scene) -> bool:
    return review_open(scene.petition, scene.unit.now, scene.house.rules)


def _review(scene: Scene, level: int, until: Deadline) -> Rows:
    """申请复查 or 复核, with the last day: a message stays, so days left would soon be untrue."""
    return ((scene.button(f"case.review_until.{level}", "review", due=until.due),),)


def asked(scene: Scene) -> Said:
    """The unit asks for more."""
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.SupplementAsked)
    parts = parts_of("\n\n".join(event.text))
    day = scene.local(scene.entry.at).date()
    # The unit that did it: another may have the case by the morning this is sent.
    did = {"at": day, "unit": scene.facts["unit"]}
    made = [Post(key="notice.asked", text=scene.say("notice.asked", text=parts[0], **did))]
    made += [Post(key="notice.more", text=scene.say("notice.more", text=p)) for p in parts[1:]]
    button = ((scene.button("case.supplement", "supplement"),),)
    return [*made[:-1], made[-1].model_copy(update={"buttons": button})]


def replied(scene: Scene) -> Said:
    """The written reply: whole, in as many messages as it takes, and as a paper."""
    assert scene.entry is not None
    event, house, language = scene.entry.event, scene.house, scene.language
    assert isinstance(event, ev.Replied)
    outcome = house.words.label(f"outcome.{event.outcome}", language)
    review = named(event.deadlines, "ask-review")
    day = scene.local(scene.entry.at).date()
    did = {"at": day, "unit": scene.facts["unit"]}
    made = [Post(key="notice.replied", text=scene.say("notice.replied", outcome=outcome, **did))]
    made += scene.long("\n\n".join(event.text))
    clause = house.clause(review.clause, language)
    unsure = house.words.label("deadline.provisional", language) if review.provisional else ""
    facts = {"basis": event.basis, "due": review.due, "clause": clause, "unsure": unsure}
    end = scene.say("notice.basis", **facts)
    end += "\n" + (
        scene.say("notice.reviewer", reviewer=house.office.unit_name(event.reviewer, language))
        if event.reviewer
        else scene.say("notice.reviewer_outside")
    )
    buttons = (*_choices(scene, event), *timeline(scene))
    made.append(Post(key="notice.basis", text=end, buttons=buttons))
    made += file_posts(files.load(scene.unit, event.files))
    return [*made, *letter(house, language, scene.petition, scene.entry)]


def undone(scene: Scene) -> Said:
    """A step they were told of was taken back."""
    assert scene.entry is not None
    event = scene.entry.event
    assert isinstance(event, ev.Undone)
    taken_back = scene.petition.entries[event.of - 1]
    kind = told_as(event.what)
    if not outbox.was_sent(scene.unit, scene.petition.id, f"notice.{kind}", taken_back.at):
        return Skip(reason="never told")
    what = scene.house.words.label(f"did.{event.what}", scene.language)
    text = scene.say("notice.undone", what=what, at=scene.local(scene.entry.at).date())
    return [Post(key="notice.undone", text=text, buttons=timeline(scene))]


def survey(scene: Scene) -> Said:
    """Please rate."""
    return _ask_rating(scene, "notice.survey")


def asked_again(scene: Scene) -> Said:
    """Please rate once more, after it was looked into."""
    return _ask_rating(scene, "notice.asked_again")


def survey_reminder(scene: Scene) -> Said:
    """Please rate: reminded of it once and never again."""
    return _ask_rating(scene, "notice.survey_reminder")


def _ask_rating(scene: Scene, key: str) -> Said:
    if scene.petition.rated_since:
        return Skip(reason="rated")
    until = scene.petition.survey_until
    if until is None or not awaits_rating(scene.petition, scene.unit.now):
        return Skip(reason="not open any more")
    rows = tuple((scene.button(f"survey.office.{v}", "rate", v),) for v in ev.Verdict)
    return [Post(key=key, text=scene.say(key, until=scene.local(until).date()), buttons=rows)]


def review_closing(scene: Scene) -> Said:
    """The time to ask for a review is nearly over (`code` says of which decision, TL 35, 36)."""
    house = scene.house
    found = window(scene.petition, house.rules, scene.unit.now)
    if found is None or closing.mark(found) != scene.notice.code or found.left < 0:
        return Skip(reason="asked for, or over")
    level = found.level
    soon, today = f"notice.review_closing.{level}", f"notice.review_closing_today.{level}"
    key = soon if found.left else today
    unsure = house.words.label("deadline.provisional", scene.language)
    facts = {
        "due": found.until.due,
        "days": found.left,
        "count": found.left,
        "clause": house.clause(found.until.clause, scene.language),
        "unsure": unsure if found.until.provisional else "",
    }
    text = scene.say(key, **facts)
    rows = timeline(scene)
    if found.unit is None:
        text += "\n" + scene.say("notice.review_closing_outside")
    else:
        rows = (*_review(scene, level, found.until), *rows)
    return [Post(key=key, text=text, buttons=rows)]


def timeline(scene: Scene) -> Rows:
    """The button that shows where the case stands."""
    return ((scene.button("case.timeline", "timeline"),),)
