"""Decodes bytes in a named charset as browsers do: by the superset that programs really write under that name.

A server that declares Shift_JIS, EUC-KR or GB2312 mostly sends characters of the extensions of Windows, too.
"""

import codecs
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from handlers.sources.text.iso2022 import decode_iso2022jp, shift_jis_pair


class Decoded(NamedTuple):
    """A decoded text."""

    text: str
    lost: int
    """The number of characters that are not in the charset. Each is U+FFFD in `text`."""


_FAMILIES: Final = {
    "cp1252": "iso88591 iso885911987 latin1 l1 usascii ascii ansix341968 cp819 ibm819 windows1252 ansi",
    "cp1254": "iso88599 iso885991989 latin5 l5 windows1254",
    "cp874": "iso885911 tis620 dos874 windows874",
    "cp932": "shiftjis sjis mskanji windows31j xsjis cp932 ms932 shiftjisx0213",
    "euc_jp": "eucjp xeucjp cseucpkdfmtjapanese ujis eucjpms cp51932",
    "cp949": "euckr ksc5601 ksc56011987 ksc56011989 kskr windows949 uhc korean cseuckr isoir149 cp949 ms949",
    "big5hkscs": "big5 big5hkscs cnbig5 xxbig5 csbig5 big5eten cp950 ms950 windows950",
    "gb18030": "gb2312 gb23121980 gb231280 gbk xgbk cp936 ms936 windows936 euccn chinese csgb2312 isoir58 gb18030 "
    "csiso58gb231280",
    "iso8859_8": "iso88598i iso88598e logical visual",
    "koi8_u": "koi8u koi8ru koi8r cskoi8r koi8",  # has letters where KOI8-R has lines for tables
    "mac_roman": "macintosh mac xmacroman csmacintosh",
    "mac_cyrillic": "xmaccyrillic xmacukrainian",
    "utf_8": "utf8 unicode11utf8 xunicode20utf8 utf8mb4",
}
"""By Python codec: labels of https://encoding.spec.whatwg.org/#names-and-labels and common others, without signs."""
_CODEC_OF: Final = {label: codec for codec, labels in _FAMILIES.items() for label in labels.split()}
_REFUSED: Final = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs that are no charsets of documents. Some take a time that grows with the square of the length."""
_NOT_IN_LABEL: Final = re.compile(r"[^a-z0-9]")
_LIKELY: Final = {
    "iso8859-2": "cp1250",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
"""The charset of Windows that is meant if a text in one of ISO has characters from 0x80 to 0x9F, which are controls."""
_ISO_CONTROL: Final = re.compile("[\x80-\x84\x86-\x9f]")
_MOST_ODD: Final = 20_000
_ODD_SHARE: Final = 0.5
"""Characters outside of a codec, and their share of those that are not ASCII, above which a text is in another one."""
_WINDOW: Final = 4096
"""Bytes that are decoded at once around an odd character."""
_LONGEST_CHARACTER: Final = 4
_PIECE: Final = re.compile(rb"(?<=[<\n])")
"""Where a text may be cut. In no charset are these bytes part of another character."""


def codec_of(label: str) -> str | None:
    """Return the Python codec for a charset's label, its superset if there is one; None if the label is unknown."""
    plain = _NOT_IN_LABEL.sub("", label.lower())
    if plain in _CODEC_OF:
        return _CODEC_OF[plain]
    for name in (label, plain):
        try:
            codec = codecs.lookup(name.strip().replace(" ", ""))
        except (LookupError, ValueError):
            continue
        return None if codec.name.replace("-", "_") in _REFUSED or not codec._is_text_encoding else codec.name
    return None


def is_stateful(codec: str) -> bool:
    """Whether text in this codec consists of ASCII bytes only, so that it looks like valid UTF-8."""
    return codec.startswith(("iso2022", "hz", "utf-7", "utf_7"))


