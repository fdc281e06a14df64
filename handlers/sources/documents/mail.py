"""Reads an e-mail (.eml): the article in the message itself, and those in its attachments."""

import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.sources.documents.assemble import assemble_message, shorten
from handlers.sources.documents.comparison import is_same_line, letters_of
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.office.media_types import OFFICE_SUFFIXES, OFFICE_TYPES
from handlers.sources.documents.page import read_page
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.text.dates import read_date
from handlers.sources.text.encoding import decode, one_line, tidy
from handlers.sources.text.language import agreed_language

ReadPart = Callable[[bytes, str, str], tuple[Draft, ...]]
"""(body, content type, name) -> the articles of an attachment. It may raise UnreadableDocument."""
MAX_ATTACHMENTS: Final = 50
_MAX_PDFS: Final = 5
"""PDFs that are read of one e-mail. Each may take twenty seconds."""
_MAX_BOUNDARIES: Final = 5_000
_MAX_HEADER: Final = 8_000
"""Characters of a header's value that are read. The parser of the standard library takes minutes for long values."""
_LONG_HEADER: Final = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding)[ \t]*:(?:[^\n]|\n[ \t]){%d}" % _MAX_HEADER,
    re.IGNORECASE | re.MULTILINE,
)
_STUB: Final = 200
"""Characters. If the plain text is shorter, the HTML version is read instead, provided that it has more text."""
_STUB_WORDS: Final = re.compile(
    r"(?:html|browser|does not support|enable|view (?:this|it)|unterstützt|anzeigen|просмотр|浏览器)", re.IGNORECASE
)
_SUBJECT_PREFIX: Final = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|antw|tr|rv|vs|sv|отв|пересл|fw|回复|转发|答复|رد)(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_LIST_TAG: Final = re.compile(r"^\[[\w .-]{2,30}\]\s+")
_READABLE: Final = frozenset(
    (
        *("text/plain", "text/markdown", "text/html", "application/xhtml+xml", "message/rfc822", "application/pdf"),
        *OFFICE_TYPES,
    )
)
_SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".eml", ".pdf", *OFFICE_SUFFIXES)
_FORWARD_MARK: Final = re.compile(
    r"^[^\S\n]*(?:-{2,}[^\S\n]*)?(?:(?:begin )?forwarded message|original message|weitergeleitete nachricht|"
    r"ursprüngliche nachricht|пересылаемое сообщение|转发(?:的)?邮件|原始邮件)[^\S\n]*:?[^\S\n]*(?:-{2,})?[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARD_HEADER: Final = re.compile(
    r"^[>*\s]*(?P<name>from|date|sent|subject|to|cc|reply-to|von|datum|gesendet|betreff|an|от|дата|тема|кому|发件人|发送时间|日期|主题|收件人)"
    r"\s*\**\s*[:：]\s*\**\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_TEAM_NAMES: Final = frozenset(
    {"news", "newsletter", "briefing", "daily", "weekly", "alerts", "team", "press", "media", "desk"}
)
_LONGEST_SIGNATURE: Final = 1500
"""Characters. More text below "-- " is not a signature."""
_SIGNATURE: Final = re.compile(r"^-- ?$", re.MULTILINE)


def read_mail(body: bytes, *, name: str, read: ReadPart) -> tuple[Draft, ...]:
    """Return the article of the message, then those of its attachments in order.

    `read` reads an attachment. An attachment that cannot be read becomes a FailedDraft.

    Raises: UnreadableDocument, if neither the message nor an attachment has readable text.
    """
    message = _parse(body)
    drafts: list[Draft] = []
    empty: UnreadableDocument | None = None
    try:
        drafts.append(_read_message(message, name=name))
    except UnreadableDocument as error:
        empty = error
    pdfs = 0
    for part in list(_attachments(message))[:MAX_ATTACHMENTS]:
        pdfs += _is_pdf(part)
        if pdfs > _MAX_PDFS and _is_pdf(part):
            origin = f"{name}: {one_line(part.get_filename() or 'a PDF')}"
            reason = f"Only the first {_MAX_PDFS} PDFs of an e-mail are read. Send this one separately."
            drafts.append(FailedDraft(origin=origin, reason=reason))
            continue
        drafts += _read_attachment(part, message_name=name, read=read)
    if not drafts or (empty and all(isinstance(draft, FailedDraft) for draft in drafts)):
        reasons = [draft.reason for draft in drafts if isinstance(draft, FailedDraft)]
        raise UnreadableDocument(" ".join(["The e-mail has no readable text.", *reasons])) from empty
    return tuple(drafts)


