"""Recognizes the format of a document by its content, and reads its articles with the reader for that format."""

import json
import re
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import Draft
from handlers.sources.documents.mail import read_mail
from handlers.sources.documents.mail_recognition import is_mail
from handlers.sources.documents.markdown import read_markdown
from handlers.sources.documents.office.opendocument import read_opendocument
from handlers.sources.documents.office.richtext import read_richtext
from handlers.sources.documents.office.word import read_word
from handlers.sources.documents.page import read_page
from handlers.sources.documents.pdf.article import read_pdf
from handlers.sources.documents.plain_text import read_text
from handlers.sources.feeds.feed import read_feed
from handlers.sources.lists.formats import format_of
from handlers.sources.text.encoding import DecodedText, charset_of, decode_text

MAX_DOCUMENT_BYTES: Final = 20_000_000
"""A complete newspaper is smaller."""
SUPPORTED: Final = (
    "Text, Markdown, HTML, PDF, Word (.docx), OpenDocument (.odt), RTF, e-mail (.eml) and feeds can be read."
)

_UNSUPPORTED: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls, .ppt or .msg)"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"RIFF", "a picture, audio or video file"),
    (b"ID3", "an audio file"),
    (b"OggS", "an audio file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"bplist00", "a saved Safari page (.webarchive) or property list"),
)
"""First bytes of formats that are not supported, and the format's name for people."""
_WORD: Final = "a Word document (.docx)"
_TEXT: Final = "an OpenDocument text (.odt)"
_TEXT_TYPES: Final = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
_ZIPPED: Final = (
    ("word/", _WORD),
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint file (.pptx)"),
    ("META-INF/container.xml", "an EPUB book"),
    ("content.xml", "an OpenDocument file (.ods or .odp)"),
)
"""The start of a name in a ZIP archive, and the format that it shows."""
_PROLOG: Final = re.compile(r"(?:\s|\ufeff|<\?xml[^>]*\?>|<\?xml-stylesheet[^>]*\?>|<!--.*?-->)*", re.DOTALL)
_FEED_ROOT: Final = re.compile(
    r"(?:<!DOCTYPE\s+(?:rss|feed|rdf:RDF)\b[^>\[]*(?:\[.*?\]\s*)?>\s*)?<(?:rss|feed|rdf:RDF|\w+:feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_START: Final = re.compile(
    r"<!DOCTYPE\s+html\b|<(?:html|head|body|article|main|section|div|meta|title|p|h1|h2|ul|table|span|script|style|header|nav)\b",
    re.IGNORECASE,
)
_PAGE_TAG: Final = re.compile(r"<(?:html|body|article|p|div|h1)\b[^<>]{0,500}>", re.IGNORECASE)
_MARKDOWN_TYPES: Final = frozenset({"text/markdown", "text/x-markdown"})
_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_MAX_DEPTH: Final = 8
"""E-mails inside e-mails."""


