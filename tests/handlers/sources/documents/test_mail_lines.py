"""The lines of a letter: flowed and wrapped text is joined to paragraphs, lists and verses are not."""

import pytest

from tests.support.letters import an_email, read_article, wrapped

FIRST = "The ministry put Norvane Steel on the trade list on Monday, and banks must report what they hold."


@pytest.mark.parametrize(
    ("parameters", "body", "paragraphs"),
    [
        ("format=flowed", "The ministry listed \nNorvane Steel.\n\nTessaly Bank\nCalder Optics\n", 3),
        ("format=flowed; delsp=yes", "The minis \ntry listed  \nNorvane Steel.\n\nTessaly Bank\nCalder Optics\n", 3),
        ("format=flowed", "The ministry listed \n Norvane Steel.\n\nTessaly Bank\nCalder Optics\n", 3),
    ],
)
def test_flowed_lines_are_joined_and_fixed_lines_are_not(parameters: str, body: str, paragraphs: int) -> None:
    head = "From: a@b.example\nSubject: Listed\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; "

    draft = read_article(f"{head}{parameters}\n\n{body}".encode())

    assert draft.text.split("\n\n") == ["The ministry listed Norvane Steel.", "Tessaly Bank", "Calder Optics"]
    assert len(draft.text.split("\n\n")) == paragraphs


def test_chinese_text_with_deleted_spaces_is_joined_without_them() -> None:
    head = "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; "

    assert (
        read_article(f"{head}format=flowed; delsp=yes\n\n该部周一将诺文 \n钢铁列入清单。\n".encode()).text
        == "该部周一将诺文钢铁列入清单。"
    )


def test_wrapped_lines_are_joined_and_lists_and_verses_are_not() -> None:
    text = (
        f"{wrapped(FIRST)}\n\nAdded this morning:\nNorvane Steel\nTessaly Bank\nBrightwater Shipping\n\n"
        "- the first thing\n- the second thing, which is so long that the program of the sender\n  had to wrap it\n\n"
        "1. Calder Optics\n2. Hollin Aerospace\n\nRoses are red, violets are blue,\nsugar is sweet,\nand so are you.\n"
    )

    paragraphs = read_article(an_email("Listed", plain=text)).text.split("\n\n")

    assert paragraphs[:5] == [FIRST, "Added this morning:", "Norvane Steel", "Tessaly Bank", "Brightwater Shipping"]
    assert "the second thing, which is so long that the program of the sender had to wrap it" in paragraphs
    assert paragraphs[-5:] == [
        *("1. Calder Optics", "2. Hollin Aerospace"),
        *("Roses are red, violets are blue,", "sugar is sweet,", "and so are you."),
    ]