def decode_as(body: bytes, codec: str) -> Decoded:
    """Return the text in the codec that `codec_of` has named. Characters of the codec's relatives are not lost."""
    if codec.startswith("iso2022_jp"):
        text = decode_iso2022jp(body)
        return Decoded(text, text.count("\ufffd"))
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        text = body.decode(codec, errors="replace")
        lost = text.count("\ufffd")
        is_other = lost > _MOST_ODD or lost > _ODD_SHARE * sum(char > "\x7f" for char in text)
        return Decoded(text, lost) if is_other or codec not in _RELATIVES else _decode_pieces(body, codec)
    if codec in _LIKELY and _ISO_CONTROL.search(text):
        return decode_as(body, _LIKELY[codec])
    return Decoded(text, 0)


def _decode_pieces(body: bytes, codec: str) -> Decoded:
    """Decode a text with some characters that the codec does not know."""
    pieces = []
    lost = 0
    for piece in _PIECE.split(body):
        try:
            pieces.append(piece.decode(codec))
        except UnicodeDecodeError:
            text, odd = _decode_odd(piece, codec)
            pieces.append(text)
            lost += odd
    return Decoded("".join(pieces), lost)


def _decode_odd(piece: bytes, codec: str) -> Decoded:
    text: list[str] = []
    lost = start = 0
    while start < len(piece):
        window = piece[start : start + _WINDOW]
        try:
            text.append(window.decode(codec))
            start += len(window)
        except UnicodeDecodeError as error:
            text.append(window[: error.start].decode(codec))
            start += error.start
            if len(window) - error.start < _LONGEST_CHARACTER and start + _LONGEST_CHARACTER < len(piece):
                continue  # the window may end inside a character
            character, size = _odd_character(piece[start : start + 2], error.end - error.start, codec)
            text.append(character or "\ufffd")
            lost += character is None
            start += size
    return Decoded("".join(text), lost)


def _odd_character(rest: bytes, invalid: int, codec: str) -> tuple[str | None, int]:
    """Return the character at the start of these bytes by a relative of the codec, and its bytes.

    The character is None if no relative knows it. `invalid`: how many bytes the codec refuses.
    """
    for relative in _RELATIVES.get(codec, ()):
        if (character := relative(rest)) is not None:
            return character
    return None, invalid


def _single(codec: str, first: int, last: int) -> Callable[[bytes], tuple[str, int] | None]:
    """Return a relative with one byte for each character, of which only those from `first` to `last` count."""

    def read(rest: bytes) -> tuple[str, int] | None:
        return (rest[:1].decode(codec, errors="ignore"), 1) if first <= rest[0] <= last else None

    return read


def _double(codec: str) -> Callable[[bytes], tuple[str, int] | None]:
    """Return a relative with two bytes for each character."""

    def read(rest: bytes) -> tuple[str, int] | None:
        try:
            return rest[:2].decode(codec), 2
        except UnicodeDecodeError:
            return None

    return read


def _windows_euc_jp(rest: bytes) -> tuple[str, int] | None:
    """Read a character of Microsoft's extension of EUC-JP, whose rows are those of its Shift_JIS."""
    if len(rest) < 2 or min(rest[:2]) < 0xA1:
        return None
    try:
        return shift_jis_pair(rest[0] - 0x80, rest[1] - 0x80).decode("cp932"), 2
    except UnicodeDecodeError:
        return None


_RELATIVES: Final[dict[str, tuple[Callable[[bytes], tuple[str, int] | None], ...]]] = {
    "utf_8": (_single("cp1252", 0x80, 0x9F),),
    "cp932": (_double("shift_jis_2004"),),
    "euc_jp": (_windows_euc_jp, _double("euc_jis_2004")),
    "big5hkscs": (_double("cp950"),),
    "gb18030": (_single("cp1252", 0x80, 0x80),),
    **{f"cp{number}": (_single("latin_1", 0x80, 0x9F),) for number in (874, *range(1250, 1259))},
}
"""By codec: what its unknown characters may be. 0x80 is the euro sign of Windows in GBK, and a quotation mark or dash
of Windows is the commonest fault of UTF-8."""
