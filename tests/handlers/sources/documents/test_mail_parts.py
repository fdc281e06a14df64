"""The parts of an e-mail: which version of its text is read, and all texts in their order."""

from email.message import EmailMessage

import pytest

from handlers.answers.errors import UnreadableDocument
from tests.support.letters import an_email, read, read_article, wrapped

FIRST = "The ministry put Norvane Steel on the trade list on Monday, and banks must report what they hold."
LAST = "Tessaly Bank follows in December, an official told reporters in the capital on Tuesday evening."
HTML = (
    f"<h2>Norvane Steel listed</h2><p>{FIRST}</p><table><tr><td>Steel</td><td>20 tonnes</td></tr></table><p>{LAST}</p>"
)


@pytest.mark.parametrize(
    "plain",
    [
        "Your mail program does not show HTML.",
        "https://click.coast.example/c/1\n",
        # made from the HTML version: capital headings, glued cells, lines broken at 80, addresses in brackets
        f"NORVANE STEEL LISTED\n\n{wrapped(FIRST)}\n\nSteel20 tonnes\n\n{wrapped(LAST)}\n",
        f"Norvane Steel listed\n\n{FIRST} [https://m.example/1]\n\nSteel 20 tonnes\n\n{LAST} <https://m.example/2>\n",
    ],
)
def test_a_plain_text_that_says_less_or_was_made_from_the_html_version_is_not_read(plain: str) -> None:
    draft = read_article(an_email("Listed", plain=plain, html=HTML))

    assert draft.text.split("\n\n") == ["Norvane Steel listed", FIRST, "Steel | 20 tonnes", LAST]


def test_a_plain_text_that_says_more_is_read() -> None:
    draft = read_article(an_email("Listed", plain=f"{FIRST}\n\n{LAST}\n", html=f"<p>{FIRST[:40]}</p>"))

    assert draft.text.split("\n\n") == [FIRST, LAST]


def test_the_first_paragraph_of_a_letter_without_plain_text_is_text() -> None:
    draft = read_article(
        an_email("Weekly note for members", html=f"<html><body><p>{FIRST}</p><p>{LAST}</p></body></html>")
    )

    assert (draft.title, draft.text) == ("Weekly note for members", f"{FIRST}\n\n{LAST}")


def test_all_texts_of_a_letter_are_read_in_order() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ada Finch <ada.finch@orchard.example>", "Listed"
    mail["Message-ID"] = "<1@orchard.example>"
    mail.make_mixed()
    for text in (FIRST, LAST):
        part = EmailMessage()
        part.set_content(text)
        mail.attach(part)

    assert read_article(mail).text == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize("body", ["Norvane Steel put on the trade list\n", "", " \n\n", "\u00a0\n"])
def test_a_letter_that_says_all_in_its_subject_is_an_article(body: str) -> None:
    draft = read_article(an_email("Norvane Steel put on the trade list", plain=body))

    assert (draft.title, draft.text, draft.author) == ("Norvane Steel put on the trade list", "", "Ada Finch")


@pytest.mark.parametrize(
    "body",
    [
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 900,
        "Content-Type: multipart/alternative; boundary=b\n\n" + "--b\n\nx\n" * 3000,
        "Content-Type: text/html\n\n" + "<div><blockquote type=cite>" * 50_000 + "Words of it.",
        "Content-Type: text/html\n\n" + "<a href='https://a.example'>x " * 30_000,
        "\n" + "> " * 100_000 + "\nWords of it.\n",
        "\n" + "From: a\nSent: b\nTo: c\n\n" * 5_000,
        "\n" + "-----Original Message-----\n" * 20_000,
        "\n" + "On 1 May 2026 at 10:00\n" * 20_000,
        "\n" + "*" * 200_000 + "\n" + "-" * 200_000 + "\n",
        "\n" + "[https://" * 50_000,
        "Content-Type: text/plain; format=flowed\n\n" + "word \n" * 100_000,
    ],
)
def test_a_letter_made_to_keep_the_reader_busy_is_read_or_refused(body: str) -> None:
    head = "From: a@b.example\nSubject: Norvane Steel listed\nMIME-Version: 1.0\n"

    try:
        drafts = read((head + body).encode())
    except UnreadableDocument:
        drafts = ()

    assert len(drafts) < 100
