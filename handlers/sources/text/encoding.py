"""From bytes to clean text: which encoding they are in, and which characters never pass."""

import re
import unicodedata
from typing import Final

from charset_normalizer import from_bytes

from handlers.answers.errors import UnreadableDocument

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9][\w.:-]{1,40})""", re.IGNORECASE)
_PARAMETER: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_SUPERSETS: Final = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"} | {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
"""What browsers read under these names: https://encoding.spec.whatwg.org/#names-and-labels"""
_IN_USE: Final = (
    *(f"cp{number}" for number in (1252, 1250, 1251, *range(1253, 1259), 874, 866, 949, 932)),
    *(f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *("koi8_r", "koi8_u", "gb18030", "big5", "euc_jp", "euc_kr", "mac_roman", "mac_cyrillic"),
)
"""The encodings that browsers still know: a short German text looks as much like one of DOS for the Baltic."""

_REMOVED: Final = dict.fromkeys(
    [
        *range(0x00, 0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0x00AD,  # soft hyphen
        0x061C,  # bidi marks, embeddings, overrides and isolates
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
# ZWNJ (200C) and ZWJ (200D) stay: Persian, Indic scripts and emoji are spelled with them.
_BREAKS: Final = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_BREAK_MARKS: Final = tuple("\r\x0b\x0c\x85\u2028\u2029")
_BLANKS: Final = re.compile(r"[^\S\n]+")
_BLANK_MARKS: Final = ("  ", *"\t\u00a0\u1680\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B)))
"""What a clean text has where a blank in it is not a single space."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_TAGS: Final = re.compile(r"[\U000E0000-\U000E0FFF]")
_ODD: Final = re.compile(f"[{''.join(map(chr, _REMOVED))}\ud800-\udfff\U000e0000-\U000e0fff]")
"""What never passes: looking for it costs a fifth of taking it out."""
_SAMPLE: Final = 64 * 1024
_GARBAGE: Final = 0.02
"""Share of control or replacement characters above which something is not text."""


def clean(text: str) -> str:
    """The text in NFC with line feeds as its only line ends, without control, bidi and invisible characters."""
    if any(mark in text for mark in _BREAK_MARKS):
        text = _BREAKS.sub("\n", text)
    if text.isascii():
        return text.translate(_REMOVED)
    if _ODD.search(text):
        text = _TAGS.sub("", _SURROGATES.sub("\ufffd", text.translate(_REMOVED)))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Clean, and every run of white space is one space: for titles, names, one paragraph."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """Clean, runs of blanks made one, lines trimmed; empty lines stay."""
    text = clean(text)
    if any(mark in text for mark in _BLANK_MARKS):
        text = _BLANKS.sub(" ", text)
    return "\n".join(line.strip() for line in text.split("\n"))


def charset_of(content_type: str | None) -> str | None:
    """The charset that a Content-Type names."""
    found = _PARAMETER.search(content_type or "")
    return found[1] if found else None


def decode(body: bytes, *, declared: str | None = None, markup: bool = False) -> str:
    """The text of these bytes: by byte-order mark, UTF-8, the declared charset, the markup's own, else by statistics.

    UTF-8 goes before declarations because bytes in another encoding practically never happen to be valid UTF-8.

    Raises: UnreadableDocument for bytes that are not text.
    """
    text = _decode(body, declared, markup=markup)
    sample = text[:_SAMPLE]
    bad = len(_CONTROLS.findall(sample)) + sample.count("\ufffd")
    if bad > 4 and bad > len(sample) * _GARBAGE:
        raise UnreadableDocument("This is not text: it looks like a program, a picture or damaged data.")
    return text


def _decode(body: bytes, declared: str | None, *, markup: bool) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    nulls = body[:_SAMPLE].count(0)
    if nulls:
        return _decode_with_nulls(body, nulls)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    names = [declared] if declared else []
    if markup and (found := _DECLARED.search(body[:4096])):
        names.append(found[1].decode("ascii", errors="replace"))
    for name in names:
        try:
            return body.decode(_SUPERSETS.get(name.lower(), name))
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return _by_statistics(body)


def _decode_with_nulls(body: bytes, nulls: int) -> str:
    """UTF-16 without its mark has zeros at every second byte only, at least for its spaces; anything else is binary."""
    sample = body[:_SAMPLE]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if len(body) % 2 == 0 and min(low, high) * 20 < max(low, high):
        try:
            text = body.decode("utf-16-le" if high > low else "utf-16-be")
        except UnicodeDecodeError:
            text = ""
        if sum(char.isalnum() or char.isspace() for char in text) > len(text) * 0.8:
            return text
    if nulls > 4 and nulls > len(sample) * 0.001:
        raise UnreadableDocument("This is not text: it looks like a program, a picture or damaged data.")
    return _decode(body.replace(b"\x00", b""), None, markup=True)


def _by_statistics(body: bytes) -> str:
    broken = body.decode("utf-8", errors="replace")
    lost = broken.count("\ufffd")
    if lost <= sum(char > "\x7f" for char in broken) - lost:
        return broken  # UTF-8 with damaged bytes: a cut file, a wrong quotation mark
    best = from_bytes(body[:_SAMPLE], cp_isolation=list(_IN_USE), preemptive_behaviour=False).best()
    if best is None:
        raise UnreadableDocument("This is not text in any encoding that is known here. Save it as UTF-8 and try again.")
    return body.decode(best.encoding, errors="replace")
