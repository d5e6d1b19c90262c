"""Each move at the wrong time, and by the wrong person: the rule is named, nothing is written."""

from dataclasses import dataclass

from acceptance.life import DOES
from acceptance.officers import CHEN, ELSEWHERE, HE, LI, QIAN, REASON, WU, Scene, known, scene
from acceptance.scenes import REPLY, as_it_stands, ask
from acceptance.watching import STATES

from dialogs.taps import CaseTap
from petitions import commands as do
from petitions.events import Finding, Ground, Way

BASIS = "《物业管理条例》第三十五条"
WAY = Way(route="civil", kind="court", zh="向法院起诉。", en="Sue.", clause="")
ACCEPTED = (LI, do.Take(), do.Accept())
REPLIED = (*ACCEPTED, REPLY)
ROUTED = ((LI, do.Take(), do.Route("jiaotong")), (HE, do.Take()))
REVIEW = (REPLIED, (CHEN, do.AskReview(REASON)), (QIAN, do.Take()))
REVIEWED = (*REVIEW, (QIAN, do.DecideReview(Finding.UPHELD, REASON, BASIS)))
SECOND = (*REVIEWED, (CHEN, do.AskReview(REASON)), (WU, do.Take()))


@dataclass(frozen=True)
class Stand:
    """A case in one state, and the officer who has it or had it last."""

    scene: Scene
    officer: str


STANDS: dict[str, Stand] = {
    "registered": Stand(scene((LI, do.Take())), "li"),
    "routed": Stand(scene(*ROUTED, category=ELSEWHERE), "he"),
    "objected": Stand(
        scene(*ROUTED, (HE, do.Object(REASON)), (LI, do.Take()), category=ELSEWHERE), "li"
    ),
    "handling": Stand(scene(ACCEPTED), "li"),
    "supplement": Stand(scene(ACCEPTED, (LI, do.AskSupplement(REASON))), "li"),
    "replied": Stand(scene(REPLIED), "li"),
    "answered": Stand(
        scene((LI, do.Take(), do.AnswerSuggestion(True, REASON)), purpose="suggestion"), "li"
    ),
    "declined": Stand(scene((LI, do.Take(), do.Decline(Ground.ELSEWHERE, REASON))), "li"),
    "referred": Stand(scene((LI, do.Take(), do.Refer(WAY))), "li"),
    "withdrawn": Stand(scene((LI, do.Take()), (CHEN, do.Withdraw())), "li"),
    "review": Stand(scene(*REVIEW), "qian"),
    "reviewed": Stand(scene(*REVIEWED), "qian"),
    "second_review": Stand(scene(*SECOND), "wu"),
    "ended": Stand(scene(*SECOND, (WU, do.DecideReview(Finding.UPHELD, REASON, BASIS))), "wu"),
}
RECEIVED, WORKING = {"registered", "routed"}, {"handling", "supplement"}
REVIEWING = {"review", "second_review"}
BEFORE_REPLY = RECEIVED | WORKING | {"objected"}
TIMES: dict[str, set[str]] = {
    **dict.fromkeys(("take", "reassign", "recuse"), BEFORE_REPLY | REVIEWING),
    **dict.fromkeys(("accept", "accept_simple", "object", "decline", "refer", "answer"), RECEIVED),
    "route": RECEIVED | {"objected"},
    "insist": {"objected"},
    "ask": {"handling"},
    **dict.fromkeys(("track", "extend", "approve", "refuse", "mediate"), WORKING),
    **dict.fromkeys(("mediated", "reply"), WORKING),
    "decide": REVIEWING,
    "hearing": {"second_review"},
}
"""When an officer's move is possible, read out of procedure.md and not out of the program."""
PETITIONERS_TIMES: dict[str, set[str]] = {
    **dict.fromkeys(("withdraw", "supplement"), BEFORE_REPLY),
    **dict.fromkeys(("agree", "disagree"), WORKING),
    "review": {"replied", "reviewed"},
    "rate": {"replied", "reviewed", "ended"} | REVIEWING,
}
OURS = {"take", "reassign", "withdraw"}
"""Moves that rest on no clause of a regulation."""
NOBODYS = {"details", "rating", "undo", "link", "contribute", "answer_supervision"}
NOBODYS |= {"take_inquiry", "leave_inquiry", "inquire"}
"""Moves that do not hang on the state, or are walked in the lives alone."""
STRANGERS = ("zhou", "he", "zhao", "qian", "chen")
"""A colleague, another unit, a supervisor, the unit above, and who filed it."""


