"""Reads the attachments of an e-mail: documents, other e-mails, and text that belongs to the letter itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.sources.documents.assemble import shorten
from handlers.sources.documents.mail_parts import (
    bytes_of,
    is_calendar_or_contact,
    letter_bytes,
    part_charset,
    part_name,
    text_of_part,
)
from handlers.sources.documents.office.media_types import OFFICE_SUFFIXES, OFFICE_TYPES

ReadPart = Callable[[bytes, str, str], tuple[Draft, ...]]
"""(body, content type, name) -> the articles of an attachment. It may raise UnreadableDocument."""
MAX_ATTACHMENTS: Final = 50
_MAX_PDFS: Final = 5
"""PDFs that are read of one e-mail. Each may take twenty seconds."""
_LETTERS: Final = frozenset({"message/rfc822", "message/global", "message/news"})
_READABLE: Final = frozenset(
    {
        *("text/plain", "text/markdown", "text/html", "text/enriched", "application/xhtml+xml", "application/pdf"),
        *OFFICE_TYPES,
    }
)
_SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".eml", ".pdf", *OFFICE_SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """What an attachment without own facts takes from its letter."""

    title: str
    has_text: bool
    """The letter has text, so that its subject does not describe the attachment."""
    author: str | None
    publisher: str | None
    published_at: datetime | None
    """UTC."""


def read_attachments(parts: Sequence[Message], inherited: Inherited, *, name: str, read: ReadPart) -> list[Draft]:
    """Return the articles of the attachments in order. Those past the limits become FailedDrafts.

    `name`: that of the e-mail. A text that is part of the letter has the letter's subject, sender and date.
    """
    drafts: list[Draft] = []
    pdfs = 0
    for number, part in enumerate(parts):
        if number >= MAX_ATTACHMENTS:
            reason = f"Only the first {MAX_ATTACHMENTS} attachments of an e-mail are read."
            return [*drafts, FailedDraft(origin=name, reason=reason)]
        pdfs += _is_pdf(part)
        if pdfs > _MAX_PDFS and _is_pdf(part):
            reason = f"Only the first {_MAX_PDFS} PDFs of an e-mail are read. Send this one separately."
            drafts.append(FailedDraft(origin=f"{name}: {part_name(part) or 'a PDF'}", reason=reason))
            continue
        found = _read_attachment(part, name=name, read=read)
        is_text = part.get_content_maintype() == "text" and len(found) == 1
        drafts += [_inherit(draft, inherited) if is_text else draft for draft in found]
    return drafts


def _is_pdf(part: Message) -> bool:
    return part.get_content_type() == "application/pdf" or part_name(part).lower().endswith(".pdf")


def _read_attachment(part: Message, *, name: str, read: ReadPart) -> list[Draft]:
    """Return the articles of an attachment. Empty for what is no document: pictures, sound, calendars, contacts."""
    kind = part.get_content_type()
    own_name = part_name(part)
    content_type = kind
    if kind in _LETTERS or (kind.startswith("message/") and own_name.lower().endswith(".eml")):
        body, content_type = letter_bytes(part), "message/rfc822"
        own_name = own_name or "forwarded.eml"
    elif (
        kind.startswith("text/") and kind != "text/rtf" and (kind in _READABLE or own_name.lower().endswith(_SUFFIXES))
    ):
        body, content_type = text_of_part(part).encode(), f"{kind}; charset=utf-8"
    elif kind in _READABLE or own_name.lower().endswith(_SUFFIXES):
        body = bytes_of(part)
        charset = part_charset(part)
        content_type = f"{kind}; charset={charset}" if charset else kind
    elif part.get_content_disposition() == "attachment" and not kind.startswith(("image/", "audio/", "video/")):
        body = bytes_of(part)  # perhaps a document in an unsupported format, which `read` names
    else:
        return []
    if not body.strip() or is_calendar_or_contact(body):
        return []
    origin = f"{name}: {own_name or kind}"
    try:
        return list(read(body, content_type, origin))
    except UnreadableDocument as error:
        return [FailedDraft(origin=origin, reason=str(error))]


def _inherit(draft: Draft, inherited: Inherited) -> Draft:
    if not isinstance(draft, ArticleDraft):
        return draft
    title = draft.title
    text = draft.text
    if inherited.title and not inherited.has_text:
        text = text if title in text or not title else f"{title}\n\n{text}".strip()
        title = shorten(inherited.title)
    return replace(
        draft,
        title=title,
        text=text,
        author=draft.author or inherited.author,
        publisher=draft.publisher or inherited.publisher,
        published_at=draft.published_at or inherited.published_at,
    )
