"""How is a refusal of the rules said? One way for citizens and staff, with what it is about."""

from typing import Any

from dialogs.house import House
from dialogs.turn import Turn
from petitions import commands as do
from petitions.lifecycle import MOVES, OURS, Refused, check
from petitions.record import Petition


def officer_name(house: House, user_id: int | None, language: str) -> str:
    """The officer's name from the office file; a number is never shown in its place."""
    officer = house.office.officer(user_id or 0)
    return officer.name.of(language) if officer else house.words.label("card.nobody", language)


def refusal(turn: Turn, petition: Petition, refused: Refused) -> tuple[str, dict[str, Any]]:
    """The key of the sentence that says why not, and its facts in the person's own language.

    The rule it rests on is always named; a rule of this product's own has no clause.
    """
    who = officer_name(turn.house, petition.holder, turn.person.language)
    rule = "" if refused.clause == OURS else rule_of(turn, refused.clause)
    inquiry = petition.inquiry
    inquirer = officer_name(turn.house, inquiry.officer if inquiry else None, turn.person.language)
    facts = {
        "who": who,
        "inquirer": inquirer,
        "state": turn.own_label(f"state.{petition.state}"),
        "rule": rule,
    }
    return f"refused.{refused.code}", {**refused.facts, **facts}


def rule_of(turn: Turn, clause: str) -> str:
    """The clause on a line of its own, as the person knows it."""
    return "\n" + turn.own_label(
        "rule.clause", clause=turn.house.clause(clause, turn.person.language)
    )


def explain(turn: Turn, petition: Petition, refused: Refused) -> None:
    """Tell who pressed a button why the rules say no."""
    key, facts = refusal(turn, petition, refused)
    turn.answer(key, alert=True, **facts)


def not_yours(turn: Turn) -> None:
    """Tell who has nothing to do with a case so much and no more (TL 46)."""
    turn.answer("case.not_yours", alert=True, rule=rule_of(turn, "TL 46"))


def allowed(turn: Turn, petition: Petition, command: type[do.Command]) -> bool:
    """Whether the rules let this person make the move now; explains why not."""
    try:
        check(petition, MOVES[command], turn.actor, turn.now, turn.house.rules)
    except Refused as refused:
        explain(turn, petition, refused)
        return False
    return True
