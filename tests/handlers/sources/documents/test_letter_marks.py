"""Replies and forwards with the lines that many mail programs write above the letter that they quote."""

import textwrap
from html import escape

import pytest

from tests.support.letters import DATA, an_email, kept_apart, read, read_article, wrapped

ATTRIBUTIONS = (DATA / "attributions.txt").read_text(encoding="utf-8").splitlines()
HEADERS = {
    block.partition("\n")[0]: block.partition("\n")[2]
    for block in (DATA / "forwarded_headers.txt").read_text(encoding="utf-8").split("%% ")[1:]
}
ANSWER = ["Norvane Steel is on the list since this morning, so we cannot deliver any more.", "Please stop it.", "Ada"]
QUESTION = ["Can we ship the steel of order 17 to the yard in Nord before Christmas?", "The yard asks every day."]
LETTER = ["The ministry put Norvane Steel on the trade list on Monday, and banks must report it.", "Tessaly follows."]


def quoted(paragraphs: list[str]) -> str:
    return wrapped("\n\n".join(paragraphs), "> ")


def plain(paragraphs: list[str]) -> str:
    return wrapped("\n\n".join(paragraphs))


def reply(text: str) -> list[str]:
    draft = read_article(an_email("Re: Order 17", plain=text))
    assert (draft.title, draft.publisher) == ("Order 17", "Ada Finch")
    assert "Christmas" in kept_apart(draft)
    return draft.text.split("\n\n")


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_the_answer_is_the_article_above_below_or_between_what_it_quotes(line: str) -> None:
    between = f"{quoted(QUESTION[:1])}\n\n{plain(ANSWER[:1])}\n\n{quoted(QUESTION[1:])}\n\n{plain(ANSWER[1:])}"

    assert reply(f"{plain(ANSWER)}\n\n{line}\n\n{quoted(QUESTION)}\n") == ANSWER
    assert reply(f"{line}\n{quoted(QUESTION)}\n\n{plain(ANSWER)}\n") == ANSWER
    assert reply(f"{line}\n\n{between}\n") == ANSWER


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_the_line_above_the_quoted_letter_may_be_wrapped(line: str) -> None:
    folded = "\n".join(textwrap.wrap(line, 60))

    assert reply(f"{plain(ANSWER)}\n{folded}\n{quoted(QUESTION)}\n") == ANSWER


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_the_quoted_letter_of_an_html_reply_is_kept_apart_whatever_introduces_it(line: str) -> None:
    paragraphs = ["".join(f"<p>{text}</p>" for text in texts) for texts in (ANSWER, QUESTION)]
    html = f"{paragraphs[0]}<div>{escape(line)}</div><blockquote type='cite'>{paragraphs[1]}</blockquote>"

    assert read_article(an_email("Re: Order 17", html=html)).text.split("\n\n") == ANSWER


@pytest.mark.parametrize("line", [line for line in ATTRIBUTIONS if "@" in line and "2026" in line])
def test_a_letter_without_quotation_marks_is_kept_apart_below_an_address_and_a_date(line: str) -> None:
    assert reply(f"{plain(ANSWER)}\n\n{line}\n\n{plain(QUESTION)}\n") == ANSWER


@pytest.mark.parametrize(
    "line",
    [
        "On 27 November 2026 at 17:44 the minister wrote:",
        "Am 27.11.2026 um 17:44 Uhr schrieb der Minister:",
        "Le 27/11/2026 à 17:44, le ministre a écrit :",
        "Questions go to press@ministry.example until 27 November 2026:",
    ],
)
def test_an_article_that_says_who_wrote_something_keeps_its_text(line: str) -> None:
    text = f"{LETTER[0]}\n\n{line}\n\nNorvane Steel may not be paid."

    draft = read_article(an_email("Norvane Steel listed", plain=text))

    assert draft.text.split("\n\n") == [LETTER[0], line, "Norvane Steel may not be paid."]


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("subject", ["Fwd: Norvane Steel listed", "Please read", "Norvane Steel listed"])
def test_the_forwarded_letter_is_the_article_below_the_header_of_any_program(name: str, subject: str) -> None:
    draft = read_article(an_email(subject, plain=f"Please have a look.\n\n{HEADERS[name]}\n{plain(LETTER)}\n"))

    assert draft.title == "Norvane Steel listed"
    assert draft.publisher is not None
    assert draft.publisher.startswith("Bob Marsh")
    assert draft.text.split("\n\n") == LETTER
    assert "Please have a look." in kept_apart(draft)


@pytest.mark.parametrize("name", HEADERS)
def test_the_forwarded_letter_is_the_article_in_html(name: str) -> None:
    lines = [escape(line) for line in HEADERS[name].strip().split("\n")]
    letter = "".join(f"<p>{text}</p>" for text in LETTER)

    for header in ("<br>\n".join(lines), "".join(f"<div>{line}</div>" for line in lines)):
        draft = read_article(an_email("Fwd: Steel", html=f"<p>Please have a look.</p><div>{header}</div>{letter}"))
        assert (draft.title, draft.text.split("\n\n")) == ("Norvane Steel listed", LETTER)


def test_a_long_note_above_a_forwarded_letter_is_an_article_of_the_person_who_forwards() -> None:
    note = (
        "We have three open orders with Norvane Steel, worth two million together, and Calder Optics buys from them "
        "too; the board must decide on Friday whether we stop."
    )
    text = f"{wrapped(note)}\n\n{HEADERS['gmail']}\n{plain(LETTER)}\n"

    first, second = read(an_email("Fwd: Norvane Steel listed", plain=text))

    assert (first.publisher, first.text.split("\n\n")) == ("Bob Marsh", LETTER)  # type: ignore[union-attr]
    assert (second.publisher, second.text) == ("Ada Finch", note)  # type: ignore[union-attr]


def test_a_warning_of_the_mail_server_is_no_note() -> None:
    warning = (
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments "
        "unless you recognize the sender and know the content is safe."
    )

    draft = read_article(an_email("Fwd: Steel", plain=f"{warning}\n\n{HEADERS['gmail']}\n{plain(LETTER)}\n"))

    assert draft.text.split("\n\n") == LETTER


def test_words_above_an_empty_forwarded_letter_are_the_article() -> None:
    draft = read_article(an_email("Fwd: Steel", plain=f"Norvane Steel was listed.\n\n{HEADERS['gmail']}\n"))

    assert draft.text == "Norvane Steel was listed."


def test_what_a_newsletter_quotes_is_part_of_its_text() -> None:
    mail = an_email("Coast Letter", plain="The minister said:\n\n> Norvane Steel is listed.\n\nNobody was surprised.\n")
    mail["List-Unsubscribe"] = "<https://coast.example/u>"

    assert "Norvane Steel is listed." in read_article(mail).text
