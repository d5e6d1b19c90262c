"""Which papers are there, and how is one stored, read back and drawn?"""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from documents import typeset
from documents.acceptance import Acceptance
from documents.assignment import Assignment
from documents.decline import Decline
from documents.dossier import Dossier
from documents.extension import Extension
from documents.opinion import Opinion
from documents.referral import Referral
from documents.review import Review, SecondReview
from documents.transfer import Transfer
from documents.voice import Voice
from words import Words

AnyPaper = Annotated[
    Acceptance
    | Decline
    | Transfer
    | Referral
    | Extension
    | Opinion
    | Review
    | SecondReview
    | Assignment
    | Dossier,
    Field(discriminator="kind"),
]
_papers: TypeAdapter[AnyPaper] = TypeAdapter(AnyPaper)


def facts_of(paper: AnyPaper) -> dict[str, Any]:
    """The paper's facts as JSON has them, without its kind: what a message keeps of it."""
    return paper.model_dump(mode="json", exclude={"kind"}, exclude_defaults=True)


def read(kind: str, facts: dict[str, Any]) -> AnyPaper:
    """The paper of these facts. Raises `pydantic.ValidationError` when they are not of a kind."""
    return _papers.validate_python(facts | {"kind": kind})


def file_name(paper: AnyPaper, language: str, words: Words) -> str:
    """What its file is called: 受理告知书-990100-20260302-00001-7.pdf."""
    return f"{paper.title(Voice(words, language))}-{paper.number}.pdf"


def draw(paper: AnyPaper, language: str, words: Words) -> bytes:
    """The paper as PDF. Takes some ten milliseconds of a core; call it in a thread."""
    return typeset.to_pdf(paper.lay_out(Voice(words, language)), language)
