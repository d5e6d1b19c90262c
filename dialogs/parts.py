"""How is a long text cut into messages the messenger takes?"""

LONGEST = 3600
"""UTF-16 units a part: below the messenger's 4,096, with room for a heading."""
_BREAKS = ("\n\n", "\n", "。", "！", "？", ". ", "；", "，", " ")


def units(text: str) -> int:
    """How long the messenger finds this text: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parts_of(text: str, longest: int = LONGEST) -> list[str]:
    """The text in parts of at most `longest` UTF-16 units, cut where it breathes; all of it."""
    parts = []
    while units(text) > longest:
        head = text[: _fitting(text, longest)]
        cut = next(
            (at + len(b) for b in _BREAKS if (at := head.rfind(b)) > len(head) // 2), len(head)
        )
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _fitting(text: str, longest: int) -> int:
    """How many characters fit; one outside the basic plane counts twice, and is not cut in two."""
    units = 0
    for count, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > longest:
            return count
    return len(text)
