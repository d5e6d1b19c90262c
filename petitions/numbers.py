"""How is a petition named, and how are those names read back from what a person types?

Three names: the tracking number, which may be read aloud and printed; the query code, a secret
asked of whoever is not in the petitioner's own chat; and the receipt, by which a person can
show later what exactly was submitted. The number's shape (region, day, serial) is the one
public petition systems use; its check digit, the code and the receipt are this product's.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

# ISO 7064 (GB/T 17710 in China): every change of one digit is caught, and 98 of 100 swaps of
# neighbours. Luhn misses every 09 for 90, and every swap of two digits with one between them.
from stdnum.iso7064 import mod_11_10

_RUN = re.compile(r"[0-9](?:[\s-]*[0-9])*")
# A serial has five digits and grows when a day needs more; it has one spelling.
_NUMBER = re.compile(r"([0-9]{6})([0-9]{8})([0-9]{5}|[1-9][0-9]{5,6})([0-9])")

# No two that a hurried hand or a bad print confuses: 0DOQ, 1IL, 2Z, 5S, 6G, 8B, UV.
_CODE_ALPHABET = "34679ACEFHJKMNPRTWXY"
_CODE_CHARACTER = f"[{_CODE_ALPHABET}]"
_CODE = re.compile(rf"(?<![0-9A-Z]){_CODE_CHARACTER}(?:[\s-]*{_CODE_CHARACTER}){{7}}(?![0-9A-Z])")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CROCKFORD_READ = str.maketrans("OIL", "011")
_RECEIPT_LENGTH = 20  # of 5 bits each


class BadNumber(ValueError):
    """No tracking number can be read from the text."""


class WrongCheckDigit(BadNumber):
    """A tracking number in shape, but with a digit mistyped."""


class BadCode(ValueError):
    """No query code can be read from the text."""


def plain(text: str) -> str:
    """The text in half-width characters, every dash a hyphen, nothing invisible."""
    shown = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join("-" if unicodedata.category(c) == "Pd" or c == "−" else c for c in shown)


def make(region: str, day: date, serial: int) -> str:
    """The tracking number, digits only. ValueError when region or serial is out of range."""
    body = f"{region}{day.isoformat().replace('-', '')}{serial:05d}"
    number = body + str(mod_11_10.calc_check_digit(body)) if body.isdecimal() else ""
    if len(region) != 6 or serial < 1 or not _NUMBER.fullmatch(number):
        raise ValueError(f"no tracking number for region {region!r}, serial {serial}")
    return number


def show(number: str) -> str:
    """A tracking number in groups, as printed: 330100-20261122-00001-1."""
    match = _NUMBER.fullmatch(read(number))
    assert match is not None
    return "-".join(match.groups())


def read(text: str) -> str:
    """The tracking number in what a person typed, digits only.

    Raises `WrongCheckDigit` when the shape is right, `BadNumber` for anything else.
    """
    runs = [re.sub(r"[\s-]", "", run) for run in _RUN.findall(plain(text))]
    match = _NUMBER.fullmatch(runs[0]) if len(runs) == 1 else None
    if match is None:
        raise BadNumber("not the shape of a tracking number")
    # Before the day: a mistyped digit of the day is better told as a mistyped digit.
    if not mod_11_10.is_valid(runs[0]):
        raise WrongCheckDigit("a digit is wrong")
    try:
        date.fromisoformat(match[2])
    except ValueError as error:
        raise BadNumber("no such day") from error
    return runs[0]


def query_code(random: Callable[[int], int]) -> str:
    """A new query code, ABCD-EFGH, about 34 bits; `random(n)` draws from range(n)."""
    drawn = "".join(_CODE_ALPHABET[random(len(_CODE_ALPHABET))] for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def read_code(text: str) -> str:
    """The query code in what a person typed, as `query_code` shows it. Raises `BadCode`."""
    found = _CODE.findall(plain(text).upper())
    if len(found) != 1:
        raise BadCode("no query code")
    code = re.sub(r"[\s-]", "", found[0])
    return f"{code[:4]}-{code[4:]}"


def receipt(submitted: Mapping[str, object], salt: bytes) -> str:
    """A digest (100 bits) of what was submitted, in five groups of Crockford's base32.

    TypeError when a value has no JSON form. The salt keeps a guess at the text from being
    tested against the receipt, so it is kept with the petition and not shown.
    """
    # ASCII: half a surrogate pair, which a messenger may deliver, has no UTF-8 form.
    text = json.dumps(dict(submitted), sort_keys=True, separators=(",", ":"), allow_nan=False)
    number = int.from_bytes(hmac.digest(salt, text.encode("ascii"), hashlib.sha256)[:13]) >> 4
    shifts = range(5 * (_RECEIPT_LENGTH - 1), -1, -5)
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in shifts)
    return "-".join(letters[i : i + 4] for i in range(0, _RECEIPT_LENGTH, 4))


def same_receipt(a: str, b: str) -> bool:
    """Are two typed receipts the same? Case, spacing, O for 0 and I or L for 1 do not matter."""
    first, second = _receipt_letters(a), _receipt_letters(b)
    return len(first) == _RECEIPT_LENGTH and hmac.compare_digest(first, second)


def _receipt_letters(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", plain(text).upper()).translate(_CROCKFORD_READ)
