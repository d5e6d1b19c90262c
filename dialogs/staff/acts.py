"""Which button makes which move? One table: the act's name, its command, and how it is given."""

from dataclasses import dataclass

from dialogs.forms import Form
from dialogs.staff.forms.answering import ANSWERING
from dialogs.staff.forms.asking import ASKING
from dialogs.staff.forms.declining import DECLINING
from dialogs.staff.forms.extending import EXTENDING
from dialogs.staff.forms.handling import CONTRIBUTING, TRACKING
from dialogs.staff.forms.inquiring import INQUIRING
from dialogs.staff.forms.leading import LEADING
from dialogs.staff.forms.linking import LINKING
from dialogs.staff.forms.mediating import MEDIATING, PROPOSING
from dialogs.staff.forms.objecting import INSISTING, OBJECTING
from dialogs.staff.forms.overseeing import RESPONDING, SUPERVISING
from dialogs.staff.forms.referring import REFERRING
from dialogs.staff.forms.replying import REPLYING
from dialogs.staff.forms.reviewing import DECIDING, HEARING
from dialogs.staff.forms.routing import ROUTING
from petitions import commands as do


@dataclass(frozen=True, slots=True)
class Direct:
    """Given at once; `done` is the toast that says so."""

    command: do.Command
    done: str


@dataclass(frozen=True, slots=True)
class Written:
    """Given at the end of a form, filled in in private."""

    command: type[do.Command]
    form: Form


ACTS: dict[str, Direct | Written] = {
    "accept": Direct(do.Accept(), "acted.accepted"),
    "accept_simple": Direct(do.Accept(simple=True), "acted.accepted_simple"),
    "answer": Written(do.AnswerSuggestion, ANSWERING),
    "ask": Written(do.AskSupplement, ASKING),
    "reply": Written(do.Reply, REPLYING),
    "route": Written(do.Route, ROUTING),
    "object": Written(do.Object, OBJECTING),
    "insist": Written(do.Insist, INSISTING),
    "decline": Written(do.Decline, DECLINING),
    "refer": Written(do.Refer, REFERRING),
    "track": Written(do.ChangeTrack, TRACKING),
    "extend": Written(do.AskExtension, EXTENDING),
    "approve": Direct(do.Extend(), "acted.extended"),
    "refuse": Direct(do.RefuseExtension(), "acted.extension_refused"),
    "mediate": Written(do.ProposeMediation, PROPOSING),
    "mediated": Written(do.Mediate, MEDIATING),
    "contribute": Written(do.Contribute, CONTRIBUTING),
    "decide": Written(do.DecideReview, DECIDING),
    "hearing": Written(do.HoldHearing, HEARING),
    "take_inquiry": Direct(do.TakeInquiry(), "acted.inquiry_taken"),
    "inquire": Written(do.Inquire, INQUIRING),
    "leave_inquiry": Direct(do.LeaveInquiry(), "acted.inquiry_left"),
    "answer_supervision": Written(do.AnswerSupervision, RESPONDING),
    "supervise": Written(do.Supervise, SUPERVISING),
    "lead": Written(do.SetLead, LEADING),
    "link": Written(do.Link, LINKING),
    "recuse": Direct(do.Recuse(), "acted.recused"),
    "undo": Direct(do.Undo(), "acted.undone"),
}
"""In the order in which an officer is offered them. 认领 and 改派 need more: see `acting`."""
BESIDE = frozenset({"take_inquiry", "inquire", "leave_inquiry"})
"""Beside the case's own way, which goes on meanwhile: their buttons do not grow stale by it."""
FORMS: tuple[Form, ...] = tuple(
    dict.fromkeys(act.form for act in ACTS.values() if isinstance(act, Written))
)


def command_of(act: str) -> type[do.Command]:
    """The command this act gives."""
    found = ACTS[act]
    return found.command if isinstance(found, Written) else type(found.command)
