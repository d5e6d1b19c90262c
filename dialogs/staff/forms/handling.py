"""While a case is handled: back to the ordinary track (转为普通程序), and 协办意见 (TL 22)."""

from dialogs.carrying import finishing, text_of
from dialogs.forms import Form
from dialogs.staff.forms.parts import REVIEW, gathered
from petitions import commands as do

TRACKING = Form(
    "tracking",
    (gathered(), REVIEW),
    finishing(lambda _turn, draft: do.ChangeTrack(text_of(draft))),
)
CONTRIBUTING = Form(
    "contributing",
    (gathered(), REVIEW),
    finishing(lambda _turn, draft: do.Contribute(text_of(draft))),
)
