"""Reads an e-mail (.eml): the article or the stories in the message itself, and those in its attachments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft, FailedDraft, SetAside
from handlers.sources.documents.assemble import assemble_all_lines, shorten
from handlers.sources.documents.comparison import is_same_line
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.letter import Letter, read_letter
from handlers.sources.documents.letter_footer import footer_part, has_unsubscribe, split_footer, split_notices
from handlers.sources.documents.letter_links import is_button
from handlers.sources.documents.mail_attachments import Inherited, read_attachments
from handlers.sources.documents.mail_digest import DigestMessage, is_masthead, is_scrubbed, plain_digest
from handlers.sources.documents.mail_headers import (
    Sender,
    Subject,
    SubjectKind,
    header,
    header_date,
    list_name,
    read_sender,
    read_subject,
    zone_of,
)
from handlers.sources.documents.mail_kind import automatic_kind
from handlers.sources.documents.mail_lines import MailLine, count_words, text_of_lines, unquoted
from handlers.sources.documents.mail_parts import MailParts, parse_mail, read_parts
from handlers.sources.documents.newsletter import NewsletterStory, split_stories
from handlers.sources.documents.newsletter_sections import has_words
from handlers.sources.text.block import Block
from handlers.sources.text.dates import read_date
from handlers.sources.text.language import agreed_language

ReadPart = Callable[[bytes, str, str], tuple[Draft, ...]]
"""(body, content type, name) -> the articles of an attachment. It may raise UnreadableDocument."""
_LETTER_WORDS: Final = 15
"""Words outside the stories of a newsletter from which on they are an article of their own."""
_SUBJECT_WORDS: Final = 2
_NO_TEXT: Final = "The e-mail has no readable text."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """What the headers of an e-mail say."""

    subject: Subject
    sender: Sender
    published_at: datetime | None
    zone: str
    guid: str | None
    list_name: str | None
    language: str | None
    url: str | None
    is_bulk: bool
    """It was sent to many readers, and not by a discussion list."""


def read_mail(body: bytes, *, name: str, read: ReadPart) -> tuple[Draft, ...]:
    """Return the article of the message, or the stories of a newsletter or digest, then the articles of attachments.

    A forwarded letter is the article, with its own subject, sender and date. `read` reads an attachment; one that
    cannot be read becomes a FailedDraft.

    Raises: UnreadableDocument, if neither the message nor an attachment has readable text, or if the e-mail is a
    bounce, an automatic reply or another message that no person wrote.
    """
    message = parse_mail(body)
    if kind := automatic_kind(message):
        raise UnreadableDocument(f"This e-mail is no news: it is {kind}.")
    parts = read_parts(message)
    envelope = _envelope(message, parts.charset)
    digests = [letter for digest in parts.digests for letter in digest.get_payload() if isinstance(letter, Message)]
    masthead: list[MailLine] = []
    if digests and is_masthead(message, parts.lines):
        masthead, parts.lines = parts.lines, []
    drafts = _read_text(parts, envelope, name)
    inherited = Inherited(
        title=envelope.subject.text,
        has_text=bool(drafts) or any(line.text for line in parts.lines),
        author=envelope.sender.author,
        publisher=envelope.sender.publisher,
        published_at=envelope.published_at,
    )
    drafts += read_attachments([*digests, *parts.attachments], inherited, name=name, read=read)
    if not any(isinstance(draft, ArticleDraft) for draft in drafts):
        drafts = _without_articles(parts, envelope, drafts, name)
    if masthead and isinstance(drafts[0], ArticleDraft):
        part = SetAside("masthead of the digest", text_of_lines(masthead))
        drafts[0] = replace(drafts[0], set_aside=(*drafts[0].set_aside, part))
    return tuple(drafts)


def _read_text(parts: MailParts, envelope: _Envelope, name: str) -> list[Draft]:
    """Return the articles in the text of the message, from top to bottom."""
    if messages := plain_digest(parts.lines):
        return [_digest_draft(message, envelope, name) for message in messages]
    # What a newsletter quotes is part of its text, because it answers no letter.
    is_newsletter = envelope.is_bulk and envelope.subject.kind is SubjectKind.NONE
    letter = read_letter(
        unquoted(parts.lines) if is_newsletter else parts.lines,
        subject=envelope.subject,
        sender=envelope.sender,
        published_at=envelope.published_at,
        zone=envelope.zone,
    )
    drafts: list[Draft] = [*_drafts_of(letter, envelope, name)]
    if letter.note:
        note = Letter(
            lines=letter.note, subject=envelope.subject, sender=envelope.sender, published_at=envelope.published_at
        )
        drafts.append(_letter_draft(note, note.lines, replace(envelope, guid=None, url=None), name))
    return drafts


def _drafts_of(letter: Letter, envelope: _Envelope, name: str) -> list[ArticleDraft]:
    """Return the article of a letter, or the stories of a newsletter."""
    is_bulk = envelope.is_bulk or has_unsubscribe(letter.lines)
    body, footer = split_footer(letter.lines)
    stories, rest = split_stories(body, is_bulk=is_bulk, sender=letter.sender.name)
    if not stories:
        draft = _letter_draft(letter, letter.lines, envelope, name)
        return [draft] if draft.text or (letter.lines and draft.title) else []
    remaining, removed = split_notices(rest)
    letter = replace(letter, set_aside=(*letter.set_aside, *removed, *footer_part(footer)))
    drafts = [_story_draft(story, stories, letter, name) for story in stories]
    if sum(count_words(line.text) for line in remaining if has_words(line.text)) >= _LETTER_WORDS:
        return [_letter_draft(letter, remaining, envelope, name), *drafts]
    about = SetAside("newsletter", "\n\n".join([letter.subject.text, *(line.text for line in remaining)]))
    drafts[0] = replace(drafts[0], set_aside=(*drafts[0].set_aside, *letter.set_aside))
    return [replace(draft, set_aside=(about, *draft.set_aside)) for draft in drafts]


def _without_articles(parts: MailParts, envelope: _Envelope, drafts: list[Draft], name: str) -> list[Draft]:
    """Return the drafts of an e-mail without text: an article that consists of its subject, if it has one.

    Raises: UnreadableDocument, if it says nothing at all.
    """
    if parts.is_encrypted:
        raise UnreadableDocument("The e-mail is encrypted or sealed (S/MIME or PGP), so its text cannot be read.")
    if parts.has_calendar:
        raise UnreadableDocument("This e-mail is no news: it is a calendar entry without a text.")
    if _says_something(envelope.subject.text):
        letter = Letter(lines=(), subject=envelope.subject, sender=envelope.sender, published_at=envelope.published_at)
        return [_letter_draft(letter, (), envelope, name), *drafts]
    reasons = [draft.reason for draft in drafts if isinstance(draft, FailedDraft)]
    raise UnreadableDocument(" ".join([_NO_TEXT, *dict.fromkeys(reasons)]))


def _says_something(subject: str) -> bool:
    """Whether a subject alone may be news: at least two words, or as much in Chinese or Japanese."""
    return len(subject.split()) >= _SUBJECT_WORDS or sum(char > "\u2e7f" for char in subject) >= 2 * _SUBJECT_WORDS


def _envelope(message: Message, charset: str | None) -> _Envelope:
    archived = header(message, "archived-at").strip("<> ")  # RFC 5064: the URL of the message in an archive
    precedence = header(message, "precedence").lower()
    is_bulk = bool(header(message, "list-unsubscribe")) or precedence == "bulk"
    return _Envelope(
        subject=read_subject(header(message, "subject", charset=charset)),
        sender=read_sender(header(message, "from", charset=charset) or header(message, "sender", charset=charset)),
        published_at=header_date(message),
        zone=zone_of(header(message, "date")),
        guid=header(message, "message-id").strip("<> ")[:500] or None,
        list_name=list_name(message),
        language=header(message, "content-language") or None,
        url=archived if is_web_url(archived) else None,
        is_bulk=is_bulk and not header(message, "list-post").startswith("<"),
    )


def _letter_draft(letter: Letter, lines: Sequence[MailLine], envelope: _Envelope, name: str) -> ArticleDraft:
    """Return the article of a letter. A long subject is shortened, and is the first paragraph in full."""
    remaining, removed = split_notices(lines)
    blocks = [Block(text=line.text, bullet=line.is_bullet) for line in remaining if any(map(str.isalnum, line.text))]
    subject = letter.subject.text
    title = shorten(subject) if subject else None
    if title and title != subject:
        blocks = [Block(text=subject), *blocks]
    if not title and not blocks:
        return ArticleDraft(title="", text="", origin=name)
    draft = assemble_all_lines(blocks, origin=name, title=title)
    listed = letter.subject.list_name or envelope.list_name
    return replace(
        draft,
        title=title or draft.title,
        url=envelope.url or draft.url or _own_url(split_footer(lines)[0]),
        guid=envelope.guid,
        author=draft.author or letter.sender.author,
        publisher=letter.sender.publisher or draft.publisher,
        published_at=letter.published_at,
        tags=(listed,) if listed else (),
        language=agreed_language(envelope.language, draft.title, draft.text),
        set_aside=(*letter.set_aside, *removed),
    )


def _own_url(lines: Sequence[MailLine]) -> str | None:
    """Return the address of the letter's text on the web: that of its only linked heading, or its only bare address."""
    headings = [line.links[0].url for line in lines if line.is_heading and line.is_link and not is_button(line)]
    bare = [link.url for line in lines if not line.is_link for link in line.links if link.url == line.text]
    for urls in (headings, bare):
        if len(urls) == 1 and is_web_url(urls[0]):
            return urls[0]
    return None


