"""How is a form walked? Ask, hear, go on, go back; nothing is lost on the way.

Stays small on purpose: what a question takes is its kind's matter, what an answer means is
the form's.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dialogs.forms.base import (
    Asking,
    Browse,
    Edit,
    Form,
    Heard,
    Kept,
    NotTaken,
    Question,
    Refuse,
    Rows,
    Step,
    Submit,
    Took,
    by_keyboard,
    says,
)
from dialogs.said import Said
from dialogs.turn import Turn
from storage import drafts, due
from storage.drafts import Draft
from storage.messages import Key, Parcel, Post
from words.formats import Html

TOGETHER = timedelta(seconds=3)
ALSO = {
    "form.back": "form.back_also",
    "form.skip": "form.skip_also",
    "form.cancel": "form.cancel_also",
}
"""What people type for these buttons besides their own words."""
NAVIGATION = {"form.back": "back", "form.skip": "skip", "form.cancel": "cancel"}


def start(turn: Turn, form: Form, **how: Any) -> Draft:
    """Begin a form in the person's private chat, or go on with the one begun on this subject.

    Another form that was open there waits for its buttons to be pressed again.
    """
    person, subject = turn.person.id, how.get("subject")
    before = drafts.current(turn.unit, person, person)
    if before is not None and before.form == form.name and subject is None:
        drafts.finish(turn.unit, before, "dropped")
    begun = drafts.unfinished(turn.unit, person, form.name, subject) if subject else None
    if begun is not None and not how.get("answers"):
        return resume(turn, form, begun)
    if begun is not None:
        drafts.finish(turn.unit, begun, "dropped")
    answers = how.get("answers") or {}
    first = next(s for s in form.applying(answers) if s.name not in answers)
    draft = drafts.begin(turn.unit, person, person, form.name, first.name, **how)
    days = turn.house.office.drafts.expire_days
    due.plan(turn.unit, "draft_expiry", draft.id, turn.now + timedelta(days=days))
    ask(turn, form, draft)
    return draft


def resume(turn: Turn, form: Form, draft: Draft) -> Draft:
    """Go on with a draft where it was left."""
    moved = draft.at(draft.step)
    drafts.save(turn.unit, moved)
    drafts.enter(turn.unit, moved)
    ask(turn, form, moved, note=turn.say("form.resumed"))
    return moved


def ask(turn: Turn, form: Form, draft: Draft, *, branch: str = "", note: str = "") -> None:
    """Put the question the draft is at, in place of what was tapped or as a new message."""
    at = Asking(turn, form, form.step(draft.step), draft, branch)
    question = at.step.kind.ask(at)
    posts = (*question.before, _post(at, question, note))
    # A keyboard under the input can come with a new message only.
    if len(posts) == 1 and not question.keyboard and turn.chat_id == draft.chat_id:
        turn.show(posts[0], key_id=draft.key_id)
        return
    turn.parcels += [Parcel(chat_id=draft.chat_id, post=p, key_id=draft.key_id) for p in posts]


def hear(turn: Turn, form: Form, draft: Draft, said: Said) -> None:
    """What a message means at the question the draft is at."""
    at = Asking(turn, form, form.step(draft.step), draft)
    if said.kind == "text":
        offered = _acts(at)
        for label, act in NAVIGATION.items():
            pressed = said.text in turn.house.words.spoken(label)
            typed = any(says(at, said.text, key) for key in (label, ALSO[label]))
            if pressed or (label in offered and typed):
                tap(turn, form, draft, act, "")
                return
    _follow(at, at.step.kind.hear(at, said))


def tap(turn: Turn, form: Form, draft: Draft, act: str, arg: str) -> None:
    """What a button press means at the question the draft is at."""
    at = Asking(turn, form, form.step(draft.step), draft)
    if act == "back":
        _back(at)
    elif act == "skip" and _skippable(at):
        _follow(at, Took(None))
    elif act == "cancel":
        leave(turn, form, draft)
    else:
        _follow(at, at.step.kind.tap(at, act, arg))


def leave(turn: Turn, form: Form, draft: Draft) -> None:
    """取消: a kept form waits as a draft, another one is dropped."""
    if form.kept:
        drafts.leave(turn.unit, draft.chat_id, draft.person_id)
        post = turn.post(f"{form.name}.left", days=turn.house.office.drafts.expire_days)
    else:
        drafts.finish(turn.unit, draft, "dropped")
        post = turn.post(form.left)
    turn.send(post.model_copy(update={"drop_keyboard": True}))


def _follow(at: Asking, heard: Heard) -> None:
    turn, draft = at.turn, at.draft
    match heard:
        case Took(value, note, below):
            if below:
                _take_buttons_away(turn)
            _go_on(at, draft.answered(at.step.name, value), note)
        case Kept():
            _keep(at, heard)
        case Refuse(key, facts):
            # The question is put again below, so that nobody has to scroll back for it.
            post = _post(at, at.step.kind.ask(at), turn.say(key, **facts))
            turn.send(post.model_copy(update={"key": key}), key_id=draft.key_id)
        case Browse(branch):
            ask(turn, at.form, draft, branch=branch)
        case Edit(step):
            moved = draft.at(step, reviewing=True)
            drafts.save(turn.unit, moved)
            ask(turn, at.form, moved)
        case Submit():
            _submit(at)


def _submit(at: Asking) -> None:
    """Finish, unless an answer was emptied on the way: then that question comes first."""
    lacking = at.form.unanswered(at.draft.answers)
    if not lacking:
        _finish(at, at.draft)
        return
    moved = at.draft.at(lacking[0].name, reviewing=True)
    drafts.save(at.turn.unit, moved)
    ask(at.turn, at.form, moved, note=at.turn.say("form.lacking"))


def _finish(at: Asking, draft: Draft) -> None:
    """Hand the form in: only what was asked under the answers as they are now."""
    asked = {step.name for step in at.form.applying(draft.answers)}
    answers = {name: value for name, value in draft.answers.items() if name in asked}
    try:
        at.form.finish(at.turn, replace(draft, answers=answers))
    except NotTaken as refused:
        moved = draft.at(draft.step)
        drafts.save(at.turn.unit, moved)
        at.turn.tapped = None
        ask(at.turn, at.form, moved, note=refused.note)
        return
    due.drop(at.turn.unit, "draft_expiry", draft.id)


def _keep(at: Asking, kept: Kept) -> None:
    draft = at.draft.answered(at.step.name, kept.value)
    drafts.save(at.turn.unit, draft)
    if kept.key is None:
        ask(at.turn, at.form, draft, branch=kept.branch)
        return
    now = replace(at, draft=draft)
    post = _post(now, now.step.kind.ask(now), "")
    post = post.model_copy(update={"key": kept.key, "text": at.turn.say(kept.key, **kept.facts)})
    if at.turn.tapped is not None:
        at.turn.show(post, key_id=draft.key_id)
    else:
        slot = f"note:{draft.id}:{draft.version}" if kept.slot else None
        # An album comes at once and needs one note; who writes on reads it at the bottom.
        fresh = at.turn.now - at.draft.touched_at > TOGETHER
        at.turn.send(post, slot=slot, fresh=fresh, key_id=draft.key_id)


def _go_on(at: Asking, draft: Draft, note: str) -> None:
    if at.step.then is not None and not at.step.then(at.turn, draft):
        return
    following = _next(at.form, draft)
    if following is None:
        drafts.save(at.turn.unit, draft)
        _finish(at, draft)
        return
    back_at_review = not any(s.name == following.name for s in at.form.unanswered(draft.answers))
    moved = draft.at(following.name, reviewing=draft.reviewing and not back_at_review)
    drafts.save(at.turn.unit, moved)
    _clear_keyboard(at)
    ask(at.turn, at.form, moved, note=note)


def _next(form: Form, draft: Draft) -> Step | None:
    """The step after this one; on the way back to the review, the next that lacks an answer."""
    steps = form.applying(draft.answers)
    names = [s.name for s in form.steps]
    after = [s for s in steps if names.index(s.name) > names.index(draft.step)]
    if draft.reviewing:
        open_ones = [s for s in form.unanswered(draft.answers) if s in after]
        return open_ones[0] if open_ones else (steps[-1] if after else None)
    return after[0] if after else None


def _back(at: Asking) -> None:
    steps = [s.name for s in at.form.applying(at.draft.answers)]
    index = steps.index(at.step.name) if at.step.name in steps else 0
    if index == 0:
        ask(at.turn, at.form, at.draft, note=at.turn.say("form.first"))
        return
    # From a change of one answer the way back leads to the review.
    moved = at.draft.at(steps[-1 if at.draft.reviewing else index - 1], reviewing=False)
    drafts.save(at.turn.unit, moved)
    _clear_keyboard(at)
    ask(at.turn, at.form, moved)


def _take_buttons_away(turn: Turn) -> None:
    """The tapped message keeps its text and loses its buttons; what follows is a new message."""
    if turn.tapped is not None:
        turn.show(Post(key="form.buttons_off"))
        turn.tapped = None


def clear_keyboard(turn: Turn, form: Form, draft: Draft) -> None:
    """Take away the keyboard under the input, if the draft's question asked through one."""
    _clear_keyboard(Asking(turn, form, form.step(draft.step), draft))


