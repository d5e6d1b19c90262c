"""What a form's button carries, made the quick way, is what the slow way makes."""

from hypothesis import given
from hypothesis import strategies as st

from dialogs.taps import FormTap

words = st.text(max_size=30)


@given(words, st.integers(-5, 10**9), words, words)
def test_a_form_s_button_carries_what_its_class_would(
    draft: str, version: int, act: str, arg: str
) -> None:
    def slowly() -> str:
        return FormTap(draft=draft, version=version, act=act, arg=arg).pack()

    def outcome(make: object) -> str | None:
        try:
            return make()  # type: ignore[operator, no-any-return]
        except ValueError:
            return None

    made = outcome(lambda: FormTap.packed(draft, version, act, arg))
    assert made == outcome(slowly)
    if made is not None:
        assert FormTap.unpack(made).version == version
