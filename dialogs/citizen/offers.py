"""What can the petitioner do now? The buttons under the timeline, asked of the rules."""

from dialogs.citizen import texts
from dialogs.citizen.windows import window
from dialogs.taps import CaseTap
from dialogs.turn import Buttons, Turn
from petitions import commands as do
from petitions.access import actor_of
from petitions.lifecycle import possible
from petitions.record import Petition, State
from storage.messages import Button


def offers(turn: Turn, petition: Petition) -> Buttons:
    """What was asked of them first, then what they may do; to withdraw stands last.

    Nothing ever suggests to withdraw: the button is there because the right is.
    """
    can = possible(
        petition, actor_of(petition.petitioner, turn.house.office), turn.now, turn.house.rules
    )
    asked = petition.state is State.SUPPLEMENT
    more = [_row(turn, petition, "supplement")] if do.Supplement in can else []
    rows = more if asked else []
    if do.AnswerMediation in can:
        rows += [_row(turn, petition, "agree", "disagree")]
    if texts.told_in(petition):
        rows += [_row(turn, petition, "texts")]
    if do.Rate in can:
        rows += [
            (
                _button(
                    turn,
                    petition,
                    "case.rate_again" if petition.rated_since else "case.rate",
                    "rate",
                ),
            )
        ]
    if do.AskReview in can:
        rows += [(review_button(turn, petition),)]
    rows += [] if asked else more
    rows += [_row(turn, petition, "withdraw")] if do.Withdraw in can else []
    return tuple(rows)


def review_button(turn: Turn, petition: Petition) -> Button:
    """申请复查 or 复核, with the days left."""
    found = window(petition, turn.house.rules, turn.now)
    assert found is not None
    key = f"case.review.{found.level}"
    if found.left == 0:
        key = f"case.review_today.{found.level}"
    tap = CaseTap(petition=petition.id, version=petition.version, act="review")
    return Button(text=turn.label(key, days=found.left, count=found.left), data=tap.pack())


def _row(turn: Turn, petition: Petition, *acts: str) -> tuple[Button, ...]:
    return tuple(_button(turn, petition, f"case.{act}", act) for act in acts)


def _button(turn: Turn, petition: Petition, key: str, act: str) -> Button:
    tap = CaseTap(petition=petition.id, version=petition.version, act=act)
    return Button(text=turn.label(key), data=tap.pack())
