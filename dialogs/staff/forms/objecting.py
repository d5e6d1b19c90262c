"""Objecting to a routing, and insisting on one (异议, 维持转送, TL 23(3))."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form
from dialogs.staff.forms.parts import REVIEW, gathered
from petitions import commands as do

OBJECTING = Form(
    "objecting",
    (gathered(), REVIEW),
    finishing(lambda _turn, draft: do.Object(text_of(draft))),
)
INSISTING = Form(
    "insisting",
    (gathered(), REVIEW),
    finishing(lambda _turn, draft: do.Insist(text_of(draft))),
)
