"""Reads the headers of an e-mail: subject, sender, date and mailing list, in any charset."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.letter_phrases import pattern
from handlers.sources.text.charsets import codec_of, decode_as, is_stateful
from handlers.sources.text.dates import read_date
from handlers.sources.text.encoding import decode, one_line

MAX_HEADER: Final = 8_000
"""Characters of a header's value that are read."""
_ENCODED_WORD: Final = re.compile(
    r"=\?(?P<charset>[\w.:+-]{2,40})(?:\*[\w-]{1,20})?\?(?P<way>[bBqQ])\?(?P<data>[^?\r\n]{0,4000})\?=(?P<gap>\s*(?==\?))?"
)
_SUBJECT_PREFIX: Final = pattern(
    r"\s*(?:(?P<forward>%s)|(?P<reply>%s)|%s)(?:\s?[\[(]\d{1,3}[\])])?\s?[:：]\s*",
    "forward prefix",
    "reply prefix",
    "either prefix",
)
_LIST_TAG: Final = re.compile(r"\s*\[(?P<name>[\w .&+/-]{2,40})\]\s*")
_MOST_PREFIXES: Final = 12
_TEAM_NAMES: Final = frozenset(
    {"news", "newsletter", "briefing", "daily", "weekly", "alerts", "alert", "team", "press", "media", "desk", "digest"}
    | {"office", "service", "support", "info", "letter", "list", "redaktion", "newsroom", "bulletin", "editors"}
)
_DATE_FORMS: Final = (
    (re.compile(r"(?<=\d) (?:في|الساعة) (?=[\d٠-٩])"), " "),
    (re.compile(r"(?<=[\d٠-٩])/(?=[^\W\d])|(?<=[^\W\d])/(?=[\d٠-٩])"), " "),
    (re.compile(r"((?:GMT|UTC)[+-]\d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?)"), r"\2 \1"),
)
"""What mail programs in Arabic and Apple's in Chinese write into dates, and the usual form."""
_SERIAL: Final = re.compile(r"[0-9a-f]{16}", re.IGNORECASE)
"""The number that a service gives to a list, in place of a name."""
_VIA: Final = re.compile(r"\s+(?:via|über|par|через|通过)\s+.{1,60}$", re.IGNORECASE)