def _story_draft(story: NewsletterStory, stories: Sequence[NewsletterStory], letter: Letter, name: str) -> ArticleDraft:
    remaining, removed = split_notices(story.lines)
    blocks = [
        Block(text=line.text, bullet=line.is_bullet) for line in remaining if not is_same_line(line.text, story.title)
    ]
    draft = assemble_all_lines(blocks, origin=name, title=shorten(story.title))
    return replace(
        draft,
        url=story.url,
        shared_url=sum(other.url == story.url for other in stories) > 1,
        publisher=letter.sender.publisher,
        published_at=letter.published_at,
        language=agreed_language(None, draft.title, draft.text),
        set_aside=tuple(removed),
    )


def _digest_draft(message: DigestMessage, envelope: _Envelope, name: str) -> Draft:
    """Return the article of a message in a plain digest, with its own subject, sender and date."""
    subject = read_subject(message.headers.get("subject", ""))
    if is_scrubbed(message.lines):
        reason = f"The mailing list removed the text of the message “{subject.text}” from its digest."
        return FailedDraft(origin=name, reason=reason)
    letter = read_letter(
        message.lines,
        subject=subject,
        sender=read_sender(message.headers.get("from", "")),
        published_at=read_date(message.headers.get("date", "")) or envelope.published_at,
        zone=zone_of(message.headers.get("date", "")),
    )
    guid = message.headers.get("message-id", "").strip("<> ")[:500] or None
    return _letter_draft(letter, letter.lines, replace(envelope, guid=guid, url=None), name)
