"""Letters as mail programs write them, for the tests: their parts in seven languages, and the e-mail around them."""

import json
import textwrap
from email.message import EmailMessage

from handlers.drafts import ArticleDraft, Draft
from handlers.sources.documents.document import read_document
from tests.support.paths import ROOT

DATA = ROOT / "tests/handlers/sources/documents/data/letters"
Words = dict[str, str]
LANGUAGES: dict[str, Words] = json.loads((DATA / "languages.json").read_text(encoding="utf-8"))
SENDER = "Bob Marsh <bob.marsh@harbour.example>"
READER = "ada.finch@orchard.example"

Story = tuple[str, str, str]
STORIES: list[Story] = [
    (
        "Zorvex closes its works in Nord",
        "The works of Zorvex in Nord will close by the end of next year, and many people are to move to the coast.",
        "https://click.coast.example/c/1?u=aHR0",
    ),
    (
        "Wolves return to the upper valley",
        "Herders ask for dogs and fences while hunters ask for permits, and the ministry wants to count them first.",
        "https://click.coast.example/c/2?u=bHR0",
    ),
    (
        "Bank of Lund cuts its rate again",
        "Borrowers gain and savers lose, and the currency slips against the euro after the third cut of the year.",
        "https://click.coast.example/c/3?u=cHR0",
    ),
]
"""The headline, text and link of each story of a newsletter."""


def an_email(subject: str = "Order 17", *, plain: str | None = None, html: str | None = None) -> EmailMessage:
    """Return an e-mail by Ada Finch, with a plain text, an HTML version, or both."""
    mail = EmailMessage()
    mail["From"] = "Ada Finch <ada.finch@orchard.example>"
    mail["To"] = "desk@wire.example"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 30 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = "<n1@orchard.example>"
    if plain is not None:
        mail.set_content(plain)
    if html is not None and plain is not None:
        mail.add_alternative(html, subtype="html")
    elif html is not None:
        mail.set_content(html, subtype="html")
    return mail


def read(mail: EmailMessage | bytes, name: str = "letter.eml") -> tuple[Draft, ...]:
    return read_document(mail if isinstance(mail, bytes) else mail.as_bytes(), content_type=None, name=name)


def read_article(mail: EmailMessage | bytes) -> ArticleDraft:
    (draft,) = read(mail)
    assert isinstance(draft, ArticleDraft)
    return draft


def kept_apart(draft: ArticleDraft) -> str:
    return "\n".join(part.text for part in draft.set_aside)


def wrapped(text: str, prefix: str = "") -> str:
    """Return the paragraphs of a text wrapped at 72 columns, each line with the prefix."""
    paragraphs = ["\n".join(textwrap.wrap(part, 72, break_long_words=False)) or part for part in text.split("\n\n")]
    return "\n".join((prefix + line).rstrip(" ") if prefix else line for line in "\n\n".join(paragraphs).split("\n"))
