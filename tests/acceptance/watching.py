"""What must be seen after every line: by the petitioner, in the groups, on the record."""

import re
from typing import Any

from acceptance.conftest import City
from acceptance.life import CLOCK, PETITIONER, Line
from acceptance.petitioner import Petitioner

from emulator import Seen
from petitions import numbers
from petitions.record import Petition

DATED = frozenset(
    {
        *("registered", "routed", "accepted", "declined", "referred", "extended", "replied"),
        *("review_decided", "hearing_held", "track_changed", "supplement_asked"),
        *("mediation_proposed", "mediated", "suggestion_answered", "inquired"),
    }
)
"""What the petitioner is told of, each with its date (procedure.md: what the petitioner is shown).

Beside the official ones everything that asks something of them or moves a date of theirs."""
SEEN = DATED | {
    *("objected", "insisted", "withdrawn", "supplemented", "mediation_answered", "review_asked"),
    *("rated", "inquiry_taken"),
}
"""What stands in the timeline; who holds a case is the unit's own matter."""
STATES = {
    "registered": "已登记",
    "routed": "已转送，待受理",
    "objected": "承办单位待确定",
    "handling": "办理中",
    "supplement": "待补充材料",
    "replied": "已答复",
    "answered": "已回复",
    "declined": "不予受理",
    "referred": "已导入法定途径",
    "withdrawn": "已撤回",
    "review": "复查中",
    "reviewed": "已复查",
    "second_review": "复核中",
    "ended": "已终结",
}
GROUPS = {
    "xinfang": "li",
    "zhujian": "li",
    "jiaotong": "he",
    "ducha": "zhao",
    "jiwei": "sun",
    "shifu": "qian",
    "qingshan": "zheng",
    "hekou": "feng",
    "shengfu": "wu",
    "shengjw": "wei",
}
"""Each unit's group, and somebody in it."""
EXAMINERS = frozenset({"jiwei", "shengjw"})
STATE = re.compile(r"状态：(\S+)")


def day(moment: Any) -> str:
    """A date as people here write it."""
    return f"{moment.year}年{moment.month}月{moment.day}日"


class Watch:
    """Looks at a life from all sides, as those who live it do."""

    def __init__(self, city: City, chen: Petitioner) -> None:
        self.city = city
        self.chen = chen
        self.read = 0
        self.shown: Seen | None = None

    async def begin(self) -> None:
        """Before a line: what the petitioner has read by now."""
        self.read = max((m.id for m in await self.chen.person.sees()), default=0)

    async def look(self, line: Line, petition: Petition) -> None:
        """After a line: whoever must know knows, and nobody who must not."""
        await self._told(line, petition)
        await self._timeline(line, petition)
        await self._card(line, petition)
        if petition.secret:
            await self._kept_secret(petition)
        if line.line:
            texts = [m.text for m in await self._group(line.line_in)]
            assert any(line.line in text for text in texts), f"{line.line_in} reads {texts[-3:]}"

    def state(self, _petition: Petition) -> str:
        """The state as the petitioner last read it."""
        assert self.shown is not None
        found = STATE.search(self.shown.text)
        return found[1] if found else ""

    async def _told(self, line: Line, petition: Petition) -> None:
        new = [m for m in await self.chen.person.sees() if m.from_bot and m.id > self.read]
        texts = "\n".join(m.text for m in new)
        for wanted in line.told:
            assert wanted in texts, f"she was not told {wanted!r} but {texts!r}"
        if line.act == "filed" or line.refused or line.who in (PETITIONER, CLOCK):
            return
        told = DATED & {*line.kinds} or line.told  # an officer who withdraws moves it or not
        if told:
            today = day(self._local(petition.entries[-1].at))
            assert today in texts, f"no date {today} in {texts!r}"
        undone = "undone" in line.kinds
        assert bool(new) == bool(told) or undone, f"she was told {texts!r}"

    async def _timeline(self, line: Line, petition: Petition) -> None:
        """State, a dated line for each step, and the next date with whose it is."""
        self.shown = await self.chen.timeline(petition)
        text = self.shown.text
        passed_on = petition.referred and petition.referred.way.kind == "discipline"
        state = "已转交纪检监察机关" if passed_on else STATES[petition.state]
        assert f"状态：{state}\n" in text, text
        steps = re.findall(r"^• (\d{4}年\d{1,2}月\d{1,2}日)", text, re.MULTILINE)
        days = [day(self._local(at)) for at in self._seen(petition)]
        assert steps == days, f"{steps} in\n{text}"
        owed = [d for d in petition.duties if d.name not in ("object", "supervision")]
        for deadline in owed:
            assert day(deadline.due) in text, f"{deadline.name} {deadline.due} in\n{text}"
        if owed:
            assert self._unit(petition.unit) in text
        for wanted in filter(None, (line.due, *line.timeline)):
            assert wanted in text, f"{wanted} in\n{text}"

    def _seen(self, petition: Petition) -> list[Any]:
        """When each step happened; a rating that was changed is one step each
        time it is asked for.

        Who withdraws is the unit's own matter, unless another unit has the case by that.
        """
        steps = petition.standing()
        asked = [e.seq for e in steps if e.event.kind in ("survey_opened", "asked_again")]
        rated = [e for e in steps if e.event.kind == "rated"]
        last = list({sum(seq < e.seq for seq in asked): e for e in rated}.values())
        moved = [e for e in steps if e.event.kind == "recused" and e.event.to]
        shown = [e for e in steps if e.event.kind in SEEN - {"rated"}]
        return [e.at for e in sorted([*shown, *last, *moved], key=lambda e: e.seq)]

    async def _card(self, line: Line, petition: Petition) -> None:
        """State, holder and next deadline in the group of the unit that has the case."""
        number = numbers.show(petition.number)
        cards = [m.text for m in await self._group(petition.unit) if m.text.startswith(number)]
        cards = [text for text in cards if "承办人：" in text]
        assert cards, f"no card of {number} in {petition.unit}"
        card = cards[-1]
        assert f"状态：{STATES[petition.state]} " in card, card
        holder = self.city.app.house.office.officer(petition.holder or 0)
        orphaned = line.act == "leaves" or (not holder)
        wanted = (line.holder,) if line.holder else () if orphaned else (holder.name.zh,)
        duties = petition.duties[:1]
        wanted += tuple(day(d.due) for d in duties) if duties else ("没有待办期限",)
        wanted += tuple(filter(None, (line.due if petition.open else "", line.state, *line.card)))
        if holder is None:
            wanted += ("承办人：无人认领",)
        assert [w for w in wanted if w not in card] == [], f"{wanted} on\n{card}"

    async def _kept_secret(self, petition: Petition) -> None:
        """No group but those of who examines reports ever sees so much as its number (TL 30)."""
        number = numbers.show(petition.number)
        kept = {*petition.first.shielded_units} | (GROUPS.keys() - EXAMINERS)
        for unit in sorted(kept):
            leaked = [m.text for m in await self._group(unit) if number in m.text]
            assert leaked == [], f"{unit} reads {leaked}"

    async def _group(self, unit: str) -> list[Seen]:
        return await getattr(self.city, GROUPS[unit]).sees(getattr(self.city, unit))

    def _unit(self, unit: str) -> str:
        return self.city.app.house.office.unit_name(unit, "zh_Hans")

    def _local(self, moment: Any) -> Any:
        return moment.astimezone(self.city.app.house.office.tz)
