"""A petition is its record: what each entry makes of it."""

from datetime import timedelta

import pytest
from making import CITIZEN, COLLEAGUE, HEAD, HOLDER, NOW, a_filing, a_petition, a_registration, give

from petitions import commands as do
from petitions import events as ev
from petitions.record import OPEN, Entry, Party, State, fold, undone

REPLY = do.Reply(ev.Outcome.EXPLAINED, ("说明",), "TL 32")


@pytest.mark.parametrize("entries", [[], [Entry(1, NOW, Party("desk"), ev.Looked())]])
def test_a_record_begins_with_its_registration(entries: list[Entry]) -> None:
    with pytest.raises(ValueError, match="begins with its registration"):
        fold("p1", CITIZEN, entries)


def test_the_registration_is_the_petition_s_first_state() -> None:
    petition = a_petition()
    first = a_registration()
    assert petition.id == "p1"
    assert petition.petitioner == CITIZEN
    assert petition.number == first.number
    assert petition.filing == a_filing()
    assert petition.unit == "front"
    assert petition.deadlines == first.deadlines
    assert petition.registered_at == NOW
    assert (petition.state, petition.holder, petition.version) == (State.REGISTERED, None, 1)
    assert petition.last_move() == petition.entries[0]


def test_a_version_counts_moves_and_not_looks_or_ratings() -> None:
    petition = give(a_petition(), do.Take(), HOLDER)
    assert petition.version == 2
    looked = give(petition, do.Look(), COLLEAGUE)
    assert (looked.version, len(looked.entries)) == (2, 3)
    assert looked.last_move().event == ev.Taken(holder=HOLDER)
    assert give(looked, do.Accept(), HOLDER).version == 4


def test_what_was_taken_back_counts_no_more_but_stays_on_the_record() -> None:
    petition = give(give(a_petition(), do.Take(), HOLDER), do.Undo(), HOLDER)
    assert petition.holder is None
    assert petition.version == 3
    assert undone(petition.entries) == {2}
    assert [e.event.kind for e in petition.entries] == ["registered", "taken", "undone"]
    assert [e.event.kind for e in petition.standing()] == ["registered"]


def test_a_case_passed_on_and_taken_back_is_its_former_holder_s() -> None:
    petition = give(give(a_petition(), do.Take(), HOLDER), do.Reassign(COLLEAGUE), HEAD)
    assert petition.holder == COLLEAGUE
    assert give(petition, do.Undo(), HEAD).holder == HOLDER


def test_a_question_taken_back_is_no_question() -> None:
    petition = give(give(a_petition(), do.Take(), HOLDER), do.Accept(), HOLDER)
    asked = give(petition, do.AskSupplement(("?",)), HOLDER)
    back = give(asked, do.Undo(), HOLDER)
    assert (back.state, back.question) == (State.HANDLING, ())


def test_more_from_the_petitioner_unasked_changes_no_state() -> None:
    petition = give(a_petition(), do.Supplement(("more",)), CITIZEN)
    assert (petition.state, petition.version) == (State.REGISTERED, 2)


def test_a_new_reply_clears_the_old_survey_and_rating() -> None:
    petition = give(give(a_petition(), do.Take(), HOLDER), do.Accept(), HOLDER)
    replied = give(petition, REPLY, HOLDER)
    surveyed = give(replied, do.OpenSurvey(), None)
    rated = give(surveyed, do.Rate(ev.Verdict.BAD, ev.Verdict.BAD), CITIZEN)
    # The rules let nobody reply again to a rated case; the record could tell of it all the same.
    again = Entry(len(rated.entries) + 1, NOW, Party("officer", HOLDER), replied.entries[-1].event)
    told = fold("p1", CITIZEN, (*rated.entries, again))
    assert (told.survey_until, told.rating) == (None, None)


def test_open_is_every_state_in_which_something_is_owed() -> None:
    received, worked = {State.REGISTERED, State.ROUTED}, {State.HANDLING, State.SUPPLEMENT}
    reviewed = {State.REVIEW, State.SECOND_REVIEW}
    assert received | worked | reviewed | {State.OBJECTED} == OPEN
    assert a_petition().open


def test_an_entry_of_no_consequence_leaves_the_case_where_it_was() -> None:
    petition = a_petition()
    look = Entry(2, NOW + timedelta(hours=1), Party("officer", HEAD, "front"), ev.Looked())
    after = fold("p1", CITIZEN, (*petition.entries, look))
    assert (after.state, after.version, after.deadlines) == (
        petition.state,
        petition.version,
        petition.deadlines,
    )


def test_what_is_erased_is_owed_by_nobody_and_never_due() -> None:
    petition = give(give(a_petition(), do.Take(), HOLDER), do.Accept(), HOLDER)
    assert petition.deadlines
    last = Entry(4, NOW + timedelta(days=1), Party("desk"), ev.Erased(why="order"))
    gone = fold("p1", CITIZEN, (*petition.entries, last))
    assert (gone.state, gone.holder, gone.deadlines) == (State.ERASED, None, ())
    assert gone.version == 4
    assert not gone.open
