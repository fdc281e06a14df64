"""Letters: which part is read, what the headline is, and attachments."""

from email.message import EmailMessage

import pytest

from handlers.drafts import ArticleDraft, FailedDraft
from handlers.sources.documents.document import read_document

WORDS = "The United States will put tariffs on steel. " * 8


def letter(subject: str = "Tariffs on steel", sender: str = "Example Wire <news@example.com>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = subject
    message["Message-ID"] = "<1@example.com>"
    return message


def read(message: EmailMessage) -> list[ArticleDraft | FailedDraft]:
    return list(read_document(message.as_bytes(), content_type=None, name="letter.eml"))


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Fwd: Tariffs on steel", "Tariffs on steel"),
        ("Re: FW: AW: Tariffs on steel", "Tariffs on steel"),
        ("[briefing] Tariffs on steel", "Tariffs on steel"),
        ("转发：华为签署协议", "华为签署协议"),
        ("Reuters: tariffs on steel", "Reuters: tariffs on steel"),
    ],
)
def test_the_subject_is_the_headline_without_its_prefixes(subject: str, title: str) -> None:
    message = letter(subject)
    message.set_content(WORDS)

    (draft,) = read(message)

    assert draft.title == title  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sender", "publisher", "author"),
    [
        ("Example Wire <news@example.com>", "Example Wire", None),
        ("Jane Doe <jane.doe@example.com>", "Jane Doe", "Jane Doe"),
        ("news@example.com", "example.com", None),
    ],
)
def test_the_sender_is_the_publisher(sender: str, publisher: str, author: str | None) -> None:
    message = letter(sender=sender)
    message.set_content(WORDS)

    (draft,) = read(message)

    assert isinstance(draft, ArticleDraft)
    assert (draft.publisher, draft.author, draft.guid) == (publisher, author, "1@example.com")


def test_plain_text_is_read_unless_it_is_a_stub() -> None:
    full = letter()
    full.set_content(WORDS + "PLAIN")
    full.add_alternative(f"<p>{WORDS} PAGE</p>", subtype="html")
    stub = letter()
    stub.set_content("Your mail program does not support HTML.")
    stub.add_alternative(f"<p>{WORDS} PAGE</p>", subtype="html")

    assert "PLAIN" in read(full)[0].text  # type: ignore[union-attr]
    assert "PAGE" in read(stub)[0].text  # type: ignore[union-attr]


def test_each_readable_attachment_is_an_article_and_others_say_why_not() -> None:
    message = letter()
    message.set_content(WORDS)
    message.add_attachment("A headline in a file\n\nWords of the file.", filename="a.txt")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="b.pdf")
    message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    inner = letter("An older letter")
    inner.set_content(WORDS)
    message.add_attachment(inner)

    drafts = read(message)

    assert [draft.title if isinstance(draft, ArticleDraft) else "-" for draft in drafts] == [
        "Tariffs on steel",
        "A headline in a file",
        "-",
        "An older letter",
    ]
    failed = drafts[2]
    assert isinstance(failed, FailedDraft)
    assert failed.origin == "letter.eml: b.pdf"
    assert "damaged" in failed.reason


@pytest.mark.parametrize(
    "body",
    [
        b"From: =?utf-8?q?broken\nSubject: =?bad?x?y?=\nMIME-Version: 1.0\nDate"
        b": never\nContent-Type: text/plain; charset=nope\n\nWords of it go on.",
        b"From: a@b\nSubject: x\nMIME-Version: 1.0\nContent-Type: "
        b"multipart/mixed; boundary=b\n\n--b\n\nWords of it go on.",
        b"From: a@b\nSubject: x\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n!!!!V29yZHMgb2YgaXQgZ28gb24u",
        b"From a@b Mon Jan 1\nFrom: a@b\nSubject: x\nMIME-Version: 1.0\n\nWords of it go on.",
    ],
)
def test_a_damaged_letter_is_read_as_far_as_it_goes(body: bytes) -> None:
    (draft,) = read_document(body, content_type=None, name="a.eml")

    assert isinstance(draft, ArticleDraft)
    assert "Words of it go on." in draft.text


def test_what_stands_above_the_first_sentence_of_a_newsletter_stays_and_its_notices_go() -> None:
    message = letter("Added this morning")
    message.set_content(
        "View this email in your browser\n\nNorvane Steel\n\nTessaly Bank\n\n"
        "Both were put on the list on Tuesday, the ministry said, and banks must report what they hold.\n\n"
        "Jane Sample\n\nForward to a friend\n\nUnsubscribe"
    )

    (draft,) = read(message)

    assert isinstance(draft, ArticleDraft)
    assert draft.text.split("\n\n") == [
        "Norvane Steel",
        "Tessaly Bank",
        "Both were put on the list on Tuesday, the ministry said, and banks must report what they hold.",
        "Jane Sample",
    ]


def test_a_letter_that_only_says_its_subject_again_is_an_article() -> None:
    message = letter("Norvane Steel put on the list")
    message.set_content("Norvane Steel put on the list.")

    (draft,) = read(message)

    assert isinstance(draft, ArticleDraft)
    assert (draft.title, draft.text) == ("Norvane Steel put on the list", "")
