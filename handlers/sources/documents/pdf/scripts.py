"""Puts the printed characters of a PDF into the order and form in which they are written."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.pdf.glyphs import Glyph

TATWEEL: Final = "\u0640"
"""Stretches Arabic words and is no letter."""
_RADICALS: Final = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹"
    "⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱"
    "⻲⻳",
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂"
    "肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜"
    "亀龟",
)
"""The radicals of U+2E80 to U+2EFF and the characters that look like them. NFKC replaces only two of these.
https://www.unicode.org/Public/UCD/latest/ucd/EquivalentUnifiedIdeograph.txt"""
_COMPATIBLE: Final = re.compile("[\u2f00-\u2fdf\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc\uf900-\ufaff]+")
"""Kangxi radicals, ligatures, Arabic presentation forms and compatibility ideographs: shapes of other characters."""
_LAM_ALEF: Final = re.compile("([\u0622\u0623\u0625\u0627])(\u0644)")
_RTL: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR: Final = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[0-9\u0660-\u0669\u06f0-\u06f9]")
_IN_NUMBER: Final = re.compile(r"[-+.,:/%@&_#$€£°’']")
"""Signs that belong to the number or the foreign word before and after them."""
_MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_OPENING: Final = "([{«"
_CLOSING: Final = ")]}»"
_PRE_BASE: Final = re.compile("[\u093f\u09bf\u09c7\u09c8\u0a3f\u0abf\u0b47\u0b48\u0bc6-\u0bc8\u0d46-\u0d48]")
"""Vowel signs of Indic scripts that are printed before their consonant and written after it."""
_CONSONANT: Final = re.compile(
    "[\u0915-\u0939\u0958-\u095f\u0995-\u09b9\u0a15-\u0a39\u0a95-\u0ab9\u0b15-\u0b39\u0b95-\u0bb9\u0d15-\u0d39]"
)
_DEVANAGARI_I: Final = "\u093f"
_OVERHANG: Final = 0.6
"""Share of the width of such a sign after which its consonant begins, at most."""
_WHOLE_VOWELS: Final = {
    "\u093e\u0947": "\u094b",
    "\u093e\u0948": "\u094c",
    "\u093e\u0945": "\u0949",
    "\u0906\u0947": "\u0913",
    "\u0906\u0948": "\u0914",
    "\u0906\u0945": "\u0911",
}
_VOWEL_SIGNS: Final = re.compile("[\u093e\u0906][\u0945\u0947\u0948]")
_VIRAMA: Final = re.compile("[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0d4d]$")
_REPH_LAST: Final = re.compile("[\u0930\u09b0\u0ab0\u0b30][\u094d\u09cd\u0acd\u0b4d]$")
"""An r with a virama: printed as a hook at the end of its syllable, written at the beginning."""
_ACCENTS: Final = {
    "\u00b4": "\u0301",
    "\u0060": "\u0300",
    "\u00a8": "\u0308",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u00b8": "\u0327",
    "\u02c7": "\u030c",
    "\u02da": "\u030a",
    "\u02d8": "\u0306",
    "\u00af": "\u0304",
}
"""Accents that some programs print over a letter as characters of their own, and their combining forms."""


def standard_form(text: str) -> str:
    """Return the text with ligatures, presentation forms and radicals replaced by the characters that they show."""
    if text.isascii():
        return text
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text.translate(_RADICALS)


def combined(letter: str, accent: str) -> str | None:
    """Return the letter with an accent that is printed over it; None if `accent` is no such accent."""
    mark = _ACCENTS.get(accent)
    if mark is None or len(letter) != 1:
        return None
    letter = {"\u0131": "i", "\u0237": "j"}.get(letter, letter)
    whole = unicodedata.normalize("NFC", letter + mark)
    return whole if len(whole) == 1 else None


def is_mark(text: str) -> bool:
    """Whether the text is combining marks only, which belong to the character before them."""
    return not text.isascii() and all(unicodedata.category(character) == "Mn" for character in text)


def is_indic_sign(text: str) -> bool:
    """Whether the text begins with a sign of an Indic script that is drawn over, under or behind a consonant."""
    return "\u0900" <= text[:1] <= "\u0dff" and unicodedata.category(text[0])[0] == "M" and not _PRE_BASE.match(text)


def has_rtl(text: str) -> bool:
    """Whether the text contains a letter of a right-to-left script."""
    return not text.isascii() and bool(_RTL.search(text))


def is_arabic(text: str) -> bool:
    """Whether the text begins with an Arabic letter, which is connected to its neighbours."""
    return "\u0620" <= text[:1] <= "\u06d3"


def is_mostly_rtl(text: str) -> bool:
    """Whether the first and the most letters are of a right-to-left script."""
    rtl = len(_RTL.findall(text))
    return rtl > 0 and rtl * 2 >= sum(map(str.isalpha, text))


