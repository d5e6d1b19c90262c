"""Which notices does the law require? Beside `audience`: whoever is told, this says how surely.

What is required goes out whatever its reader chose, silently where they want no pushes. The
rest is left out then: it can be read under the case, where it can be acted on too.
"""

from typing import NamedTuple


class Duty(NamedTuple):
    """Whether a notice must be given, and the rule or the reason."""

    required: bool
    source: str


RATING = "《信访事项办理群众满意度评价工作办法》"
NOTICES: dict[str, Duty] = {
    "routed": Duty(True, "TL 22"),
    "recused": Duty(True, "TL 22, 28"),  # told where the case went to another unit by it
    "supplemented": Duty(True, "TL 22"),  # likewise
    "declined": Duty(True, "TL 23(1)"),
    "referred": Duty(True, "TL 22, 31"),
    "accepted": Duty(True, "TL 23"),
    "track_changed": Duty(True, "TL 34"),  # it moves the day of the reply, as an extension does
    "asked": Duty(True, "TL 34"),  # the clock runs on: silence could cost what is asked for
    "extended": Duty(True, "TL 34"),
    "mediation_proposed": Duty(True, "TL 33"),  # nobody can agree to what they did not hear of
    "mediated": Duty(True, "TL 33"),
    "replied": Duty(True, "TL 32"),
    "suggestion_answered": Duty(True, "TL 29"),
    "hearing_held": Duty(True, "TL 36"),  # its time is not counted, so the decision comes later
    "review_decided": Duty(True, "TL 35, 36"),
    "undone": Duty(True, "ours"),  # who was told something must be told that it does not hold
    "survey": Duty(False, RATING),  # whoever wants to rate finds it under the case
    "survey_reminder": Duty(False, "ours"),
    "asked_again": Duty(False, RATING),  # likewise
    "inquired": Duty(True, "ours"),  # they were told that they would hear what came of it
    "review_closing": Duty(True, "ours"),  # after the last day the right is gone (TL 35, 36)
    "draft_warning": Duty(False, "ours"),
    "draft_expired": Duty(False, "ours"),
    "inquiry_yours": Duty(True, "ours"),  # an officer's own: the petitioner waits to hear
    "inquiry_waits": Duty(True, "ours"),  # likewise
    "line": Duty(True, "TL 40"),  # an officer's own: a limit has passed, they are to lead a case
}
"""Every kind of notice that goes to a person, with the clause of the regulation (TL)."""


def is_required(kind: str) -> bool:
    """Whether this kind of notice goes out though its reader wants no pushes.

    One that nobody has judged yet does: too much is told sooner than too little.
    """
    return NOTICES[kind].required if kind in NOTICES else True
