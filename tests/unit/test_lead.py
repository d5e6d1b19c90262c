"""A case led by an official (包案): its five things, and what is missing of them."""

import pytest
from making import COUNTY, HEAD, HOLDER, REVIEWER, WATCHER, WATER, a_petition, give

from petitions import commands as do
from petitions.lead import NONE, Lead, missing
from petitions.lifecycle import Refused
from petitions.record import Petition

FIVE = ("leader", "group", "plan", "supervisor", "dossier")


def led(*leads: Lead, by: int = HEAD) -> Petition:
    petition = a_petition()
    for lead in leads:
        petition = give(petition, do.SetLead(lead), by)
    return petition


def test_of_a_case_that_nobody_leads_nothing_is_missing() -> None:
    assert missing(a_petition()) == ()
    assert not NONE.begun


@pytest.mark.parametrize(
    ("lead", "there"),
    [
        (Lead(leader=REVIEWER), "leader"),
        (Lead(group=(WATER,)), "group"),
        (Lead(plan=("一月内",)), "plan"),
        (Lead(supervisor=WATCHER), "supervisor"),
    ],
)
def test_once_a_part_is_there_the_other_four_are_missing(lead: Lead, there: str) -> None:
    assert missing(led(lead)) == tuple(part for part in FIVE if part != there)


def test_parts_given_one_after_the_other_stay_and_the_dossier_is_the_last() -> None:
    parts = (
        Lead(leader=REVIEWER),
        Lead(group=(WATER,)),
        Lead(plan=("一",)),
        Lead(supervisor=WATCHER),
    )
    petition = led(*parts)
    assert missing(petition) == ("dossier",)
    assert missing(give(petition, do.Look("dossier"), HOLDER)) == ()
    again = give(petition, do.SetLead(Lead(plan=("二",))), HEAD)
    assert (again.lead.plan, again.lead.leader) == (("二",), REVIEWER)


def test_who_withdrew_is_missing_again() -> None:
    petition = led(Lead(leader=REVIEWER, supervisor=WATCHER, group=(COUNTY,), plan=("一",)))
    left = give(petition, do.Recuse(), REVIEWER)
    assert missing(left) == ("leader", "dossier")
    with pytest.raises(Refused) as error:
        give(left, do.SetLead(Lead(leader=REVIEWER)), HEAD)
    assert (error.value.code, error.value.clause) == ("own_interest", "TL 28")


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        (Lead(), "reason_needed"),
        (Lead(leader=WATER), "leader_must_be_head"),
        (Lead(group=(9999,)), "no_such_officer"),
    ],
)
def test_a_lead_that_says_nothing_or_names_the_wrong_people_is_refused(
    lead: Lead, code: str
) -> None:
    with pytest.raises(Refused) as error:
        led(lead)
    assert (error.value.code, error.value.clause) == (code, "ours")
