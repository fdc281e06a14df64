"""No letter loses its first or last paragraph or a word between, whatever program sent it."""

import re
from collections import Counter
from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.letters import LANGUAGES, an_email, kept_apart, read_article, wrapped

NAMES = [
    "Norvane Steel",
    "Tessaly Bank",
    "Calder Optics",
    "Hollin Aerospace",
    "Quillfeather Chemicals",
    "Marram Cables",
]
LINES = [
    *NAMES,
    *(words[part] for words in LANGUAGES.values() for part in ("first", "last", "answer", "title")),
    *(
        "25 firms",
        "4.5 %",
        "Search",
        "Live",
        "Share",
        "Advertisement rates rise",
        "Comments by the ministry",
        "1. Steel",
    ),
    *("Dear Ada,", "Best regards", "Ada Finch", "P.S. The list is long.", "Contact: Jane Doe, +49 30 123456"),
    *("Added this morning:", "URGENT", "Annex II", "Re: steel", "Note", "See https://m.example/order for the order."),
]


def plain(paragraphs: list[str]) -> dict[str, str]:
    return {"plain": "\n\n".join(paragraphs) + "\n"}


def plain_wrapped(paragraphs: list[str]) -> dict[str, str]:
    return {"plain": wrapped("\n\n".join(paragraphs)) + "\n"}


def html_paragraphs(paragraphs: list[str]) -> dict[str, str]:
    return {"html": "".join(f"<p>{escape(text)}</p>" for text in paragraphs)}


def html_divs(paragraphs: list[str]) -> dict[str, str]:
    return {
        "html": "<div dir='ltr'>"
        + "".join(f"<div>{escape(text)}</div><div><br></div>" for text in paragraphs)
        + "</div>"
    }


def html_breaks(paragraphs: list[str]) -> dict[str, str]:
    return {"html": "<body>" + "<br><br>".join(map(escape, paragraphs)) + "</body>"}


def html_table(paragraphs: list[str]) -> dict[str, str]:
    rows = "".join(
        f"<tr><td style='font-size:0'><div style='font-size:14px'>{escape(text)}</div></td></tr>" for text in paragraphs
    )
    return {"html": f"<html><head><title>Letter</title></head><body><table>{rows}</table></body></html>"}


def both(paragraphs: list[str]) -> dict[str, str]:
    return plain_wrapped(paragraphs) | html_paragraphs(paragraphs)


FORMS: list[Callable[[list[str]], dict[str, str]]] = [
    *(plain, plain_wrapped, html_paragraphs, html_divs, html_breaks, html_table, both)
]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@settings(max_examples=60, deadline=None)
@given(paragraphs=st.lists(st.sampled_from(LINES), min_size=1, max_size=9))
def test_every_word_of_a_letter_is_text(form: Callable[[list[str]], dict[str, str]], paragraphs: list[str]) -> None:
    draft = read_article(an_email("Order 17 of the week", **form(paragraphs)))

    assert words(draft.text) == words("\n".join(paragraphs))
    assert words(paragraphs[0]) <= words(draft.text.split("\n\n")[0])
    assert words(draft.text.split("\n\n")[-1]) >= words(paragraphs[-1])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@settings(max_examples=30, deadline=None)
@given(
    above=st.lists(st.sampled_from(LINES), min_size=1, max_size=5),
    below=st.lists(st.sampled_from(LINES), min_size=1, max_size=5),
    language=st.sampled_from(sorted(LANGUAGES)),
)
def test_a_reply_and_the_letter_that_it_quotes_keep_every_word(
    form: Callable[[list[str]], dict[str, str]], above: list[str], below: list[str], language: str
) -> None:
    labels = LANGUAGES[language]
    sender = f"{labels['from']}: Bob Marsh <bob@harbour.example>"
    header = [sender, f"{labels['sent']}: 27 Nov 2026 17:44", f"{labels['to']}: Ada", f"{labels['subject']}: Order 17"]

    draft = read_article(an_email(f"{labels['reply']} Order 17", **form([*above, *header, *below])))

    assert words(draft.text) == words("\n".join(above))
    assert words("\n".join(below)) <= words(kept_apart(draft))


def test_a_long_letter_is_read_to_its_end() -> None:
    paragraphs = [f"Paragraph {number}: {NAMES[number % 6]} was named by the ministry." for number in range(3000)]

    draft = read_article(an_email("Order 17", plain="\n\n".join(paragraphs)))

    assert draft.text.split("\n\n") == paragraphs
