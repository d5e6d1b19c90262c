"""What do the supervisors get of a low rating? Both answers, and who looks into it.

Never why: the petitioner's words are opened in private, by who may look into it.
"""

from dialogs.inquiring import shared
from dialogs.notices.scene import Scene
from dialogs.refusing import officer_name
from dialogs.turn import Buttons
from petitions import events as ev
from petitions.concerned import has_inquiry
from petitions.roster import all_barred
from storage import groups
from storage.messages import Post, Said, Skip


def low_rating(scene: Scene) -> Said:
    """Somebody was not satisfied; who looks into it, or the button to do so; what came of it."""
    inquiry = scene.petition.inquiry
    if inquiry is None:
        return Skip(reason="not rated")
    if _handled_here(scene):
        return Skip(reason="the group handles the case")
    text = _answers(scene, scene.petition.rating or inquiry.about, "notice.low_rating")
    said = f"{text}\n{_stands(scene, inquiry)}"
    take = ((scene.button("act.take_inquiry", "take_inquiry"),),) if _free(scene, inquiry) else ()
    return [Post(key="notice.low_rating", text=said, buttons=(*take, *_opening(scene)))]


def low_again(scene: Scene) -> Said:
    """Asked once more, and answered: shown to the supervisors, and not looked into again."""
    rating = scene.petition.rating
    if rating is None:
        return Skip(reason="not rated")
    if _handled_here(scene):
        return Skip(reason="the group handles the case")
    text = _answers(scene, rating, "notice.low_again")
    return [Post(key="notice.low_again", text=text, buttons=_opening(scene))]


def yours(scene: Scene) -> Said:
    """The roster names this person: what it is about, and what is to be done."""
    return _to_inquirer(scene, "notice.inquiry_yours")


def waits(scene: Scene) -> Said:
    """It is with this person for long; the petitioner waits to hear."""
    return _to_inquirer(scene, "notice.inquiry_waits")


def _to_inquirer(scene: Scene, key: str) -> Said:
    inquiry = scene.petition.inquiry
    if inquiry is None or inquiry.officer is None or not inquiry.open:
        return Skip(reason="looked into")
    if scene.reader is not None and not has_inquiry(scene.reader, scene.petition):
        return Skip(reason="somebody else's now")
    if _handled_here(scene):
        return Skip(reason="the group handles the case")
    who = officer_name(scene.house, inquiry.officer, scene.language)
    return [Post(key=key, text=scene.say(key, who=who), buttons=_opening(scene))]


def _handled_here(scene: Scene) -> bool:
    """Whether a unit that works on the case reads along where this goes, by the time it does."""
    where = scene.notice.unit
    return where is not None and shared(scene.unit, scene.house, scene.petition, where)


def _answers(scene: Scene, rating: ev.Rated, key: str) -> str:
    words = scene.house.words
    said: str = scene.say(
        key,
        for_office=words.label(f"survey.office.{rating.office}", scene.language),
        for_unit=words.label(f"survey.unit.{rating.unit}", scene.language),
    )
    return said


def _stands(scene: Scene, inquiry: ev.Inquiry) -> str:
    """Whose it is to look into it, or what came of it."""
    if inquiry.found is not None:
        result = scene.house.words.label(f"result.{inquiry.found.result}", scene.language)
        said: str = scene.say("inquiry.done", result=result)
    elif inquiry.officer is not None:
        who = officer_name(scene.house, inquiry.officer, scene.language)
        said = scene.say("inquiry.with", who=who)
    else:
        said = scene.say("inquiry.free" if _free(scene, inquiry) else "inquiry.all_barred")
    return said


def _free(scene: Scene, inquiry: ev.Inquiry) -> bool:
    """Whether a supervisor can take it."""
    if not inquiry.open or inquiry.officer is not None:
        return False
    return not all_barred(scene.petition, scene.house.office, groups.left(scene.unit))


def _opening(scene: Scene) -> Buttons:
    """The rating first; then the case itself, where what came of it is written."""
    return ((scene.button("act.rating", "rating"),), (scene.button("act.card", "card"),))
