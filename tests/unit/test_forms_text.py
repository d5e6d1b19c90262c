"""What is wrong with a text that a person wrote, and that nothing right is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.forms.base import Refuse
from dialogs.forms.text import fault


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u3000"])
def test_nothing_was_said(text: str) -> None:
    assert fault(text, 10) == Refuse("text.empty")


@pytest.mark.parametrize("text", ["!!!", "……", "😀😀", "。", "❤️"])
def test_signs_alone_say_nothing(text: str) -> None:
    assert fault(text, 10) == Refuse("text.no_words")


@pytest.mark.parametrize(
    "text",
    ["https://example.org/a?b=c", " HTTP://EXAMPLE.ORG ", "www.example.org", "t.me/x http://y.z"],
)
def test_a_link_alone_says_nothing(text: str) -> None:
    assert fault(text, 100) == Refuse("text.only_link")


@pytest.mark.parametrize("text", ["水", "3", "见 https://example.org", "a", "😀水", "تست", "ཀ"])
def test_a_word_is_enough(text: str) -> None:
    assert fault(text, 100) is None


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=60), st.integers(1, 50))
def test_a_text_is_too_long_by_its_characters_and_told_by_how_much(text: str, longest: int) -> None:
    if len(text) > longest:
        assert fault(text, longest) == Refuse(
            "text.too_long", {"longest": longest, "length": len(text)}
        )
    else:
        assert fault(text, longest) is None


@given(st.text())
def test_any_text_is_taken_or_refused_with_a_sentence(text: str) -> None:
    found = fault(text, 50)
    assert found is None or found.key.startswith("text.")
