"""Which characters does a font have a glyph for? Read off its OpenType character map (cmap)."""

import struct
from collections.abc import Iterator

_ALL_PLANES = (3, 10)  # platform and encoding of the map that is of format 12
_DIRECTORY, _TABLE, _RECORD, _GROUP = ">4sIII", ">HH", ">HHI", ">III"


def codes(font: bytes) -> Iterator[int]:
    """The code points that have a glyph. ValueError when the font has no map of all planes."""
    start = _all_planes(font, _cmap(font))
    (count,) = struct.unpack_from(">I", font, start + 12)
    for at in range(start + 16, start + 16 + 12 * count, 12):
        first, last, glyph = struct.unpack_from(_GROUP, font, at)
        yield from range(first + (glyph == 0), last + 1)  # glyph 0 is the missing one


def _cmap(font: bytes) -> int:
    """Where the table is."""
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset, _ = struct.unpack_from(_DIRECTORY, font, at)
        if tag == b"cmap":
            return int(offset)
    raise ValueError("a font without a character map")


def _all_planes(font: bytes, table: int) -> int:
    """Where the map is that holds every plane."""
    _, count = struct.unpack_from(_TABLE, font, table)
    for at in range(table + 4, table + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(_RECORD, font, at)
        if (platform, encoding) == _ALL_PLANES:
            return table + int(offset)
    raise ValueError("a font without a character map of all planes")
