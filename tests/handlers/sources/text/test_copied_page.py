"""Texts copied from a page: several lines show it, one does not."""

import pytest

from handlers.sources.text.block import Block
from handlers.sources.text.copied_page import is_copied_page

PROSE = "The ministry said on Tuesday that operators must replace the equipment within three years, at their own cost."


@pytest.mark.parametrize(
    ("lines", "is_page"),
    [
        (["Live", "Huawei listed", PROSE], False),
        (["Huawei", "Facebook", "Telegram", "WhatsApp", PROSE], False),
        (["Huawei", "Facebook", "Telegram", "Share", "Email", PROSE], True),
        (["Watch: Huawei listed", "Share trading in Huawei halted"], False),
        (["By Jane Doe", "Huawei listed", PROSE], False),
        (["By Jane Doe", "5 June 2026", PROSE], True),
        (["Huawei listed", "5 June 2026 10:30", "Share", PROSE], True),
        (["Share", "Advertisement", "Huawei listed"], True),
        (["Huawei listed", PROSE, PROSE, "About the author"], True),
        (["About the author", "Huawei listed", PROSE], False),
        (["Huawei listed", PROSE, "Related articles", "ZTE listed too"], True),
        (["Related articles", "Huawei listed", PROSE], False),
        (["Tagesordnung", PROSE, "Themen:", "Sanktionen gegen Huawei"], False),
        (["-----", "Huawei", "* * *", "ZTE", "412"], False),
    ],
    ids=lambda value: "" if isinstance(value, bool) else " / ".join(line[:20] for line in value),
)
def test_several_lines_together_show_a_copied_page(lines: list[str], is_page: bool) -> None:
    assert is_copied_page([Block(text=line) for line in lines]) is is_page
