"""Decodes bytes of unknown encoding and removes control and invisible characters from text."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from handlers.answers.errors import UnreadableDocument
from handlers.sources.text.charsets import codec_of, decode_as, is_stateful
from handlers.sources.text.iso2022 import decode_iso2022jp, is_iso2022jp

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9][\w.:-]{1,40})""", re.IGNORECASE)
_PARAMETER: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_DETECTED: Final = (
    *(f"cp{number}" for number in (1252, 1250, 1251, *range(1253, 1259), 874, 866, 949, 932)),
    *(f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *("koi8_r", "koi8_u", "gb18030", "big5", "euc_jp", "euc_kr", "mac_roman", "mac_cyrillic"),
)
"""Legacy encodings that browsers support. Detection is limited to them, because a short German text, for example, looks
just as much like text in the DOS encoding for the Baltic languages."""

_REMOVED: Final = dict.fromkeys(
    [
        *range(0x00, 0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0x00AD,  # soft hyphen
        0x061C,  # bidirectional marks, embeddings, overrides and isolates: here and below
        0x200B,  # zero-width space
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFD),
        0xFFFE,
        0xFFFF,
    ]
)
# ZWNJ (200C) and ZWJ (200D) are not removed: the spelling of Persian, Indic scripts and emoji needs them.
_LINE_BREAKS: Final = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_LINE_BREAK_CHARACTERS: Final = tuple("\r\x0b\x0c\x85\u2028\u2029")
_SPACES: Final = re.compile(r"[^\S\n]+")
_SPACE_LITERALS: Final = ("  ", *"\t\u00a0\u1680\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B)))
"""A clean text contains one of these wherever `_SPACES` matches anything but a single space."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_TAGS: Final = re.compile(r"[\U000E0000-\U000E0FFF]")
_UNWANTED: Final = re.compile(f"[{''.join(map(chr, _REMOVED))}\ud800-\udfff\U000e0000-\U000e0fff]")
"""Finds any character that `clean` removes. Searching takes a fifth of the time of removing."""
_SAMPLE: Final = 64 * 1024
"""Bytes or characters that are examined to recognize text and its encoding."""
_SERVER_DEFAULTS: Final = frozenset({"cp1252", "utf_8"})
"""Charsets that servers declare for every document, so that the document's own declaration counts more."""
_MOSTLY: Final = 10
"""Characters of valid UTF-8 for each invalid one from which on a text is UTF-8, whatever is declared."""
_FEW_LOST: Final = 2
_LOST_SHARE: Final = 0.05
"""Characters that a text in the declared charset may lose, and their share of the characters that are not ASCII."""
_ACCENTED_WORD: Final = re.compile(
    r"(?<![^\W\d_])[\u00c0-\u00ff\u0152\u0153\u0160\u0161\u017d\u017e\u0178]{4,}(?![^\W\d_])"
)
_ACCENTED_WORDS: Final = 3
"""Words of accented letters only that show that a text is in no Western European charset."""
_NOT_TEXT: Final = "This is not text. It looks like a program, a picture or damaged data."
_GARBAGE: Final = 0.02
"""Share of control and replacement characters above which the content is not text."""


def clean(text: str) -> str:
    """Return the text in NFC without control, bidirectional and invisible characters.

    Every line break becomes a line feed, and a lone surrogate becomes U+FFFD.
    """
    if any(character in text for character in _LINE_BREAK_CHARACTERS):
        text = _LINE_BREAKS.sub("\n", text)
    if text.isascii():
        return text.translate(_REMOVED)
    if _UNWANTED.search(text):
        text = _TAGS.sub("", _SURROGATES.sub("\ufffd", text.translate(_REMOVED)))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Return the clean text as one line, with single spaces: for titles, names and single paragraphs."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """Return the clean text with single spaces and with its lines trimmed. Empty lines remain."""
    text = clean(text)
    if any(literal in text for literal in _SPACE_LITERALS):
        text = _SPACES.sub(" ", text)
    return "\n".join(line.strip() for line in text.split("\n"))


def charset_of(content_type: str | None) -> str | None:
    """Return the charset that a Content-Type header names, else None."""
    charset = _PARAMETER.search(content_type or "")
    return charset[1] if charset else None


@dataclass(frozen=True, slots=True)
class DecodedText:
    text: str
    guess: str | None = None
    """The charset if neither the bytes nor a declaration decide it, but only statistics."""


def decode(body: bytes, *, declared: str | None = None, markup: bool = False) -> str:
    """Return the text of these bytes, as `decode_text` does."""
    return decode_text(body, declared=declared, markup=markup).text


def decode_text(body: bytes, *, declared: str | None = None, markup: bool = False) -> DecodedText:
    """Return the text of these bytes.

    The encoding is that of the byte-order mark, else ISO-2022-JP or UTF-8 if the bytes are valid, else the `declared`
    charset, else the one that the document itself declares (only with `markup`), else the likeliest by statistics.
    UTF-8 comes before the declarations because text in another encoding is hardly ever valid UTF-8. A charset is read
    as the superset that is really written under its name, and a few characters outside of it are replaced by U+FFFD.

    Raises: UnreadableDocument, if the bytes are not text.
    """
    decoded = _decode(body, declared, markup=markup)
    sample = decoded.text[:_SAMPLE]
    bad = len(_CONTROLS.findall(sample)) + sample.count("\ufffd")
    if bad > 4 and bad > len(sample) * _GARBAGE:
        raise UnreadableDocument(_NOT_TEXT)
    return decoded


def _decode(body: bytes, declared: str | None, *, markup: bool) -> DecodedText:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return DecodedText(body[len(bom) :].decode(encoding, errors="replace"))
    nulls = body[:_SAMPLE].count(0)
    if nulls:
        return _decode_with_nulls(body, nulls)
    if is_iso2022jp(body):
        return DecodedText(decode_iso2022jp(body))
    names = _declared_codecs(body, declared, markup=markup)
    if names and is_stateful(names[0]) and body.isascii():
        return DecodedText(decode_as(body, names[0]).text)
    try:
        return DecodedText(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    utf8, lost = decode_as(body, "utf_8")
    valid = sum(char > "\x7f" for char in utf8) - lost
    if lost * _MOSTLY <= valid:
        return DecodedText(utf8)
    for codec in names:
        text, lost = decode_as(body, codec)
        if lost > _FEW_LOST and lost > _LOST_SHARE * sum(char > "\x7f" for char in text):
            continue
        if codec == "cp1252" and len(_ACCENTED_WORD.findall(text[:_SAMPLE])) >= _ACCENTED_WORDS:
            continue
        return DecodedText(text)
    return DecodedText(utf8) if utf8.count("\ufffd") <= valid else _by_statistics(body)


def _declared_codecs(body: bytes, declared: str | None, *, markup: bool) -> list[str]:
    """Return the codecs that the server and the document declare, the more credible one first."""
    stated = codec_of(declared) if declared else None
    own = None
    if markup and (declaration := _DECLARED.search(body[:4096])):
        own = codec_of(declaration[1].decode("ascii", errors="replace"))
    codecs = (own, stated) if stated in _SERVER_DEFAULTS else (stated, own)
    return list(dict.fromkeys(codec for codec in codecs if codec))


def _decode_with_nulls(body: bytes, nulls: int) -> DecodedText:
    """Decode bytes with zeros, which are UTF-16 without a byte-order mark or binary data.

    In UTF-16 the zeros are in every second byte only: those of spaces and punctuation in every script.
    """
    sample = body[:_SAMPLE]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if len(body) % 2 == 0 and min(low, high) * 20 < max(low, high):
        try:
            text = body.decode("utf-16-le" if high > low else "utf-16-be")
        except UnicodeDecodeError:
            text = ""
        if sum(char.isalnum() or char.isspace() for char in text) > len(text) * 0.8:
            return DecodedText(text)
    if nulls > 4 and nulls > len(sample) * 0.001:
        raise UnreadableDocument(_NOT_TEXT)
    return _decode(body.replace(b"\x00", b""), None, markup=True)


def _by_statistics(body: bytes) -> DecodedText:
    best = from_bytes(body[:_SAMPLE], cp_isolation=list(_DETECTED), preemptive_behaviour=False).best()
    if best is None:
        raise UnreadableDocument("The encoding of this text is not recognized. Save it as UTF-8 and try again.")
    return DecodedText(body.decode(best.encoding, errors="replace"), guess=best.encoding)
