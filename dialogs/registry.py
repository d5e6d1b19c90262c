"""Which forms are there?"""

from dialogs.citizen.appealing import APPEAL
from dialogs.citizen.filing import FILING
from dialogs.citizen.lookup import LOOKUP
from dialogs.citizen.supplement import SUPPLEMENT
from dialogs.citizen.survey import SURVEY
from dialogs.citizen.zoning import ZONE
from dialogs.forms import Form
from dialogs.staff.acts import FORMS as STAFF

CITIZEN = (FILING, LOOKUP, SUPPLEMENT, SURVEY, APPEAL, ZONE)
FORMS: dict[str, Form] = {form.name: form for form in (*CITIZEN, *STAFF)}
