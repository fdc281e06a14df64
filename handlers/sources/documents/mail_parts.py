"""The parts of an e-mail: the lines of its text, chosen among the versions that it offers, and its attachments."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.letter_footer import split_notices
from handlers.sources.documents.letter_links import without_addresses
from handlers.sources.documents.mail_headers import MAX_HEADER, decode_declared, decode_header, is_stateful_charset
from handlers.sources.documents.mail_html import html_lines
from handlers.sources.documents.mail_lines import MailLine, paragraphs, plain_lines
from handlers.sources.text.encoding import decode, one_line

_MAX_BOUNDARIES: Final = 5_000
_MAX_PARTS: Final = 500
_MAX_LEVELS: Final = 30
"""Multiparts inside multiparts."""
_LONG_HEADER: Final = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding)[ \t]*:(?:[^\n]|\n[ \t]){%d}" % MAX_HEADER,
    re.IGNORECASE | re.MULTILINE,
)
"""The parser of the standard library takes minutes for the parameters of a long header."""
_TEXTS: Final = frozenset({"text/plain", "text/html", "application/xhtml+xml", "text/enriched", "text/richtext"})
_CALENDARS: Final = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_IGNORED: Final = frozenset(
    {"text/vcard", "text/x-vcard", "text/directory", "application/pgp-signature", "application/pgp-keys"}
    | {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/ms-tnef"}
    | {"text/x-amp-html", "text/watch-html", "text/rfc822-headers"}
    | {"message/delivery-status", "message/disposition-notification"}
)
"""Parts that are no documents: contacts, signatures, reports, and formats of a single mail program."""
_IGNORED_NAMES: Final = (".ics", ".vcf", ".p7s", ".asc", ".sig", ".vcs", "winmail.dat")
_ENCRYPTED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_GUESSES: Final = (
    "utf-8",
    "cp1252",
    "cp1251",
    "koi8-r",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
    "cp1250",
    "cp1256",
)
_SAMPLE: Final = 20_000
_SAMPLE_LETTERS: Final = 500
_ENRICHED: Final = re.compile(r"</?[A-Za-z-]{1,40}>|<param>[^<]{0,200}</param>")


@dataclass(slots=True)
class MailParts:
    """What an e-mail consists of."""

    lines: list[MailLine] = field(default_factory=list)
    """The text of the letter."""
    attachments: list[Message] = field(default_factory=list)
    digests: list[Message] = field(default_factory=list)
    """Parts of the type multipart/digest, which contain letters."""
    charset: str | None = None
    """The charset of the first text."""
    is_encrypted: bool = False
    has_calendar: bool = False


def parse_mail(body: bytes) -> Message:
    """Return the e-mail in these bytes.

    Raises: UnreadableDocument, if it is damaged, or made to keep the parser busy.
    """
    body = body.lstrip(b"\r\n \t\xef\xbb\xbf")
    if body.startswith((b"From ", b">From ")) and b"\n" in body:
        body = body.split(b"\n", 1)[1]
    if body.count(b"\n--") > _MAX_BOUNDARIES or _LONG_HEADER.search(body):
        raise UnreadableDocument("The e-mail has too many parts, or a header that is too long, so it was not read.")
    try:
        return message_from_bytes(body, policy=policy.compat32)
    except (MessageError, ValueError, RecursionError, LookupError) as error:
        raise UnreadableDocument("The e-mail is damaged and cannot be read.") from error


def read_parts(message: Message) -> MailParts:
    """Return the text of an e-mail and its attachments. Of several versions the one that says most is the text."""
    found = MailParts()
    budget = iter(range(_MAX_PARTS))
    _read_part(message, found, budget, level=0)
    return found


def bytes_of(part: Message) -> bytes:
    """Return the content of a part, decoded from base64 or quoted-printable."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def letter_bytes(part: Message) -> bytes:
    """Return the e-mail inside a part of the type message/rfc822 or message/global, even if the part is encoded."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return bytes_of(part)
    buffer = BytesIO()
    try:
        BytesGenerator(buffer, mangle_from_=False, maxheaderlen=0, policy=policy.compat32).flatten(inner)
    except (ValueError, TypeError, AttributeError, KeyError, LookupError, MessageError, RecursionError):
        return b""
    # RFC 6532 allows message/global to be encoded, and some programs encode message/rfc822 too. The parser does not
    # decode it: it takes base64 for a letter without headers, and quoted-printable for one with odd characters.
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()
    is_base64 = encoding == "base64" and not inner.keys()
    if is_base64 or (encoding == "quoted-printable" and inner.get("content-transfer-encoding") is None):
        carrier = Message(policy=policy.compat32)
        carrier["Content-Transfer-Encoding"] = encoding
        carrier.set_payload(buffer.getvalue().decode("ascii", "surrogateescape"))
        return bytes_of(carrier)
    return buffer.getvalue()


def is_calendar_or_contact(body: bytes) -> bool:
    """Whether the content is a calendar entry or the data of a contact, whatever type it declares."""
    return body[:200].lstrip()[:20].upper().startswith((b"BEGIN:VCALENDAR", b"BEGIN:VCARD"))


def part_name(part: Message) -> str:
    """Return the name of the file in a part, empty if it has none."""
    try:
        name = part.get_filename() or ""
    except (ValueError, TypeError, LookupError, IndexError):
        return ""
    return one_line(decode_header(str(name)[:1_000]))


def part_charset(part: Message) -> str | None:
    """Return the charset that a part declares."""
    try:
        charset = part.get_content_charset()
    except (ValueError, TypeError, LookupError):
        return None
    return charset[:60] if charset else None


def text_of_part(part: Message) -> str:
    """Return the text of a part in its declared charset. Empty if it is no text."""
    payload = bytes_of(part)
    charset = part_charset(part)
    if charset and (is_stateful_charset(charset) or not _is_utf8(payload)):
        text = decode_declared(payload, charset)
        if text is not None:
            return text
    try:
        return decode(payload, declared=charset, markup=part.get_content_subtype() == "html") if payload else ""
    except UnreadableDocument:
        return ""


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_part(part: Message, found: MailParts, budget: Iterator[int], *, level: int) -> None:
    """Add the part to what was found."""
    if next(budget, None) is None or level > _MAX_LEVELS:
        return
    kind = part.get_content_type()
    children = _children(part)
    if kind == "multipart/digest":
        found.digests.append(part)
    elif kind == "multipart/alternative" and children:
        _read_alternative(children, found, budget, level=level)
    elif kind == "multipart/encrypted":
        found.is_encrypted = True
    elif part.get_content_maintype() == "multipart":
        for child in children:
            _read_part(child, found, budget, level=level + 1)
        if not children and isinstance(part.get_payload(), str):
            _add(found, plain_lines(text_of_part(part)), part)  # the boundary never appears
    elif kind in _ENCRYPTED:
        found.is_encrypted = True
    elif kind in _CALENDARS or (kind in _TEXTS and is_calendar_or_contact(bytes_of(part))):
        found.has_calendar = True
    elif kind in _IGNORED or part_name(part).lower().endswith(_IGNORED_NAMES):
        return
    elif kind in _TEXTS and (level == 0 or not _is_attachment(part)):
        _add(found, part_lines(part), part)
    else:
        found.attachments.append(part)


def _add(found: MailParts, lines: Sequence[MailLine], part: Message) -> None:
    if any(line.text for line in found.lines):
        found.lines.append(MailLine())
    found.lines += lines
    found.charset = found.charset or part_charset(part) or _charset_of_text(part)


def _charset_of_text(part: Message) -> str | None:
    """Return the charset in which a text was read that declares none, because its headers may be in it, too."""
    payload = bytes_of(part)[:_SAMPLE]
    if payload.isascii():
        return None
    letters = "".join(text_of_part(part).split())[:_SAMPLE_LETTERS]
    fitting = (
        charset for charset in _GUESSES if "".join(payload.decode(charset, "ignore").split()).startswith(letters)
    )
    return next(fitting, None)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _is_attachment(part: Message) -> bool:
    """Whether the part is a file rather than a piece of the letter."""
    disposition = (part.get_content_disposition() or "").lower()
    return disposition == "attachment" or bool(part_name(part))


def part_lines(part: Message) -> list[MailLine]:
    """Return the lines of a part that is plain text or HTML."""
    text = text_of_part(part)
    kind = part.get_content_type()
    if kind in ("text/html", "application/xhtml+xml"):
        return html_lines(text)
    if kind != "text/plain":
        text = _ENRICHED.sub("", text.replace("\n\n", "\n"))
    is_flowed = str(part.get_param("format") or "").lower() == "flowed"
    delete_space = str(part.get_param("delsp") or "").lower() == "yes"
    return plain_lines(text, flowed=is_flowed, delete_space=delete_space)


def _read_alternative(children: Sequence[Message], found: MailParts, budget: Iterator[int], *, level: int) -> None:
    """Add the version of the letter that says most, and the attachments of all versions."""
    versions: list[MailParts] = []
    for child in children:
        version = MailParts()
        _read_part(child, version, budget, level=level + 1)
        found.attachments += version.attachments
        found.digests += version.digests
        found.is_encrypted = found.is_encrypted or version.is_encrypted
        found.has_calendar = found.has_calendar or version.has_calendar
        found.charset = found.charset or version.charset
        if any(line.text for line in version.lines):
            versions.append(version)
    if not versions:
        return
    best = versions[0]
    for version in versions[1:]:
        if _says_more(version.lines, best.lines):
            best = version
    if any(line.text for line in found.lines):
        found.lines.append(MailLine())
    found.lines += best.lines


def _says_more(lines: Sequence[MailLine], others: Sequence[MailLine]) -> bool:
    """Whether the lines have more words than the others, or as many while the others are a copy made by a program."""
    own, other = _words(lines), _words(others)
    gained, lost = (own - other).total(), (other - own).total()
    if gained != lost:
        return gained > lost
    return _is_converted(others) and not _is_converted(lines)


def _words(lines: Sequence[MailLine]) -> Counter[str]:
    kept, _ = split_notices(paragraphs(lines))
    return Counter(word for line in kept for word in re.findall(r"\w+", _URL.sub("", line.text).casefold()))


_URL: Final = re.compile(r"https?://\S+|\S+@\S+|\[[^\[\]]{0,60}\]")


def _is_converted(lines: Sequence[MailLine]) -> bool:
    """Whether plain text was made from HTML: addresses are in brackets, or long paragraphs are cut into lines."""
    if not any(line.is_plain for line in lines):
        return False
    has_brackets = any(without_addresses(line).text != line.text for line in lines if line.links)
    is_cut = any(len(paragraph.text) > 2 * max(len(line.text) for line in lines) for paragraph in paragraphs(lines))
    return has_brackets or is_cut
