"""The petitioner's hands: find one's case, read the timeline, press what it offers."""

from typing import Any

from acceptance.hands import Hands

from emulator import Seen
from petitions import numbers
from petitions.record import Petition

CHAT_FILING: dict[str, Any] = {
    "purpose": "request",
    "confidential": "understood",
    "consent": "agree",
    "title": "小区水管爆裂",
    "facts": "三月一日起水管爆裂，一直漏水。",
    "request": "请尽快派人修好。",
    "category": "urban.utilities",
    "place": ("江北区", "幸福路 8 号"),
    "name": "陈秀英",
    "phone": "13812345678",
    "earlier": False,
    "tried": False,
    "affected": "me",
    "publish": "keep",
}
"""How the filing's questions are answered in the chat."""
FORMS = {"supplement": "supplement", "review": "appeal", "rate": "survey"}


class Petitioner(Hands):
    """Somebody with a case of their own, in their chat with the bot."""

    async def files(self, **answers: Any) -> Seen:
        """File a petition, question by question; the confirmation."""
        await self.pause()
        await self.person.type("/new")
        await self.fill("filing", **CHAT_FILING | answers)
        return await self.person.expect("提交成功")

    async def timeline(self, petition: Petition) -> Seen:
        """The case's timeline, by way of 我的信访."""
        await self.person.type("/my")
        mine = await self.person.expect("最近")
        data = next(d for row in mine.buttons for _, d in row if f":{petition.id}:" in d)
        await self.person.tap(data, message=mine)
        return await self.person.expect(lambda seen: self._is_timeline(petition, seen))

    def _is_timeline(self, petition: Petition, seen: Seen) -> bool:
        return f"编号 {numbers.show(petition.number)}\n状态：" in seen.text

    async def does(self, petition: Petition, act: str, **answers: Any) -> None:
        """Press what the timeline offers, and answer what is then asked."""
        await self.pause()
        shown = await self.timeline(petition)
        data = [d for row in shown.buttons for _, d in row if f":{act}:" in d]
        assert data, f"{act} is not offered:\n{shown.describe()}"
        await self.pause()
        await self.person.tap(data[0], message=shown)
        if act in FORMS:
            await self.fill(FORMS[act], **answers)
        elif act == "withdraw":
            await self.person.expect("您要撤回")
            await self.pause()
            await self.person.tap(self.word("case.withdraw_yes"))
