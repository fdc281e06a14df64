"""Replies: the text above or between quoted letters is the article, with its own sender and date."""

from datetime import UTC, datetime

import pytest

from tests.support.letters import (
    LANGUAGES,
    SENDER,
    an_email,
    kept_apart,
    read_article,
)

WHEN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def original_message(words: dict[str, str]) -> str:
    header = f"{words['from']}: {SENDER}\n{words['sent']}: 27 Nov 2026 17:44\n{words['to']}: Ada"
    header = f"{header}\n{words['subject']}: Order 17"
    return f"-----{words['original']}-----\n{header}\n\n{words['first']}"


def header_lines(words: dict[str, str]) -> str:
    return original_message(words).partition("\n")[2]


def header_lines_below_a_rule(words: dict[str, str]) -> str:
    return "________________________________\n" + header_lines(words)


def quotation_marks(words: dict[str, str]) -> str:
    return f"{words['wrote']}\n\n> {words['first']}\n>\n> {words['last']}"


def quotation_marks_around_everything(words: dict[str, str]) -> str:
    return f"> {words['wrote']}\n>\n> {words['first']}"


def without_quotation_marks(words: dict[str, str]) -> str:
    return f"{words['wrote']}\n\n{words['first']}"


QUOTED = [
    *(original_message, header_lines, header_lines_below_a_rule, quotation_marks, quotation_marks_around_everything),
    without_quotation_marks,
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("quoted", QUOTED, ids=lambda quoted: quoted.__name__)
def test_the_text_above_the_quoted_letter_is_the_article(quoted, language: str) -> None:  # type: ignore[no-untyped-def]
    words = LANGUAGES[language]

    draft = read_article(an_email(f"{words['reply']} Order 17", plain=f"{words['answer']}\n\nAda\n\n{quoted(words)}\n"))

    assert (draft.title, draft.publisher, draft.published_at) == ("Order 17", "Ada Finch", WHEN)
    assert draft.text.split("\n\n") == [words["answer"], "Ada"]
    assert words["first"] in kept_apart(draft)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quoted_letter_of_an_html_reply_is_kept_apart(language: str) -> None:
    words = LANGUAGES[language]
    line = words["wrote"].replace("<", "&lt;").replace(">", "&gt;")
    quoted = f"<div class='gmail_quote'><div class='gmail_attr'>{line}<br></div><blockquote class='gmail_quote'>"
    html = f"<div dir='ltr'>{words['answer']}</div><br>{quoted}<p>{words['first']}</p></blockquote></div>"

    draft = read_article(an_email(f"{words['reply']} Order 17", html=html))

    assert draft.text == words["answer"]
    assert words["first"] in kept_apart(draft)


def test_answers_between_quoted_lines_are_the_article() -> None:
    text = (
        "On 27 Nov 2026, at 17:44, Bob Marsh <bob@harbour.example> wrote:\n\n> Can we ship the steel?\n\n"
        "No, Norvane Steel was listed this morning.\n\n> And the optics of Calder?\n\nYes, they may go.\n\n-- \nAda\n"
    )

    draft = read_article(an_email("Re: Order 17", plain=text))

    assert draft.text.split("\n\n") == ["No, Norvane Steel was listed this morning.", "Yes, they may go."]
    assert "Can we ship the steel?" in kept_apart(draft)


def test_an_answer_below_the_quoted_letter_is_the_article() -> None:
    text = "On 27 Nov 2026, at 17:44, Bob Marsh wrote:\n> Can we ship the steel?\n\nNo, Norvane Steel was listed.\n"

    assert read_article(an_email("Re: Order 17", plain=text)).text == "No, Norvane Steel was listed."


@pytest.mark.parametrize(
    "line",
    [
        'On Monday, 28/10/2021 at 12:46, "Bob Marsh"\n<bob@harbour.example> wrote:',
        "On Mon, Apr 2, 2012 at 6:26 PM,\nBob Marsh <bob@harbour.example>\nwrote:",
        "Am Mo., 2. Apr. 2012 um 18:26 Uhr schrieb Bob Marsh <\nbob@harbour.example>:",
    ],
)
def test_a_wrapped_line_above_the_quoted_letter_is_no_text(line: str) -> None:
    draft = read_article(an_email("Re: Steel", plain=f"Hello\n{line}\n\n> Can we ship the steel?\n"))

    assert draft.text == "Hello"


@pytest.mark.parametrize("subject", ["Order 17", "Fwd: Order 17"])
def test_a_letter_without_own_words_is_the_letter_that_it_quotes(subject: str) -> None:
    text = "> The ministry put Norvane Steel on the list on Monday.\n>\n> Banks must report what they hold.\n"

    draft = read_article(an_email(subject, plain=text))

    assert draft.text == "The ministry put Norvane Steel on the list on Monday.\n\nBanks must report what they hold."


@pytest.mark.parametrize(
    "text",
    [
        "He wrote: the list is long.\n\nNorvane Steel: listed\nDate: to be announced\n\nThat is all.",
        "From Monday on the order is in force: everybody wrote to us.\n\nTo: all desks\n\nKeep the list.",
        "The original message was lost.\n\nA forwarded message is read as well.\n\nFrom: here on it is easy.",
    ],
)
def test_a_letter_that_quotes_nothing_keeps_every_line(text: str) -> None:
    draft = read_article(an_email("Order 17", plain=text))

    assert draft.text.replace("\n\n", " ") == text.replace("\n\n", " ").replace("\n", " ")
