"""Which forms are there?"""

from dialogs.citizen.filing import FILING
from dialogs.citizen.lookup import LOOKUP
from dialogs.citizen.supplement import SUPPLEMENT
from dialogs.citizen.survey import SURVEY
from dialogs.forms import Form
from dialogs.staff.asking import ASKING
from dialogs.staff.replying import REPLYING

FORMS: dict[str, Form] = {
    form.name: form for form in (FILING, LOOKUP, SUPPLEMENT, SURVEY, ASKING, REPLYING)
}
