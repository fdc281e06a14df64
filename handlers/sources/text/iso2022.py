"""Decodes ISO-2022-JP with the additional characters of Windows, as browsers do. Python's codec refuses them."""

import re
from typing import Final

_ESCAPE: Final = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([BJI])")
_START: Final = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\(I)")
_TWO_BYTES: Final = (b"\x1b$@", b"\x1b$B")
_KANA: Final = b"\x1b(I"
_KANA_OFFSET: Final = 0x80
_SUPPLEMENTS: Final = {b"\x1b$(D": "iso2022_jp_ext", b"\x1b$(O": "iso2022_jp_3", b"\x1b$(P": "iso2022_jp_3"} | {
    b"\x1b$(Q": "iso2022_jp_2004"
}


def is_iso2022jp(body: bytes) -> bool:
    """Whether the bytes are ASCII with the escape sequences that start Japanese characters."""
    return b"\x1b" in body and body.isascii() and _START.search(body) is not None


def decode_iso2022jp(body: bytes) -> str:
    """Return the text. Unknown characters become U+FFFD."""
    pieces = []
    position = 0
    escape = b"\x1b(B"
    for found in (*_ESCAPE.finditer(body), None):
        end = found.start() if found else len(body)
        pieces.append(_decode_run(body[position:end], escape))
        if found:
            escape, position = found[0], found.end()
    return "".join(pieces)


def shift_jis_pair(row: int, cell: int) -> bytes:
    """Return the two bytes in Shift_JIS of a character of JIS X 0208. `row` and `cell`: from 0x21 to 0x7E."""
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + (0x7E if row % 2 == 0 else 0x20 if cell >= 0x60 else 0x1F)
    return bytes((lead, trail))


def _decode_run(run: bytes, escape: bytes) -> str:
    """Return the text between two escape sequences. A control character, such as a line feed, ends a run of kanji."""
    if escape == _KANA:
        return bytes(byte + _KANA_OFFSET if 0x21 <= byte <= 0x5F else byte for byte in run).decode("cp932", "replace")
    if escape in _SUPPLEMENTS:
        return (escape + run).decode(_SUPPLEMENTS[escape], "replace")
    if escape not in _TWO_BYTES:
        return run.decode("ascii", "replace")
    text = []
    position = 0
    while position < len(run):
        pair = run[position : position + 2]
        if pair[0] < 0x21 or len(pair) < 2 or not 0x21 <= pair[1] <= 0x7E:
            text.append(chr(pair[0]) if pair[0] < 0x21 else "\ufffd")
            position += 1
            continue
        text.append(shift_jis_pair(*pair).decode("cp932", "replace"))
        position += 2
    return "".join(text)