class Presses:
    """Presses buttons that were never shown, in private; keeps what was wrong with the answer."""

    def __init__(self, city) -> None:
        self.city = city
        self.places = {}
        self.faults: list[str] = []

    async def press(self, who, petition, act, *wanted):
        """It is answered with one of these, and nothing is written."""
        person = self.city.chen if who == "chen" else getattr(self.city, who)
        if who not in self.places:
            self.places[who] = await person.type("/help")
        data = CaseTap(petition=petition.id, version=petition.version, act=act).pack()
        keyboard = [[{"text": "forged", "callback_data": data}]]
        self.places[who].raw["reply_markup"] = {"inline_keyboard": keyboard}
        toast = str(await person.tap("forged", message=self.places[who]))
        if not any(all(part in toast for part in each) for each in wanted):
            self.faults.append(f"{act} by {who}, {petition.state}: {toast}")


async def begin(city):
    """Everybody has opened the bot in private."""
    city.chen = await city.citizen(CHEN)
    await known(city.li, city.zhou, city.he, city.zhao, city.qian, city.wu)
    return Presses(city)


def written(city):
    """How much stands on all records, and how many forms are open."""
    return ask(city, "SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM drafts)")


def wrong_time(state, act):
    """What is then said: the state, and the rule where it is not this product's own."""
    says = f"现在的状态是「{STATES[state]}」"
    return (says,) if act in OURS else (says, "（依据：")


def test_every_move_has_its_times():
    assert {*TIMES, *PETITIONERS_TIMES} | NOBODYS == {*DOES}
    assert {*STANDS} == {*STATES}


async def test_at_the_wrong_time(city):
    presses = await begin(city)
    for state, stand in STANDS.items():
        petition = await as_it_stands(city, await stand.scene(city, city.chen))
        assert petition.state == state
        before = written(city)
        for act in (a for a, states in TIMES.items() if state not in states):
            await presses.press(stand.officer, petition, act, wrong_time(state, act))
        for act in (a for a, states in PETITIONERS_TIMES.items() if state not in states):
            await presses.press("chen", petition, act, wrong_time(state, act))
        assert written(city) == before, state
    assert presses.faults == []


async def test_by_the_wrong_person(city):
    """At the right time: a colleague who does not hold it, others, and the petitioner."""
    presses = await begin(city)
    nothing_to_do = ("您不能查看或办理这件事项", "《信访工作条例》第46条")
    not_the_holder = ("您不能做这一步", "《信访工作条例》第46条")
    taken = ("已由 李建国 认领",)
    for state in ("registered", "handling"):
        petition = await as_it_stands(city, await STANDS[state].scene(city, city.chen))
        before = written(city)
        for act in (a for a, states in TIMES.items() if state in states and a != "recuse"):
            for who in STRANGERS:
                may_take = who == "zhou" and act == "take"
                wanted = (taken,) if may_take else (nothing_to_do, not_the_holder)
                await presses.press(who, petition, act, *wanted)
        for act in (a for a, states in PETITIONERS_TIMES.items() if state in states):
            for who in ("li", "zhou", "he", "zhao"):
                await presses.press(who, petition, act, nothing_to_do)
        assert written(city) == before, state
    assert presses.faults == []