class SubjectKind(StrEnum):
    """What the first prefix of a subject says about the letter."""

    REPLY = "reply"
    FORWARD = "forward"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject without its prefixes."""

    text: str
    kind: SubjectKind = SubjectKind.NONE
    list_name: str | None = None
    """The name that a mailing list puts in brackets in front of the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote a letter."""

    name: str = ""
    address: str = ""

    @property
    def publisher(self) -> str | None:
        """The name, else the domain of the address."""
        return self.name or self.address.partition("@")[2] or None

    @property
    def author(self) -> str | None:
        """The name if it is that of a person whose address contains part of it, such as jane.doe@example.com."""
        local = self.address.partition("@")[0].lower()
        words = [word for word in re.findall(r"[^\W\d_]+", self.name.lower()) if len(word) > 2]
        is_person = 2 <= len(words) <= 4 and not _TEAM_NAMES & set(words)
        return self.name if is_person and any(word in local for word in (words[0], words[-1])) else None


def header(message: Message, name: str, *, charset: str | None = None) -> str:
    """Return the first header of this name as clean text, empty if there is none.

    `charset`: how to read bytes beyond ASCII that the header should have encoded, usually the charset of the body.
    """
    for key, value in message.raw_items():
        if key.lower() == name:
            return one_line(decode_header(str(value)[:MAX_HEADER], charset=charset))
    return ""


def headers(message: Message, name: str) -> list[str]:
    """Return all headers of this name as clean text."""
    return [
        one_line(decode_header(str(value)[:MAX_HEADER])) for key, value in message.raw_items() if key.lower() == name
    ]


def decode_header(value: str, *, charset: str | None = None) -> str:
    """Return the text of a header as it was transmitted: encoded words (RFC 2047) in any charset, and raw bytes.

    The encoded words of one charset are joined before they are decoded, because some programs split characters.
    """
    value = _decode_raw(value, charset)
    if "=?" not in value:
        return value
    pieces: list[str] = []
    position = 0
    pending: list[bytes] = []
    pending_charset = ""
    for word in _ENCODED_WORD.finditer(value):
        between = value[position : word.start()]
        if pending and (between or word["charset"].lower() != pending_charset):
            pieces.append(_decode_word(b"".join(pending), pending_charset))
            pending = []
        pieces.append(between)
        pending.append(_word_bytes(word))
        pending_charset = word["charset"].lower()
        position = word.end()
    if pending:
        pieces.append(_decode_word(b"".join(pending), pending_charset))
    return "".join([*pieces, value[position:]])


def _decode_raw(value: str, charset: str | None) -> str:
    """Return the value with its bytes beyond ASCII, which the parser keeps as lone surrogates, as text."""
    has_bytes = not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)
    if not has_bytes and not (charset and is_stateful_charset(charset) and "\x1b" in value):
        return value
    return _decode_word(value.encode("utf-8", "surrogateescape"), charset or "utf-8")


def _word_bytes(word: re.Match[str]) -> bytes:
    data = word["data"].encode("utf-8", "surrogateescape")
    if word["way"] in "qQ":
        return binascii.a2b_qp(data, header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(data) % 4 == 1:  # a character that was cut off carries no complete byte
        data = data[:-1]
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return b""


def is_stateful_charset(charset: str) -> bool:
    """Whether text in this charset consists of ASCII bytes, so that it also looks like valid UTF-8."""
    codec = codec_of(charset)
    return codec is not None and is_stateful(codec)


def decode_declared(body: bytes, charset: str) -> str | None:
    """Return the text of bytes in this charset, read as its superset.

    None if the charset is unknown or the bytes are not valid in it.
    """
    codec = codec_of(charset)
    if codec is None:
        return None
    decoded = decode_as(body, codec)
    return decoded.text if not decoded.lost or is_stateful(codec) else None


def _decode_word(body: bytes, charset: str) -> str:
    """Decode in the charset, else by what the bytes look like."""
    text = decode_declared(body, charset)
    if text is not None:
        return text
    try:
        return decode(body, declared=charset)
    except UnreadableDocument:
        return body.decode("latin-1")


def read_subject(value: str) -> Subject:
    """Return the subject without "Re:", "Fwd:" and the name of a mailing list, and what the first prefix says."""
    kind, list_name = SubjectKind.NONE, None
    text = one_line(value)
    for _ in range(_MOST_PREFIXES):
        if prefix := _SUBJECT_PREFIX.match(text):
            if kind is SubjectKind.NONE and (prefix["forward"] or prefix["reply"]):
                kind = SubjectKind.FORWARD if prefix["forward"] else SubjectKind.REPLY
            text = text[prefix.end() :]
        elif list_name is None and (tag := _LIST_TAG.match(text)) and len(text) > tag.end():
            list_name = tag["name"].strip()
            text = text[tag.end() :]
        else:
            break
    return Subject(text=text.strip(), kind=kind, list_name=list_name)


def read_sender(value: str) -> Sender:
    """Return the sender in the value of a "From" header or of such a line in a letter."""
    value = re.sub(r"<mailto:[^<>\s]{1,200}>|\[mailto:[^\[\]\s]{1,200}\]", _mailto, value[:MAX_HEADER])
    value = re.sub(
        r"\s+(?:on behalf of|im Auftrag von|de la part de|от имени|代表)\s.*", "", value, flags=re.IGNORECASE
    )
    name, address = _name_and_address(value)
    return Sender(name=one_line(_VIA.sub("", name.strip(" \"'“”„«»*"))), address=address)


def _mailto(match: re.Match[str]) -> str:
    """Return an address that Outlook writes as a link, in angle brackets if nothing else gives it."""
    text = match.string
    return "" if "@" in text[: match.start()] else f"<{match[0][8:-1]}>"


def _name_and_address(value: str) -> tuple[str, str]:
    """Return the name and the address; a name may contain commas, as in "Doe, Jane <jane@example.com>"."""
    bracket = re.search(r"[<(\[]\s*(?P<address>[^<>()\[\]\s@]{1,100}@[^<>()\[\]\s]{1,200}?)\s*[>)\]]", value)
    if bracket:
        return value[: bracket.start()].strip(" ;,"), bracket["address"]
    name, address = parseaddr(value)
    if "@" in address:
        return name, address
    return ("", value.strip()) if re.fullmatch(r"\S+@\S+", value.strip()) else (value.strip(" <>"), "")


def header_date(message: Message) -> datetime | None:
    """Return when the letter was written, in UTC; None if it does not say."""
    for name in ("date", "resent-date", "delivery-date"):
        if (value := header(message, name)) and (when := read_date(value)) is not None:
            return when
    # the time at which the last server received it follows a semicolon
    for received in headers(message, "received")[:3]:
        if (when := read_date(received.rpartition(";")[2])) is not None:
            return when
    return None


def zone_of(value: str) -> str:
    """Return the offset from UTC that a "Date" header states, such as "+0100", else an empty string."""
    offset = re.search(r"[+-]\d{4}\b", value[:200])
    return offset[0] if offset else ""


def date_in_zone(value: str, zone: str) -> datetime | None:
    """Return the instant of a date in a letter, in UTC; None if it cannot be read.

    `zone`: the offset from UTC of a time that names no zone, such as "+0100".
    """
    value = one_line(value).strip(" *|")
    for form, usual in _DATE_FORMS:
        value = form.sub(usual, value)
    if zone and (when := read_date(f"{value} {zone}")) is not None:
        return when
    return read_date(value)


def list_name(message: Message) -> str | None:
    """Return the name of the mailing list that sent the letter, else None."""
    value = header(message, "list-id") or header(message, "x-list-name")
    name, _, identifier = value.partition("<")
    found = name.strip(' "') or identifier.partition(".")[0].strip("> ")
    return found if found and not _SERIAL.search(found) else None
