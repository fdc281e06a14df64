"""Names whose letters run from right to left do not turn the line around them."""

import pytest

from handlers.answers.bidi import isolated


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Example Wire", "Example Wire"),
        ("الجزيرة", "\u2068الجزيرة\u2069"),
        ("הארץ", "\u2068הארץ\u2069"),
        ("BBC عربي", "\u2068BBC عربي\u2069"),
        ("新华社", "新华社"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2069هآرتس\u2068", "\u2068هآرتس\u2069"),
        ("", ""),
    ],
)
def test_a_right_to_left_name_is_isolated_and_controls_of_direction_are_removed(name: str, shown: str) -> None:
    assert isolated(name) == shown
