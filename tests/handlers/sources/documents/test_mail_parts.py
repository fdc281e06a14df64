"""The parts of an e-mail: which version of the text is read, flowed text, attachments and letters in letters."""

import base64
from email.message import EmailMessage

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, FailedDraft
from tests.handlers.sources.documents.letters import an_email, read, read_article, wrapped

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


def test_a_text_that_was_attached_inherits_subject_date_and_sender() -> None:
    mail = an_email("Norvane Steel listed")
    mail.add_attachment(f"{FIRST}\n\n{LAST}\n", filename="message.txt")

    draft = read_article(mail)

    assert (draft.title, draft.author) == ("Norvane Steel listed", "Ada Finch")
    assert draft.published_at is not None
    assert FIRST in draft.text


def test_a_text_beside_a_letter_keeps_its_own_headline_and_inherits_the_rest() -> None:
    mail = an_email("For the files", plain="See the attached text.")
    mail.add_attachment(f"Norvane Steel listed\n\n{FIRST}\n", filename="note.txt")

    letter, note = read(mail)

    assert isinstance(letter, ArticleDraft)
    assert isinstance(note, ArticleDraft)
    assert (note.title, note.publisher, note.published_at) == (
        *("Norvane Steel listed", "Ada Finch"),
        letter.published_at,
    )


INNER = (
    "From: Bob Marsh <bob.marsh@harbour.example>\nSubject: Liste für Brücken\nDate: Fri, 27 Nov 2026 16:44:00 +0000\n\n"
)


@pytest.mark.parametrize("kind", ["message/rfc822", "message/global"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
@pytest.mark.parametrize("text", ["See the letter that is attached.", ""])
def test_an_attached_letter_is_an_article(kind: str, encoding: str, text: str) -> None:
    letter = f"{INNER}{FIRST}\n".encode()
    if encoding == "base64":
        letter = base64.encodebytes(letter)
    elif encoding == "quoted-printable":
        letter = letter.replace(b"\xc3\xbc", b"=C3=BC")
    head = "From: Ada Finch <ada.finch@orchard.example>\nSubject: A letter of Friday\nMIME-Version: 1.0\n"
    parts = (
        f"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    body = f"{head}Content-Type: multipart/mixed; boundary=b\n\n{parts}".encode() + letter + b"\n--b--\n"

    drafts = [draft for draft in read(body) if isinstance(draft, ArticleDraft)]

    assert [draft.title for draft in drafts] == [*(["A letter of Friday"] if text else []), "Liste für Brücken"]
    assert (drafts[-1].author, drafts[-1].text) == ("Bob Marsh", FIRST)


def test_letters_in_letters_are_read_to_the_permitted_depth_and_named_beyond_it() -> None:
    def nested(depth: int) -> EmailMessage:
        mail = an_email(f"Letter {depth} of the ministry", plain=f"Words of letter {depth}.")
        if depth:
            mail.add_attachment(nested(depth - 1))
        return mail

    drafts = read(nested(12))

    articles = [draft.title for draft in drafts if isinstance(draft, ArticleDraft)]
    assert articles == [f"Letter {depth} of the ministry" for depth in range(12, 3, -1)]
    assert [draft.reason for draft in drafts if isinstance(draft, FailedDraft)] == [
        "This e-mail is inside 9 others. 8 are read."
    ]


def test_attachments_past_the_limits_are_named() -> None:
    mail = an_email("Many files", plain="See the files.")
    for number in range(60):
        mail.add_attachment(f"Headline {number} of the day\n\nWords of file {number}.", filename=f"{number}.txt")

    drafts = read(mail)

    assert len(drafts) == 52
    assert isinstance(drafts[-1], FailedDraft)
    assert "first 50 attachments" in drafts[-1].reason


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
