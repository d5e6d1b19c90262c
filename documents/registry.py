"""Which papers are there, and how is one stored, read back and drawn?"""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from documents import typeset, workbook
from documents.acceptance import Acceptance
from documents.assignment import Assignment
from documents.decline import Decline
from documents.digest import Digest, DigestTable
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
AnyDigest = Digest | DigestTable
Drawn = Annotated[AnyPaper | AnyDigest, Field(discriminator="kind")]
"""All that is drawn when it is sent: papers as PDF, digests as a picture or a workbook."""
_papers: TypeAdapter[AnyPaper | AnyDigest] = TypeAdapter(Drawn)


def facts_of(paper: AnyPaper | AnyDigest) -> dict[str, Any]:
    """The paper's facts as JSON has them, without its kind: what a message keeps of it."""
    return paper.model_dump(mode="json", exclude={"kind"}, exclude_defaults=True)


def read(kind: str, facts: dict[str, Any]) -> AnyPaper | AnyDigest:
    """The paper of these facts. Raises `pydantic.ValidationError` when they are not of a kind."""
    return _papers.validate_python(facts | {"kind": kind})


def file_name(paper: AnyPaper | AnyDigest, language: str, words: Words) -> str:
    """What its file is called: 受理告知书-990100-20260302-00001-7.pdf."""
    say = Voice(words, language)
    if isinstance(paper, Digest):
        return paper.file_name(say)
    return f"{paper.title(say)}-{paper.number}.pdf"


def draw(paper: AnyPaper | AnyDigest, language: str, words: Words) -> bytes:
    """The paper as PDF, a digest as PNG or xlsx.

    Takes some ten milliseconds of a core, the first picture a second; call it in a thread.
    """
    say = Voice(words, language)
    if isinstance(paper, DigestTable):
        return workbook.to_xlsx(paper, say)
    if isinstance(paper, Digest):
        from documents import charts  # with the first picture, as what draws it

        return charts.to_png(charts.lay_out(paper, say))
    return typeset.to_pdf(paper.lay_out(say), language)
