"""Digests of mailing lists: each message is an article; masthead, list of topics and footer are none."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from handlers.drafts import ArticleDraft, FailedDraft
from tests.support.letters import an_email, read

MASTHEAD = (
    "Send News mailing list submissions to\n\tnews@wire.example\n\nTo subscribe or unsubscribe via email, send a "
    "message with subject or\nbody 'help' to\n\tnews-request@wire.example\n\nToday's Topics:\n\n"
    "   1. Norvane Steel listed (Ada Finch)\n   2. Tessaly Bank fined (Bob Marsh)\n   3. A page (Cy Roe)\n\n\n"
    + "-" * 70
    + "\n\n"
)
MESSAGES = [
    (
        "Ada Finch <ada.finch@orchard.example>",
        "[News] Norvane Steel listed",
        "The ministry put Norvane Steel on the list on Monday.\n\n-- \nAda\n",
    ),
    (
        "Bob Marsh <bob.marsh@harbour.example>",
        "Re: [News] =?utf-8?B?5rOw6JCo5Yip6ZO26KGM?=",
        "The bank was fined on Monday.\n\nOn 29 Nov 2026, at 10:00, Ada Finch wrote:\n> Was the bank fined?\n",
    ),
    (
        "Cy Roe <cy.roe@dale.example>",
        "[News] A page",
        "An HTML attachment was scrubbed...\nURL: <https://l.example/a.htm>\n",
    ),
]
FOOTER = (
    "-" * 30 + "\n\nSubject: Digest Footer\n\n_______________________________________________\nNews mailing list\n"
    "news@wire.example\n\n\n" + "-" * 30 + "\n\nEnd of News Digest, Vol 1, Issue 1\n" + "*" * 34 + "\n"
)


def plain_digest() -> str:
    messages = (
        f"Date: Mon, 30 Nov 2026 1{number}:00:00 +0000\nFrom: {sender}\nSubject: {subject}\nTo: news@wire.example\n"
        f'Message-ID: <{number}@wire.example>\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        for number, (sender, subject, text) in enumerate(MESSAGES)
    )
    return MASTHEAD + ("-" * 30 + "\n\n").join(messages) + FOOTER


def test_each_message_of_a_plain_digest_is_an_article_and_a_removed_text_is_named() -> None:
    drafts = read(an_email("News Digest, Vol 1, Issue 1", plain=plain_digest()))

    first, second = [draft for draft in drafts if isinstance(draft, ArticleDraft)]
    assert (first.title, first.author, first.text) == (
        *("Norvane Steel listed", "Ada Finch"),
        "The ministry put Norvane Steel on the list on Monday.",
    )
    assert (second.title, second.author, second.text) == ("泰萨利银行", "Bob Marsh", "The bank was fined on Monday.")
    assert [draft.published_at for draft in (first, second)] == [
        datetime(2026, 11, 30, 10, tzinfo=UTC),
        datetime(2026, 11, 30, 11, tzinfo=UTC),
    ]
    assert (first.tags, first.guid) == (("News",), "0@wire.example")
    (failed,) = [draft for draft in drafts if isinstance(draft, FailedDraft)]
    assert "removed the text of the message “A page”" in failed.reason


def mime_digest(masthead: str) -> EmailMessage:
    digest = EmailMessage()
    digest["Content-Type"] = "multipart/digest"
    for number, (sender, subject, text) in enumerate(MESSAGES[:2]):
        message = EmailMessage()
        message["From"], message["Subject"] = sender, subject
        message["Date"] = f"Mon, 30 Nov 2026 1{number}:00:00 +0000"
        message["List-Id"] = "<news.wire.example>"
        message.set_content(text)
        part = EmailMessage()
        part.set_content(message)
        digest.attach(part)
    mail = an_email("News Digest, Vol 1, Issue 1", plain=masthead)
    mail.make_mixed()
    mail.attach(digest)
    return mail


def test_each_message_of_a_mime_digest_is_an_article_and_its_masthead_is_none() -> None:
    drafts = read(mime_digest(MASTHEAD))

    assert [draft.title for draft in drafts if isinstance(draft, ArticleDraft)] == [
        "Norvane Steel listed",
        "泰萨利银行",
    ]


def test_what_a_person_writes_beside_attached_letters_is_an_article() -> None:
    drafts = read(mime_digest("These two letters came this morning, and I think that both of them are genuine."))

    assert len([draft for draft in drafts if isinstance(draft, ArticleDraft)]) == 3


@pytest.mark.parametrize("rule", ["-" * 70, "-" * 30])
def test_rules_in_a_letter_do_not_make_it_a_digest(rule: str) -> None:
    text = f"The ministry listed Norvane Steel.\n\n{rule}\n\nNote: the order is in force.\n\n{rule}\n\nThat is all.\n"

    (draft,) = read(an_email("Listed", plain=text))

    assert isinstance(draft, ArticleDraft)
    assert draft.text.split("\n\n")[-1] == "That is all."