def ordered_ligature(text: str, *, is_reversed: bool) -> str:
    """Return the text of one glyph with several right-to-left letters in the order in which it is written.

    `is_reversed`: the reader has turned the letters of the line round, and with them those of the ligature.
    """
    if is_reversed:
        text = text[::-1]
    return _LAM_ALEF.sub(r"\2\1", text) if len(text) == 2 else text


def logical_order(parts: Sequence[str], *, is_rtl: bool) -> list[int]:
    """Return the positions of parts, which are given from left to right as printed, in the order of reading.

    A part is a glyph's text or a space. `is_rtl`: the line as a whole reads from right to left.
    """
    kinds = [_direction(part) for part in parts]
    _resolve_neutrals(kinds, parts, "R" if is_rtl else "L")
    runs: list[list[int]] = []
    for position, kind in enumerate(kinds):
        if runs and kinds[runs[-1][0]] == kind:
            runs[-1].append(position)
        else:
            runs.append([position])
    order: list[int] = []
    for run in reversed(runs) if is_rtl else runs:
        order += reversed(run) if kinds[run[0]] == "R" else run
    return order


def _direction(part: str) -> str:
    if _RTL.search(part):
        return "R"
    return "L" if _LTR.search(part) else ""


def _resolve_neutrals(kinds: list[str], parts: Sequence[str], base: str) -> None:
    """Give spaces and punctuation the direction of both neighbours, else that of the line."""
    position = 0
    while position < len(kinds):
        if kinds[position]:
            position += 1
            continue
        end = position
        while end < len(kinds) and not kinds[end]:
            end += 1
        before = kinds[position - 1] if position else base
        after = kinds[end] if end < len(kinds) else base
        kind = before if before == after else base
        if kind == "L" and base == "R" and end - position > 1 and not _joins_ltr(parts[position:end]):
            kind = base
        kinds[position:end] = [kind] * (end - position)
        position = end


def _joins_ltr(parts: Sequence[str]) -> bool:
    """Whether foreign words or numbers of a right-to-left line remain together across these signs."""
    text = "".join(parts).strip()
    return not text or bool(_IN_NUMBER.fullmatch(text))


def mirrored_brackets(text: str) -> str:
    """Return a right-to-left text whose brackets open before they close.

    Some programs store the shape that is printed, which is the mirror image of the character that is written.
    """
    first = next((character for character in text if character in _OPENING + _CLOSING), "")
    if first and first in _CLOSING and any(character in _OPENING for character in text):
        return text.translate(_MIRRORED)
    return text


def unknown_sign(glyph: Glyph, following: Glyph) -> str:
    """Return what a glyph is for which the file names no character: a Devanagari i, or nothing that is known.

    Fonts have this sign in several widths, and some programs name the character of none but the usual one. It is
    drawn before its consonant and reaches over it.
    """
    is_over = following.origin - glyph.origin < _OVERHANG * (glyph.right - glyph.left)
    return (
        _DEVANAGARI_I
        if is_over and "\u0915" <= following.text[:1] <= "\u0939" and (_DEVANAGARI_I not in following.text)
        else ""
    )


def with_vowel_signs(parts: list[str]) -> str:
    """Return the text of a line's glyphs with Indic vowel signs behind their consonants, as they are written."""
    if not any(_PRE_BASE.match(part) or _REPH_LAST.search(part) for part in parts if not part.isascii()):
        return _with_whole_vowels("".join(parts))
    result: list[str] = []
    position = 0
    while position < len(parts):
        part = parts[position]
        position += 1
        hook = _REPH_LAST.search(part)
        if hook and (hook.start() or (result and not result[-1].isspace())):
            if hook.start():
                result.append(part[: hook.start()])
            result.insert(_syllable_start(result), hook[0])
            continue
        if not _PRE_BASE.match(part):
            result.append(part)
            continue
        cluster = ""
        while position < len(parts) and _continues(cluster, parts[position]):
            cluster += parts[position]
            position += 1
        result.append(cluster + part)
    return _with_whole_vowels("".join(result))


def _with_whole_vowels(text: str) -> str:
    """Return the text with the two signs as which fonts draw some vowels of Devanagari replaced by the vowel."""
    return _VOWEL_SIGNS.sub(lambda match: _WHOLE_VOWELS[match[0]], text)


def _continues(cluster: str, part: str) -> bool:
    """Whether the part belongs to a cluster of consonants, which viramas join."""
    if is_mark(part):
        return bool(cluster) and bool(_VIRAMA.search(part) or unicodedata.name(part[0], "").endswith("NUKTA"))
    return bool(_CONSONANT.match(part)) and (not cluster or bool(_VIRAMA.search(cluster)))


def _syllable_start(parts: Sequence[str]) -> int:
    """Return the position at which the last syllable of the parts begins."""
    start = len(parts) - 1
    while start > 0 and (_VIRAMA.search(parts[start - 1]) or not _CONSONANT.match(parts[start])):
        if parts[start].isspace():
            return start + 1
        start -= 1
    return start