def read_document(
    body: bytes, *, content_type: str | None, name: str, base_url: str | None = None, depth: int = 0
) -> tuple[Draft, ...]:
    """Return the articles of a document: one of a text or page, several of an e-mail with attachments or a feed.

    The content decides which format is read; `content_type` and `name` decide only if the content is ambiguous.
    `base_url` is where the document was found: it resolves relative links, and is the URL of a page that states none.
    `depth` counts the e-mails around this attachment. Reading takes up to several seconds of processor time, and a PDF
    up to twenty seconds, so call it in a thread.

    Raises: UnreadableDocument, whose message tells a person the reason.
    """
    if len(body) > MAX_DOCUMENT_BYTES:
        raise UnreadableDocument(too_large(len(body)))
    _refuse_other_formats(body)
    if body[:1024].lstrip().startswith(b"%PDF-"):
        return read_pdf(body, origin=name)
    if body.startswith(b"PK\x03\x04"):
        return (read_opendocument(body, origin=name),) if _zip_format(body) == _TEXT else read_word(body, origin=name)
    if body.lstrip().startswith(b"{\\rtf"):
        return (read_richtext(body.lstrip(), origin=name),)
    media_type = (content_type or "").partition(";")[0].strip().lower()
    suffix = name.lower().rpartition(".")[2]
    if is_mail(body, is_declared=media_type == "message/rfc822" or suffix == "eml"):
        if depth > _MAX_DEPTH:
            raise UnreadableDocument(f"This e-mail is inside {depth} others. {_MAX_DEPTH} are read.")
        return read_mail(body, name=name, read=partial(_read_attachment, depth=depth + 1))
    decoded = decode_text(
        body, declared=charset_of(content_type), markup=body[:4096].lstrip()[:1] == b"<" or "html" in media_type
    )
    text = decoded.text
    if not text.strip("\ufeff\u200b \t\r\n\x00"):
        raise UnreadableDocument("The document is empty.")
    start = text[_prolog_end(text) :]
    if _FEED_ROOT.match(start) or _is_json_feed(text):
        return read_feed(body, content_type=content_type, url=base_url or "").entries
    if _is_page(start, media_type, suffix):
        if media_type in _FEED_TYPES:
            raise UnreadableDocument("This was sent as a feed but is a web page.")
        return (read_page(text, origin=name, base_url=base_url),)
    if start.startswith("<") and (text.lstrip().startswith("<?xml") or media_type.endswith("xml") or suffix == "xml"):
        raise UnreadableDocument(f"This is XML, but neither a web page nor a feed. {SUPPORTED}")
    if start[:1] in "{[" and _is_json(text):
        raise UnreadableDocument(f"This is JSON, but not a JSON Feed. {SUPPORTED}")
    if suffix in ("md", "markdown", "mdown") or media_type in _MARKDOWN_TYPES or re.match(r"# \S", start):
        return (read_markdown(text, origin=name),)
    return (replace(read_text(text, origin=name), note=_note_on_encoding(decoded)),)


def _note_on_encoding(decoded: DecodedText) -> str | None:
    """Return what to say of a line in a guessed encoding. In a longer text the guess is hardly ever wrong."""
    if decoded.guess is None or "\n" in decoded.text.strip():
        return None
    return (
        f"Its encoding is a guess ({decoded.guess}). If the text is garbled, save the file as UTF-8 and send it again."
    )


def too_large(size: int) -> str:
    """Return the reason for refusing a document of `size` bytes, which is over the limit."""
    return f"The document is too large: {size / 1e6:.0f} MB. The limit is {MAX_DOCUMENT_BYTES // 1_000_000} MB."


def _read_attachment(body: bytes, content_type: str, name: str, *, depth: int) -> tuple[Draft, ...]:
    return read_document(body, content_type=content_type, name=name, depth=depth)


def _refuse_other_formats(body: bytes) -> None:
    start = body[:1024].lstrip()
    if not start and not body.strip():
        raise UnreadableDocument("The document is empty.")
    for magic, format_name in _UNSUPPORTED:
        if start.startswith(magic):
            raise UnreadableDocument(f"This is {format_name}, which cannot be read. {SUPPORTED}")
    if (official := format_of(body)) is not None:
        raise UnreadableDocument(
            f"This is an edition of the {official.title}. Add the list by its address with /sources add: each later "
            "edition is then compared with the one before."
        )
    if body[4:8] == b"ftyp":
        raise UnreadableDocument(f"This is a video or audio file, which cannot be read. {SUPPORTED}")
    if body.startswith(b"PK\x03\x04") and (format_name := _zip_format(body)) not in (_WORD, _TEXT):
        raise UnreadableDocument(f"This is {format_name}, which cannot be read. {SUPPORTED}")


def _zip_format(body: bytes) -> str:
    """Return what a ZIP archive is, for people."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            if {"content.xml", "mimetype"} <= set(names):
                with archive.open("mimetype") as file:
                    if file.read(60).strip() in _TEXT_TYPES:
                        return _TEXT
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        return "a ZIP archive or Office document"
    formats = (format_name for start, format_name in _ZIPPED if any(name.startswith(start) for name in names))
    return next(formats, "a ZIP archive")


def _prolog_end(text: str) -> int:
    prolog = _PROLOG.match(text)
    return prolog.end() if prolog else 0


def _is_page(start: str, media_type: str, suffix: str) -> bool:
    if _PAGE_START.match(start):
        return True
    is_declared = media_type in ("text/html", "application/xhtml+xml") or suffix in ("html", "htm", "xhtml")
    return is_declared and bool(_PAGE_TAG.search(start))


def _is_json_feed(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("{") and "jsonfeed.org/version" in text[:4096].replace("\\/", "/")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
