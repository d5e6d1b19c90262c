"""设置: how the bot speaks to somebody and when, on one screen, as it is chosen now."""

from dialogs.taps import SettingTap
from dialogs.turn import Buttons, Turn
from dialogs.zones import clock_there, zone_label
from petitions.office import QuietHours
from petitions.quiet import OFF, read_hours
from storage import people
from storage.messages import Button, Post
from words.formats import Html


def show(turn: Turn) -> None:
    """The screen as a new message."""
    turn.tapped = None
    turn.send(screen(turn))


def screen(turn: Turn, note: str = "") -> Post:
    """The values as they are, what they mean, and a button to change each."""
    person = turn.person
    post = turn.post(
        "settings.screen",
        _buttons(turn),
        spoken=turn.label("language.name"),
        quiet=quiet_label(turn),
        zone=zone_label(turn.house, turn.language, person.zone),
        clock=clock_there(turn.now, person.zone, turn.house.office.tz),
        pushes=turn.label("settings.pushes_on" if person.pushes else "settings.pushes_off"),
        about=turn.say(_about(turn)),
    )
    return post.model_copy(update={"text": Html(f"{note}\n\n{post.text}")}) if note else post


def refresh(turn: Turn) -> None:
    """What was just chosen holds from here on."""
    found = people.find(turn.unit, turn.person.id)
    assert found is not None
    turn.person = found


def quiet_label(turn: Turn) -> str:
    """The quiet hours in words, and whether they are the office's."""
    office = turn.house.office.quiet
    if turn.person.quiet == OFF:
        return turn.label("settings.quiet_off")
    own = read_hours(turn.person.quiet)
    if own is not None:
        return hours_label(turn, own)
    return turn.label("settings.quiet_office", hours=hours_label(turn, office))


def hours_label(turn: Turn, hours: QuietHours) -> str:
    """From when till when, with a word more over midnight."""
    if hours.start == hours.end:
        return turn.label("settings.quiet_off")
    key = "settings.hours_night" if hours.start > hours.end else "settings.hours_day"
    return turn.label(key, start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}")


def button(turn: Turn, key: str, what: str, arg: str = "", **facts: object) -> Button:
    """A button of the settings, good whenever it is pressed: it says what to choose."""
    return Button(text=turn.label(key, **facts), data=SettingTap(what=what, arg=arg).pack())


def _about(turn: Turn) -> str:
    if turn.person.pushes:
        return "settings.about_on"
    return "settings.about_off_staff" if turn.actor.posts else "settings.about_off"


def _buttons(turn: Turn) -> Buttons:
    on = turn.person.pushes
    pushes = button(
        turn,
        "settings.turn_off" if on else "settings.turn_on",
        "pushes",
        "off" if on else "on",
    )
    return (
        (button(turn, "menu.language", "language"), button(turn, "settings.quiet", "quiet")),
        (button(turn, "settings.zone", "zone"), pushes),
    )
