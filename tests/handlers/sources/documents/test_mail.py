"""E-mails: which part is read, the headline, the sender, and attachments."""

from email.message import EmailMessage

import pytest

from handlers.drafts import ArticleDraft, FailedDraft
from handlers.sources.documents.document import read_document

WORDS = "The United States will put tariffs on steel. " * 8


def message(subject: str = "Tariffs on steel", sender: str = "Example Wire <news@example.com>") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["Subject"] = subject
    mail["Message-ID"] = "<1@example.com>"
    return mail


def read(mail: EmailMessage) -> list[ArticleDraft | FailedDraft]:
    return list(read_document(mail.as_bytes(), content_type=None, name="mail.eml"))


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
    mail = message(subject)
    mail.set_content(WORDS)

    (draft,) = read(mail)

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
    mail = message(sender=sender)
    mail.set_content(WORDS)

    (draft,) = read(mail)

    assert isinstance(draft, ArticleDraft)
    assert (draft.publisher, draft.author, draft.guid) == (publisher, author, "1@example.com")


def test_plain_text_is_read_unless_it_only_points_to_the_html_version() -> None:
    full = message()
    full.set_content(WORDS + "PLAIN")
    full.add_alternative(f"<p>{WORDS} PAGE</p>", subtype="html")
    stub = message()
    stub.set_content("Your mail program does not support HTML.")
    stub.add_alternative(f"<p>{WORDS} PAGE</p>", subtype="html")

    assert "PLAIN" in read(full)[0].text  # type: ignore[union-attr]
    assert "PAGE" in read(stub)[0].text  # type: ignore[union-attr]


def test_each_readable_attachment_is_an_article_and_others_have_a_reason() -> None:
    mail = message()
    mail.set_content(WORDS)
    mail.add_attachment("A headline in a file\n\nWords of the file.", filename="a.txt")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="b.pdf")
    mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    inner = message("An older letter")
    inner.set_content(WORDS)
    mail.add_attachment(inner)

    drafts = read(mail)

    assert [draft.title if isinstance(draft, ArticleDraft) else "-" for draft in drafts] == [
        "Tariffs on steel",
        "A headline in a file",
        "-",
        "An older letter",
    ]
    failed = drafts[2]
    assert isinstance(failed, FailedDraft)
    assert failed.origin == "mail.eml: b.pdf"
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
def test_a_damaged_e_mail_is_read_as_far_as_possible(body: bytes) -> None:
    (draft,) = read_document(body, content_type=None, name="a.eml")

    assert isinstance(draft, ArticleDraft)
    assert "Words of it go on." in draft.text


def test_lines_above_the_first_sentence_of_a_newsletter_remain_and_its_notices_do_not() -> None:
    mail = message("Added this morning")
    mail.set_content(
        "View this email in your browser\n\nNorvane Steel\n\nTessaly Bank\n\n"
        "Both were put on the list on Tuesday, the ministry said, and banks must report what they hold.\n\n"
        "Jane Sample\n\nForward to a friend\n\nUnsubscribe"
    )

    (draft,) = read(mail)

    assert isinstance(draft, ArticleDraft)
    assert draft.text.split("\n\n") == [
        "Norvane Steel",
        "Tessaly Bank",
        "Both were put on the list on Tuesday, the ministry said, and banks must report what they hold.",
        "Jane Sample",
    ]


def test_an_e_mail_whose_text_only_repeats_its_subject_is_an_article() -> None:
    mail = message("Norvane Steel put on the list")
    mail.set_content("Norvane Steel put on the list.")

    (draft,) = read(mail)

    assert isinstance(draft, ArticleDraft)
    assert (draft.title, draft.text) == ("Norvane Steel put on the list", "")
