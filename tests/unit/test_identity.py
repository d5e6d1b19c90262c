"""What people type about themselves: every usual way is read, and masks keep their promise."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.identity import (
    CitizenId,
    citizen_id,
    is_landline,
    is_name,
    mask_id,
    mask_name,
    mask_phone,
    phone,
)

TODAY = date(2026, 11, 22)
MOBILE = "+8613800138000"


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "+ 86 13800138000",
        "(+86)13800138000",
        "（＋８６）１３８００１３８０００",
        "0086 13800138000",
        "8613800138000",
        "86-13800138000",
        "013800138000",
        "１３８　００１３　８０００",
        "138—0013—8000",
        "手机：13800138000",
        "13800138000。",
        "\u202a13800138000\u202c",  # as copied from an address book
    ],
)
def test_a_mainland_mobile_number_in_every_usual_way(typed: str) -> None:
    assert phone(typed) == MOBILE


@pytest.mark.parametrize(
    ("typed", "number", "landline"),
    [
        ("0571-87654321", "+8657187654321", True),
        ("(0571) 8765 4321", "+8657187654321", True),
        ("（０１０）８７６５４３２１", "+861087654321", True),
        ("+86 (0)571 87654321", "+8657187654321", True),
        ("+44 20 7946 0958", "+442079460958", True),
        ("+852 9123 4567", "+85291234567", False),
        ("+1 650 253 0000", "+16502530000", False),
        ("16612345678", "+8616612345678", False),
        ("19912345678", "+8619912345678", False),
    ],
)
def test_other_numbers(typed: str, number: str, landline: bool) -> None:
    assert phone(typed) == number
    assert is_landline(number) is landline


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "没有",
        "12345",
        "010 12345",
        "0571-12345",
        "+86 12345",
        "110",
        "95588",
        "400-812-3123",
        "87654321",  # no area code
        "1380013800",
        "138001380000",
        "11234567890",
        "138OO138000",
        "13800138000/13900139000",
        "+999 1234567",
        "+1 800 253 0000",
        "1" * 300,
        "+86",
    ],
)
def test_no_phone_of_a_person(typed: str) -> None:
    assert phone(typed) is None


def with_check(body: str) -> str:
    """GB 11643: weights 2^(17-i) mod 11, and the eleven check characters."""
    total = sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


births = st.dates(date(1850, 1, 1), TODAY)
bodies = st.builds(
    lambda region, born, order: f"{region}{born:%Y%m%d}{order:03d}",
    st.integers(110000, 999999),
    births,
    st.integers(0, 999),
)


@given(bodies)
def test_a_citizen_id_is_read_as_typed(body: str) -> None:
    number = with_check(body)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    spaced = f"{number[:6]} {number[6:14]}-{number[14:]}"
    for typed in (number, number.lower(), wide, spaced, f"身份证号：{number}。"):
        read = citizen_id(typed, TODAY)
        assert read == CitizenId(number, date.fromisoformat(body[6:14]))
    assert body not in repr(read)


@given(bodies, st.data())
def test_any_wrong_digit_of_an_id_is_noticed(body: str, data: st.DataObject) -> None:
    number = with_check(body)
    place = data.draw(st.integers(0, 16))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert citizen_id(number[:place] + digit + number[place + 1 :], TODAY) is None


@given(bodies, st.integers(0, 15))
def test_any_swap_in_an_id_is_noticed(body: str, i: int) -> None:
    swapped = body[:i] + body[i + 1] + body[i] + body[i + 2 :]
    if swapped != body:
        assert citizen_id(swapped + with_check(body)[-1], TODAY) is None


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ("33010220000229001", True),
        ("33010219000229001", False),  # 1900 was no leap year
        ("33010220261122001", True),  # born today
        ("33010220261123001", False),
        ("33010218500101001", True),
        ("33010218491231001", False),
        ("33010220001301001", False),
        ("00000020000229001", False),
        ("99999920000229001", True),  # an unknown region is no reason to turn a person away
    ],
)
def test_the_date_of_birth(body: str, good: bool) -> None:
    assert (citizen_id(with_check(body), TODAY) is not None) is good


def test_an_id_is_no_older_than_the_day_it_is_read() -> None:
    number = with_check("33010220261122001")
    assert citizen_id(number, TODAY - timedelta(days=1)) is None


@pytest.mark.parametrize("typed", ["", "没有", "330102000229001", "1" * 19])
def test_no_citizen_id(typed: str) -> None:
    assert citizen_id(typed, TODAY) is None


def test_two_ids_are_none() -> None:
    one = with_check("33010220000229001")
    assert citizen_id(f"{one},{one}", TODAY) is None


@pytest.mark.parametrize(
    "name", ["王芳", "J. Smith", "李 2 号", "阿卜杜热合曼·买买提", "O'Neill 3rd"]
)
def test_what_can_be_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "typed", ["13800138000", "11010519491231002X", "电话13800138000", "12", "。。"]
)
def test_a_number_was_taken_as_a_name(typed: str) -> None:
    assert not is_name(typed)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("王", "*"),
        ("欧阳娜娜", "欧***"),
        ("𠮷田", "𠮷*"),
        ("John Smith", "J*** S***"),
        ("  John   Smith ", "J*** S***"),
        ("J", "***"),
        ("e\u0301", "***"),
        ("王\u200b", "*"),
        ("葛\U000e0100城", "葛*"),
        ("\u0301", "***"),
        ("阿卜杜拉·买买提", "阿*******"),
        ("", ""),
    ],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (MOBILE, "138****8000"),
        ("+8657187654321", "************21"),
        ("+442079460958", "***********58"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_phones_are_masked(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


def test_ids_are_masked() -> None:
    assert mask_id("33010219900307123X") == "3301************3X"
    assert mask_id("330102") == "******"


def shown_of(mask: str) -> int:
    return sum(not c.isspace() and c != "*" for c in mask)


# Stars out of what is masked, so that every other character in a mask is one that was shown.
texts = st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]))


@settings(deadline=None)
@given(texts)
def test_masks_never_show_more_than_promised(text: str) -> None:
    assert shown_of(mask_phone(text)) <= 2
    assert shown_of(mask_id(text)) <= 6
    words = text.split()
    masked = mask_name(text)
    assert shown_of(masked) <= len(words)
    for word, mask in zip(words, masked.split(), strict=True):
        assert len(word) > 1 or mask.strip("*") == ""


@given(st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_keeps_four_digits_hidden(number: str) -> None:
    assert mask_phone(number) == f"{number[3:6]}****{number[-4:]}"


@given(bodies)
def test_a_mask_hides_the_birthday(body: str) -> None:
    number = with_check(body)
    assert mask_id(number) == number[:4] + "*" * 12 + number[-2:]
