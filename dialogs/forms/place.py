"""A place: a district by buttons, then an address by text or a location pin."""

from dataclasses import dataclass
from typing import Any

from dialogs.forms.base import Asking, Browse, Heard, Kept, Question, Refuse, Took, unexpected
from dialogs.forms.text import fault
from dialogs.said import Said

LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Place:
    """The answer is `{"district", "address"?, "point"?}`; a pin may come first or last."""

    def ask(self, at: Asking) -> Question:
        """First the district, then where in it."""
        value = at.value or {}
        if "district" in value and not at.branch:
            rows = ((at.button("place.other_district", "other"),),)
            return Question(at.key("address"), {"district": self._district(at, value)}, rows)
        key = at.key("district_of_pin" if "point" in value else "ask")
        buttons = [
            at.raw_button(d.name.of(at.turn.language), "pick", d.id)
            for d in at.turn.house.office.districts
        ]
        rows_ = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
        return Question(key, rows=rows_)

    def hear(self, at: Asking, said: Said) -> Heard:
        """A pin at any time; an address once the district is known."""
        value = dict(at.value or {})
        if said.kind == "location":
            value["point"] = said.point
            return Took(value) if "district" in value else Kept(value)
        if said.kind != "text":
            return unexpected(said)
        if "district" not in value:
            return self._typed(at, said.text)
        wrong = fault(said.text, LONGEST_ADDRESS)
        return wrong or Took(value | {"address": said.text.strip()})

    def tap(self, at: Asking, act: str, arg: str) -> Heard:
        """Take the district; with a pin that is all that is needed."""
        value = dict(at.value or {})
        if act == "other":
            return Browse("districts")
        if act != "pick" or at.turn.house.office.district(arg) is None:
            return Refuse("form.stale")
        if value.get("district") != arg:
            value.pop("address", None)
        value["district"] = arg
        return Took(value) if "point" in value else Kept(value)

    def _typed(self, at: Asking, text: str) -> Heard:
        """A district's name typed by hand, whole or its beginning, is as good as its button."""
        typed = text.strip()
        for district in at.turn.house.office.districts:
            names = (district.name.zh, district.name.en)
            if len(typed) > 1 and any(name.lower().startswith(typed.lower()) for name in names):
                return self.tap(at, "pick", district.id)
        return Refuse("choice.please_tap")

    def read(self, at: Asking, value: Any) -> str:
        """District, address, and whether there is a pin."""
        pin = at.turn.label("place.pin") if value.get("point") else ""
        return " ".join(filter(None, (self._district(at, value), value.get("address"), pin)))

    def whole(self, value: Any) -> bool:
        """Whether this is an answer, and not only the beginning of one."""
        return "district" in value

    def _district(self, at: Asking, value: dict[str, Any]) -> str:
        district = at.turn.house.office.district(value.get("district"))
        return district.name.of(at.turn.language) if district else ""
