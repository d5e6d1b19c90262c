"""Reminding of a petition that was begun and not submitted."""

from datetime import timedelta

from dialogs.house import House
from dialogs.taps import MenuTap
from storage import drafts
from storage.messages import Button, Post
from storage.unit import Unit


def draft_warning(unit: Unit, house: House, language: str, draft_id: str) -> Post | None:
    """The warning before a draft expires; None when there is nothing to warn of."""
    draft = drafts.load(unit, draft_id)
    if draft is None or draft.state != "open":
        return None
    times = house.office.drafts
    if draft.touched_at + timedelta(days=times.warn_days) > unit.now:
        return None  # gone on with since
    days = round(times.expire_days - times.warn_days)
    text = house.words.say("draft.warning", language, days=days, count=days)
    rows = tuple(
        (
            Button(
                text=house.words.label(f"draft.{act}", language),
                data=MenuTap(what=act, arg=draft_id).pack(),
            ),
        )
        for act in ("resume", "delete")
    )
    return Post(key="draft.warning", text=text, buttons=rows)


def draft_expired(_unit: Unit, house: House, language: str, _draft_id: str) -> Post:
    """What an expired draft's owner is told."""
    button = Button(text=house.words.label("menu.file", language), data=MenuTap(what="file").pack())
    text = house.words.say("draft.expired", language)
    return Post(key="draft.expired", text=text, buttons=((button,),))
