"""What can be asked of a petition? One small value a command."""

from dataclasses import dataclass

from petitions.events import Filing, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Register:
    """提交: put the filing on record under this number."""

    filing: Filing
    number: str
    receipt_salt: str


@dataclass(frozen=True, slots=True)
class Take:
    """认领; `orphaned`: who held the case is not among the unit's people any more."""

    orphaned: bool = False


@dataclass(frozen=True, slots=True)
class Accept:
    """受理."""


@dataclass(frozen=True, slots=True)
class AskSupplement:
    """请补充材料: what the petitioner is asked for."""

    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supplement:
    """补充材料: what the petitioner adds."""

    text: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """答复: outcome, opinion, legal basis (TL 32)."""

    outcome: Outcome
    text: tuple[str, ...]
    basis: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reassign:
    """改派 to a colleague (messenger id)."""

    to: int


@dataclass(frozen=True, slots=True)
class Undo:
    """撤销 one's own last step."""


@dataclass(frozen=True, slots=True)
class Look:
    """查看 the personal details."""


@dataclass(frozen=True, slots=True)
class ReadRating:
    """查看 why the petitioner was not satisfied."""


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """Ask for the rating."""


@dataclass(frozen=True, slots=True)
class Rate:
    """评价 the petition office and the unit."""

    office: Verdict
    unit: Verdict
    reason: str | None = None
    comment: str | None = None


Command = (
    Take
    | Accept
    | AskSupplement
    | Supplement
    | Reply
    | Reassign
    | Undo
    | Look
    | ReadRating
    | OpenSurvey
    | Rate
)
