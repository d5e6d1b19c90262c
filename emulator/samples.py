"""What can people send? Small files with valid bytes, each different from the last."""

from __future__ import annotations

import itertools
import struct
import zlib

_counter = itertools.count(1)

# The shortest baseline JPEG: one grey block of 8 by 8 with a one-symbol Huffman table.
_JPEG = bytes.fromhex(
    "ffd8ffdb004300" + "01" * 64 + "ffc0000b080008000801011100"
    "ffc40014000100000000000000000000000000000000"
    "ffc40014100100000000000000000000000000000000"
    "ffda0008010100003f003f"
    "ffd9"
)


def png(width: int = 16, height: int = 16) -> bytes:
    """A valid PNG of one colour, another colour each time."""
    number = next(_counter)
    pixel = bytes((number * 37 % 256, number * 91 % 256, number * 151 % 256))
    rows = (b"\0" + pixel * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows)),
            _chunk(b"IEND", b""),
        )
    )


def jpeg() -> bytes:
    """A valid grey JPEG of 8 by 8; a comment segment makes each one different."""
    comment = f"sample {next(_counter)}".encode()
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return _JPEG[:2] + segment + _JPEG[2:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)
