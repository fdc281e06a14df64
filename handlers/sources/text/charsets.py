"""Decodes bytes in the charset that an e-mail declares, including the characters that its supersets add.

Mail programs name the standard (ISO-2022-JP, GB2312, KS_C_5601-1987) and write the superset of their system, which has
characters that the standard lacks, such as "①" and "㈱".
"""

import re
from typing import Final

_SUPERSETS: Final = {
    **dict.fromkeys(("us-ascii", "ascii", "iso-8859-1", "iso8859-1", "latin-1", "latin1"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932"), "cp932"),
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "csgb2312", "euc-cn"), "gb18030"),
    **dict.fromkeys(
        ("ks_c_5601-1987", "ks_c_5601", "ks_c_5601-1989", "ksc5601", "korean", "euc-kr", "windows-949"), "cp949"
    ),
    **dict.fromkeys(("big5", "big-5", "cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("unicode-1-1-utf-7", "x-unicode-2-0-utf-7"), "utf-7"),
    **dict.fromkeys(("utf8", "x-utf-8", "unicode-1-1-utf-8"), "utf-8"),
}
"""Names in e-mails, and Python's codec for what is written under them:
https://encoding.spec.whatwg.org/#names-and-labels"""
_ESCAPED_JAPANESE: Final = frozenset(
    {"iso-2022-jp", "csiso2022jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms"}
    | {"iso-2022-jp-2004", "cp50220", "cp50221"}
)
_ESCAPED: Final = _ESCAPED_JAPANESE | {"iso-2022-kr", "iso-2022-cn", "hz-gb-2312", "utf-7"}
_NOT_CHARSETS: Final = frozenset({"idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape"})
"""Codecs of Python that are not charsets of text. Punycode takes quadratic time."""
_ESCAPE: Final = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOPQ]|\([BJIH]|&@)")
_DOUBLE: Final = frozenset({b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B"})


def is_escaped(charset: str) -> bool:
    """Whether text in this charset consists of ASCII bytes, so that it also looks like valid UTF-8."""
    return charset.strip().lower() in _ESCAPED


def decode_declared(body: bytes, charset: str) -> str | None:
    """Return the text of bytes in this charset, read as its superset.

    None if the charset is unknown or the bytes are not valid in it.
    """
    name = charset.strip().lower()
    try:
        if name in _ESCAPED_JAPANESE:
            return _decode_iso_2022_jp(body)
        return None if name in _NOT_CHARSETS else body.decode(_SUPERSETS.get(name, name))
    except (LookupError, UnicodeError, ValueError):
        return None


def _decode_iso_2022_jp(body: bytes) -> str:
    """Decode ISO-2022-JP as CP50221: with NEC's and IBM's characters and half-width kana.

    Two-byte characters become Shift_JIS, which Python reads with these characters. An odd byte becomes U+FFFD.
    """
    if not body.isascii():
        return body.decode("iso2022_jp_ext", errors="replace")
    pieces: list[str] = []
    mode = b"\x1b(B"
    position = 0
    for escape in (*_ESCAPE.finditer(body), None):
        end = escape.start() if escape else len(body)
        pieces.append(_decode_segment(body[position:end], mode))
        if escape:
            mode, position = escape[0], escape.end()
    return "".join(pieces)


def _decode_segment(segment: bytes, mode: bytes) -> str:
    if not segment:
        return ""
    if mode in _DOUBLE:
        return b"".join(_shift_jis(line) for line in re.split(rb"([\r\n]+)", segment)).decode("cp932", "replace")
    if mode == b"\x1b(I":
        return bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in segment).decode("cp932", "replace")
    if mode.startswith(b"\x1b$("):  # JIS X 0212 and JIS X 0213, which Shift_JIS cannot express
        codec = "iso2022_jp_1" if mode == b"\x1b$(D" else "iso2022_jp_2004"
        return (mode + segment + b"\x1b(B").decode(codec, "replace")
    return segment.decode("ascii", "replace")


def _shift_jis(segment: bytes) -> bytes:
    """Return two-byte characters of JIS X 0208, with their extensions, as Shift_JIS."""
    if segment[:1] in (b"\r", b"\n"):
        return segment
    result = bytearray()
    for first, second in zip(segment[0::2], segment[1::2], strict=False):
        if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
            result += b"?"
            continue
        row = first - 0x21
        lead = (row >> 1) + (0x81 if row < 0x3E else 0xC1)
        trail = second + (0x7E if row & 1 else 0x1F if second < 0x60 else 0x20)
        result += bytes((lead, trail))
    return bytes(result)
