"""Is what a person typed about themselves usable, and how is it shown back?

Telephone numbers follow the numbering plans that `phonenumbers` carries. Citizen identity
numbers follow GB 11643: a date of birth and an ISO 7064 MOD 11-2 check character. Their region
is not checked: codes are abolished and made, and people keep the one they were given.
Masks show a person that the right thing is on file, and an onlooker too little to use.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from stdnum.iso7064 import mod_11_2

from petitions.numbers import plain

_PHONE = re.compile(r"(?:\+\s*)?[0-9](?:[\s().-]*[0-9])*")
_MAINLAND = 86
# An area code and a local number have ten digits at least; shorter ones are an area's hotlines.
_SHORTEST_MAINLAND = 10
_MAINLAND_MOBILE = re.compile(r"\+86(1[0-9]{2})[0-9]{4}([0-9]{4})")

_CITIZEN = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9A-Z])")
DIGITS_OF_A_NUMBER = 5
"""So many digits make a telephone number or more; names that have any have fewer."""
_EARLIEST_BIRTH = date(1850, 1, 1)


@dataclass(frozen=True, slots=True)
class CitizenId:
    """A citizen identity number in canonical form; printing one shows nothing of it."""

    number: str = field(repr=False)
    born: date = field(repr=False)


def phone(text: str) -> str | None:
    """The one number in the text as E.164, or None; without a country code it is a mainland one.

    Landlines count when the area code is there; `is_landline` tells them apart.
    """
    import phonenumbers  # with the first number: nearly all of it is the plans of all countries

    found = _PHONE.findall(plain(text))
    if len(found) != 1:
        return None
    try:
        number = phonenumbers.parse(found[0], "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    kinds = phonenumbers.PhoneNumberType
    # A person's own line; not a hotline, a toll-free or a premium number.
    own = {kinds.MOBILE, kinds.FIXED_LINE, kinds.FIXED_LINE_OR_MOBILE}
    own |= {kinds.VOIP, kinds.PERSONAL_NUMBER}
    if phonenumbers.number_type(number) not in own:
        return None
    digits = len(phonenumbers.national_significant_number(number))
    if number.country_code == _MAINLAND and digits < _SHORTEST_MAINLAND:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_landline(number: str) -> bool:
    """Is this E.164 number, as `phone` gives it, a landline, which takes no text messages?"""
    import phonenumbers

    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return bool(kind == phonenumbers.PhoneNumberType.FIXED_LINE)


def citizen_id(text: str, today: date) -> CitizenId | None:
    """The 18-character identity number in the text, or None; `today` is the office's date."""
    found = _CITIZEN.findall(re.sub(r"[\s-]", "", plain(text).upper()))
    if len(found) != 1 or not mod_11_2.is_valid(found[0]):
        return None
    try:
        born = date.fromisoformat(found[0][6:14])
    except ValueError:
        return None
    return CitizenId(found[0], born) if _EARLIEST_BIRTH <= born <= today else None


def is_name(text: str) -> bool:
    """Can this be somebody's name, and not a number typed one question too early?"""
    digits = sum(char.isdigit() for char in text)
    return digits < DIGITS_OF_A_NUMBER and any(char.isalpha() for char in text)


def mask_phone(number: str) -> str:
    """138****8000 for a mainland mobile number; of any other no more than the last two digits."""
    mobile = _MAINLAND_MOBILE.fullmatch(number)
    if mobile:
        return f"{mobile[1]}****{mobile[2]}"
    # A short text would be mostly its own last two digits.
    return "*" * (len(number) - 2) + number[-2:] if len(number) > 6 else "*" * len(number)


def mask_id(number: str) -> str:
    """The first four and the last two characters of an identity number; of any other text none."""
    return f"{number[:4]}{'*' * 12}{number[-2:]}" if len(number) == 18 else "*" * len(number)


def mask_name(name: str) -> str:
    """The first character of a Chinese name (王**), of every word of another (J*** S***).

    A name of one character is not shown at all.
    """
    return " ".join(_mask_word(word) for word in name.split())


def _mask_word(word: str) -> str:
    # An accent, a variation selector or a zero-width mark does not make a second character.
    letters = [c for c in word if unicodedata.category(c)[0] not in "MC"]
    first = letters[0] if len(letters) > 1 else ""
    if letters and unicodedata.name(letters[0], "").startswith("CJK "):
        return first + "*" * (len(letters) - len(first))
    # Always three stars: the length of a word gives away more of an alphabetic name.
    return f"{first}***"
