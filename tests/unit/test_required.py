"""Which notices the law requires: every kind that goes to a person has been judged."""

import ast
import inspect
import re

from dialogs import duties, telling
from dialogs.audience import TOLD, told_as
from dialogs.notices import NOTICES as MADE
from dialogs.required import NOTICES, is_required

TO_GROUPS = {"card", "deadline", "low_rating", "low_again"}


def kinds_made() -> set[str]:
    """Every kind of notice that the code makes."""
    found = {told_as(kind) for kind in TOLD} | set(MADE)
    for module in (duties, telling):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} & {"draft_warning", "draft_expired", "survey_reminder"}
    return found


def test_every_kind_of_notice_to_a_person_is_judged_and_no_other() -> None:
    assert kinds_made() - TO_GROUPS == set(NOTICES)


def test_what_nobody_judged_goes_out() -> None:
    assert is_required("something_new")
    assert not is_required("survey")


def test_every_required_notice_names_a_clause_or_says_that_it_is_ours() -> None:
    for kind, duty in NOTICES.items():
        assert re.fullmatch(r"TL \d+(\(\d\))?(, \d+)*|ours|《.+》", duty.source), kind
        if duty.required and duty.source != "ours":
            assert duty.source.startswith("TL "), kind


def test_what_ends_or_prolongs_a_case_is_required() -> None:
    for kind in ("accepted", "declined", "referred", "extended", "replied", "review_decided"):
        assert is_required(kind)
