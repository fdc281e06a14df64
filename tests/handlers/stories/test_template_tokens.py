"""Tokens of entries: read quickly where they need no places, and with the same result."""

import pytest

from handlers.stories.template_tokens import pattern_keys, read_forms, read_pieces, to_form

TITLE = "Floods in Lund"


@pytest.mark.parametrize(
    "text",
    [
        "",
        TITLE,
        f"{TITLE}\n\nThe river Höje rose by 2.5 m, said Anna Berg.",
        f"Read: {TITLE} - Example Wire, 3 June 2026.",
        f"“{TITLE}”, they wrote.",
        f"{TITLE}s are rare. {TITLE} again.",
        "Read Floods in  Lund.",
        "隆德发生洪水，水位上升 2.5 米。",
        "X marks O'Hara’s spot; x marks 1:0 it.",
    ],
)
@pytest.mark.parametrize(("begin", "end"), [(0, 10_000), (4, 20), (10, 12)])
def test_forms_equal_those_of_tokens_with_places(text: str, begin: int, end: int) -> None:
    assert read_forms(text, TITLE, begin, end) == [to_form(piece) for piece in read_pieces(text, TITLE, begin, end)]


def test_names_in_a_row_count_as_one_and_numbers_are_all_the_same() -> None:
    one, other = (
        read_forms(text, "") for text in ("reported by Anna Berg on 3 May.", "reported by Lars Ivar Holm on 4 May.")
    )

    assert len({pattern_keys("text ends", one)[2], pattern_keys("text ends", other)[2]}) == 1
    assert pattern_keys("text ends", one)[:2] != pattern_keys("text ends", other)[:2]
