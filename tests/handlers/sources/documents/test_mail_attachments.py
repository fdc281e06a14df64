"""The attachments of an e-mail: texts, other letters, and what is no document."""

import base64
from email.message import EmailMessage

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, FailedDraft
from tests.support.letters import an_email, read, read_article

FIRST = "The ministry put Norvane Steel on the trade list on Monday, and banks must report what they hold."


def test_a_text_that_was_attached_inherits_subject_date_and_sender() -> None:
    mail = an_email("Norvane Steel listed")
    mail.add_attachment(f"{FIRST}\n\nTessaly Bank follows.\n", filename="message.txt")

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


@pytest.mark.parametrize("subtype", ["calendar", "plain"])
def test_a_calendar_entry_without_a_text_is_no_news(subtype: str) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Hearing on Norvane Steel"
    mail["From"] = "Ada Finch <ada.finch@orchard.example>"
    mail.set_content("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", subtype=subtype)

    with pytest.raises(UnreadableDocument, match="calendar"):
        read(mail)


def test_a_subject_that_says_something_is_an_article_beside_an_attachment_that_cannot_be_read() -> None:
    mail = an_email("Norvane Steel put on the trade list", plain="\n")
    mail.add_attachment(b"\x89PNG\r\n", maintype="application", subtype="octet-stream", filename="list.png")

    article, failed = read(mail)

    assert isinstance(article, ArticleDraft)
    assert article.title == "Norvane Steel put on the trade list"
    assert isinstance(failed, FailedDraft)