def _parse(body: bytes) -> EmailMessage:
    body = body.lstrip(b"\r\n \t\xef\xbb\xbf")
    if body.startswith(b"From ") and b"\n" in body:
        body = body.split(b"\n", 1)[1]
    if body.count(b"\n--") > _MAX_BOUNDARIES or _LONG_HEADER.search(body):
        raise UnreadableDocument("The e-mail has too many parts, or a header that is too long, so it was not read.")
    try:
        message = message_from_bytes(body, policy=policy.default)
    except (MessageError, ValueError, RecursionError) as error:
        raise UnreadableDocument("The e-mail is damaged and cannot be read.") from error
    return message


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as clean text. Empty if the header is missing or cannot be parsed."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    if len(raw) > _MAX_HEADER:
        return one_line(raw[:_MAX_HEADER])
    try:
        return one_line(str(message.get(name) or ""))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError, MessageError):
        return ""


def _read_message(message: EmailMessage, *, name: str) -> ArticleDraft:
    subject = _bare_subject(_header(message, "subject"))
    sender, address = parseaddr(_header(message, "from"))
    date = _header(message, "date")
    plain, page = _alternative(message, "plain"), _alternative(message, "html")
    forwarded: dict[str, str] = {}
    if plain:
        forwarded, plain = _split_forwarded(tidy(plain))
    draft = _read_html(page, subject, name, plain=plain) if page and (not plain or _is_stub(plain)) else None
    if draft is None:
        title = _bare_subject(forwarded.get("subject", "")) or subject
        draft = assemble_message(blocks_of(plain), origin=name, title=title or None)
        if not draft.text and not any(is_same_line(line, draft.title) for line in plain.split("\n")):
            raise UnreadableDocument("The e-mail has no readable text.")
    if forwarded.get("from"):
        sender, address = parseaddr(forwarded["from"])
        date = forwarded.get("date", "")
    person = one_line(sender) or None
    archived = _header(message, "archived-at").strip("<> ")  # RFC 5064: the URL of the message in an archive
    return replace(
        draft,
        title=shorten(subject) if subject and not forwarded.get("subject") else draft.title,
        url=archived if is_web_url(archived) else draft.url,
        guid=_header(message, "message-id").strip("<> ")[:500] or None,
        author=draft.author or (person if _is_person(sender, address) else None),
        publisher=person or address.partition("@")[2] or None,
        published_at=read_date(date) if date else None,
        language=agreed_language(_header(message, "content-language") or None, draft.title, draft.text),
    )


def _bare_subject(subject: str) -> str:
    """Return the subject without "Re:", "Fwd:" and the name of a mailing list."""
    return _LIST_TAG.sub("", _SUBJECT_PREFIX.sub("", subject))


def _is_person(name: str, address: str) -> bool:
    """Whether the address contains the last name: jane.doe@example.com does, news@example.com does not."""
    local = address.partition("@")[0].lower()
    words = [word for word in re.findall(r"\w+", name.lower()) if len(word) > 2]
    return 2 <= len(words) <= 4 and words[-1] in local and not _TEAM_NAMES & set(words)


def _read_html(page: str, subject: str, name: str, *, plain: str) -> ArticleDraft | None:
    """Return the article of the HTML version. None if it has no more text than the plain version."""
    try:
        draft = read_page(page, origin=name, title=subject or None)
    except UnreadableDocument:
        return None
    has_more = not plain or len(letters_of(draft.text)) > len(letters_of(plain))
    return replace(draft, published_at=None) if has_more else None


