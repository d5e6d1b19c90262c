"""What can be asked of a petition? One small value a command.

The rule for each stands in `petitions.moves` under the same name.
"""

from petitions.commands.deciding import (
    AnswerSuggestion,
    AskReview,
    DecideReview,
    HoldHearing,
    Reply,
)
from petitions.commands.handling import (
    Accept,
    AnswerMediation,
    AskExtension,
    AskSupplement,
    ChangeTrack,
    Contribute,
    Extend,
    Mediate,
    ProposeMediation,
    Recuse,
    RefuseExtension,
    Supplement,
)
from petitions.commands.overseeing import (
    AnswerSupervision,
    Escalate,
    Look,
    Recount,
    SetLead,
    Supervise,
    Undo,
)
from petitions.commands.routing import (
    Decline,
    Insist,
    Link,
    Object,
    Reassign,
    Refer,
    Register,
    Route,
    Take,
    Withdraw,
)
from petitions.commands.surveying import (
    AskAgain,
    Inquire,
    LeaveInquiry,
    NameInquirer,
    OpenSurvey,
    Rate,
    ReadRating,
    TakeInquiry,
)

__all__ = [
    "Accept",
    "AnswerMediation",
    "AnswerSuggestion",
    "AnswerSupervision",
    "AskAgain",
    "AskExtension",
    "AskReview",
    "AskSupplement",
    "ChangeTrack",
    "Command",
    "Contribute",
    "DecideReview",
    "Decline",
    "Escalate",
    "Extend",
    "HoldHearing",
    "Inquire",
    "Insist",
    "LeaveInquiry",
    "Link",
    "Look",
    "Mediate",
    "NameInquirer",
    "Object",
    "OpenSurvey",
    "ProposeMediation",
    "Rate",
    "ReadRating",
    "Reassign",
    "Recount",
    "Recuse",
    "Refer",
    "RefuseExtension",
    "Register",
    "Reply",
    "Route",
    "SetLead",
    "Supervise",
    "Supplement",
    "Take",
    "TakeInquiry",
    "Undo",
    "Withdraw",
]

Command = (
    Take
    | Reassign
    | Route
    | Object
    | Insist
    | Decline
    | Refer
    | Link
    | Withdraw
    | Accept
    | ChangeTrack
    | AskSupplement
    | Supplement
    | AskExtension
    | Extend
    | RefuseExtension
    | ProposeMediation
    | AnswerMediation
    | Mediate
    | Contribute
    | Recuse
    | Reply
    | AnswerSuggestion
    | AskReview
    | HoldHearing
    | DecideReview
    | OpenSurvey
    | Rate
    | ReadRating
    | TakeInquiry
    | LeaveInquiry
    | NameInquirer
    | Inquire
    | AskAgain
    | Undo
    | Look
    | Supervise
    | AnswerSupervision
    | SetLead
    | Escalate
    | Recount
)
