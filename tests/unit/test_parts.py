"""A long text in messages: nothing lost, nothing too long, no character cut in two."""

from hypothesis import given
from hypothesis import strategies as st

from dialogs.parts import LONGEST, parts_of

MESSENGER = 4096


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


whole = st.characters(exclude_categories=("Cs",))
texts = st.text(whole | st.sampled_from("\n。！，；？ .😀👨"), max_size=200)


@given(texts, st.integers(2, 40))
def test_the_parts_are_the_text_and_each_fits(text: str, longest: int) -> None:
    parts = parts_of(text, longest)
    assert "".join(parts) == text
    assert all(units(part) <= longest for part in parts)
    assert all(parts[:-1])


@given(texts, st.integers(2, 40))
def test_a_text_that_fits_stays_whole(text: str, longest: int) -> None:
    assert (parts_of(text, longest) == [text]) == (units(text) <= longest)


@given(st.text(whole, min_size=1, max_size=30))
def test_a_part_leaves_room_for_a_heading(text: str) -> None:
    text *= 2 * LONGEST // len(text)
    assert len(parts_of(text)) > 1
    assert all(units(part) <= LONGEST < MESSENGER for part in parts_of(text))


def test_it_is_cut_where_it_breathes() -> None:
    assert parts_of("一二三四。五六七八", 7) == ["一二三四。", "五六七八"]
    assert parts_of("一二三四\n\n五六。七八", 8) == ["一二三四\n\n", "五六。七八"]
    assert parts_of("one two three", 9) == ["one two ", "three"]


def test_a_breath_too_early_would_make_many_small_parts() -> None:
    assert parts_of("一。" + "二" * 12, 8) == ["一。" + "二" * 6, "二" * 6]


def test_a_character_outside_the_basic_plane_is_not_cut_in_two() -> None:
    assert parts_of("😀" * 5, 3) == ["😀"] * 5
    assert parts_of("a😀😀", 4) == ["a😀", "😀"]


def test_an_empty_text_is_one_empty_part() -> None:
    assert parts_of("") == [""]