def drop_stray_keyboard(turn: Turn, said: Said) -> None:
    """A key pressed when no form is open is of a keyboard that outlived its form."""
    if any(said.text in turn.house.words.spoken(label) for label in NAVIGATION):
        _drop_keyboard(turn)


def _clear_keyboard(at: Asking) -> None:
    """One message cannot both take the keyboard away and carry buttons, so it goes first."""
    if by_keyboard(at.step.kind):
        _drop_keyboard(at.turn)


def _drop_keyboard(turn: Turn) -> None:
    turn.send(turn.post("form.noted").model_copy(update={"drop_keyboard": True}))


def _post(at: Asking, question: Question, note: str) -> Post:
    said = at.turn.say(question.key, **question.facts)
    head = at.turn.say("form.stage", stage=at.step.stage, stages=at.form.stages)
    text = f"{head}\n{said}" if at.step.stage else said
    if note:
        text = Html(f"{note}\n\n{text}")
    if question.keyboard:
        assert by_keyboard(at.step.kind)
        rows = tuple((key,) for key in question.keyboard)
        return Post(key=question.key, text=text, keyboard=(*rows, _navigation_keys(at)))
    return Post(key=question.key, text=text, buttons=(*question.rows, *_navigation(at)))


def _skippable(at: Asking) -> bool:
    """An optional line can be emptied by skipping it; what was gathered has its own buttons."""
    return at.step.optional and (not at.value or isinstance(at.value, str))


def _acts(at: Asking) -> list[str]:
    first = at.step.name == at.form.applying(at.draft.answers)[0].name
    acts = [] if first else ["form.back"]
    acts += ["form.skip"] if _skippable(at) else []
    return [*acts, "form.cancel"]


def _navigation(at: Asking) -> Rows:
    return (tuple(at.button(label, NAVIGATION[label]) for label in _acts(at)),)


def _navigation_keys(at: Asking) -> tuple[Key, ...]:
    return tuple(Key(text=at.turn.label(label)) for label in _acts(at))