def _is_stub(plain: str) -> bool:
    text = plain.strip()
    return len(text) < _STUB or (len(text) < _STUB * 3 and bool(_STUB_WORDS.search(text)))


def _alternative(message: EmailMessage, kind: str) -> str:
    """Return the text of the "plain" or "html" version of the message, else an empty string."""
    try:
        part = message.get_body(preferencelist=(kind,))
    except (AttributeError, KeyError, ValueError):
        return ""
    return _text_of(part) if isinstance(part, EmailMessage) else ""


def _text_of(part: EmailMessage) -> str:
    payload = _bytes_of(part)
    return (
        decode(payload, declared=part.get_content_charset(), markup=part.get_content_subtype() == "html")
        if payload
        else ""
    )


def _bytes_of(part: EmailMessage) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _split_forwarded(plain: str) -> tuple[dict[str, str], str]:
    """Return the header fields of a forwarded message, and the text without that header, its mark and the signature."""
    signature = _SIGNATURE.search(plain)
    if signature and len(plain) - signature.start() < _LONGEST_SIGNATURE:
        plain = plain[: signature.start()]
    mark = _FORWARD_MARK.search(plain)
    if not mark:
        return {}, _unquoted(plain)
    fields: dict[str, str] = {}
    lines = plain[mark.end() :].lstrip("\n").split("\n")
    end = 0
    while end < len(lines) and (header := _FORWARD_HEADER.match(lines[end])):
        fields[_english(header["name"].lower())] = header["value"].strip(" *")
        end += 1
    body = "\n".join(lines[end:]) if end else plain[mark.end() :]
    return fields, _unquoted(body) if body.strip() else _unquoted(plain[: mark.start()])


def _english(name: str) -> str:
    return {
        "von": "from",
        "от": "from",
        "发件人": "from",
        "betreff": "subject",
        "тема": "subject",
        "主题": "subject",
    }.get(name, "date" if name in ("date", "sent", "datum", "gesendet", "дата", "发送时间", "日期") else name)


def _unquoted(text: str) -> str:
    """Return the text without the ">" of a reply if nearly all lines are quoted, else unchanged."""
    lines = text.split("\n")
    full = [line for line in lines if line.strip()]
    if full and sum(line.startswith(">") for line in full) > len(full) * 0.8:
        return "\n".join(re.sub(r"^(?:>\s?)+", "", line) for line in lines)
    return text


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    try:
        return [part for part in message.iter_attachments() if isinstance(part, EmailMessage)]
    except (AttributeError, KeyError, ValueError):
        return []


def _is_pdf(part: EmailMessage) -> bool:
    return part.get_content_type() == "application/pdf" or (part.get_filename() or "").lower().endswith(".pdf")


def _read_attachment(part: EmailMessage, *, message_name: str, read: ReadPart) -> list[Draft]:
    """Return the articles of an attachment. Empty for pictures, audio and video, which are not documents."""
    kind = part.get_content_type()
    name = one_line(part.get_filename() or "")
    if kind == "message/rfc822":
        inner = part.get_payload()
        inner = inner[0] if isinstance(inner, list) and inner else None
        body = inner.as_bytes() if isinstance(inner, EmailMessage) else b""
        name = name or "forwarded.eml"
    elif kind in _READABLE or name.lower().endswith(_SUFFIXES):
        body = _bytes_of(part)
    elif part.get_content_disposition() == "attachment" and not kind.startswith(("image/", "audio/", "video/")):
        body = _bytes_of(part)  # perhaps a document in an unsupported format, which `read` names
    else:
        return []
    if not body.strip():
        return []
    origin = f"{message_name}: {name or kind}"
    charset = part.get_content_charset()
    try:
        return list(read(body, f"{kind}; charset={charset}" if charset else kind, origin))
    except UnreadableDocument as error:
        return [FailedDraft(origin=origin, reason=str(error))]
