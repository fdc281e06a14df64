"""Writes the text of a printed line: words by the gaps between letters, in the order of reading, with raised marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from handlers.sources.documents.pdf.glyphs import Glyph
from handlers.sources.documents.pdf.page import MARK_END, MARK_START, UNREADABLE
from handlers.sources.documents.pdf.scripts import (
    TATWEEL,
    combined,
    has_rtl,
    is_mark,
    is_mostly_rtl,
    logical_order,
    mirrored_brackets,
    unknown_sign,
    with_vowel_signs,
)

_WORD_GAP: Final = 0.16
"""The gap between words, at least. This and the following are shares of the size of the font."""
_RTL_GAPS: Final = (0.04, 0.35)
"""Gaps among which the least one between words of a right-to-left line is."""
_RTL_STEP: Final = 0.05
"""The least difference between the gaps of letters and those of words."""
_LONGEST_WORD: Final = 10
"""Letters of a word on average, at most, in a right-to-left line whose words the file separates."""
_TOUCHING: Final = 0.04
"""A space narrower than this is none. In right-to-left lines the gap counts, even where the file has a space."""
_MIXED_GAP: Final = 0.35
"""The gap between a number and a Chinese or Korean character that is a space."""
_WIDE_GAP: Final = 0.5
"""The same between Chinese and Japanese characters."""
_SPACED: Final = 0.1
"""The gap between most letters of a line from which it counts as letter-spaced."""
_FEWEST_SPACED: Final = 4
_FEWEST_TYPED: Final = 6
"""Letters of a letter-spaced line, and of one whose author has typed the spaces."""
_SMALL: Final = 0.85
_RAISED: Final = 0.12
"""A raised mark is smaller and higher than the letters before it."""
_PRINTED_TWICE: Final = 0.15
"""Distance of two equal letters that only make the letter bolder."""
_OVER: Final = 0.3
"""Distance of the middles of a letter and its accent."""
_WIDE: Final = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")
_INDIC: Final = re.compile("[\u0900-\u0dff]")
_INDIC_GAP: Final = 0.1
"""The same in Indic scripts, whose letters are connected."""
_LEADERS: Final = frozenset("._·…")
_FIRST_WIDE: Final = "\u2e80"
_HANGUL: Final = re.compile("[\uac00-\ud7af]")
_ABBREVIATED: Final = frozenset("st nd rd th er re e ère ème me lle o a os as º ª te ter ste".split())
"""Letters that languages raise at the end of numbers and titles, as in 1st and M me."""
_TRADE: Final = {"TM": "™", "SM": "℠", "tm": "™"}
_NUMBER_OR_LETTER: Final = re.compile(r"\w$")


@dataclass(slots=True)
class _Part:
    """A glyph, or several that form one character, or a raised mark."""

    text: str
    left: float
    right: float
    origin: float
    has_space_before: bool = False
    is_raised: bool = False


def written(glyphs: Sequence[Glyph], *, size: float, y: float, is_rtl: bool) -> tuple[str, str]:
    """Return the text of a line and the raised mark with which it begins, from its glyphs in the order of `origin`.

    `size` and `y` are those of most letters. `is_rtl`: the page is mostly in a right-to-left script.
    """
    parts = _parts(glyphs, size=size, y=y)
    if not parts:
        return "", ""
    is_rtl = is_rtl and (has_rtl("".join(part.text for part in parts)) or len(parts) == 1)
    if not is_rtl:
        is_rtl = is_mostly_rtl("".join(part.text for part in parts))
    _move_spaces(parts, is_rtl=is_rtl)
    _set_spaces(parts, size, is_rtl=is_rtl)
    mark = ""
    first = parts[-1] if is_rtl else parts[0]
    if first.is_raised and len(parts) > 1:
        mark = first.text
        parts.remove(first)
        parts[0].has_space_before = False
    _mark_raised(parts)
    pieces: list[str] = []
    for part in parts:
        if part.has_space_before and pieces:
            pieces.append(" ")
        pieces.append(part.text)
    return _joined(pieces, is_rtl=is_rtl), mark


def _joined(pieces: list[str], *, is_rtl: bool) -> str:
    text = "".join(pieces)
    if text.isascii():
        return text
    if is_rtl or has_rtl(text):
        pieces = [piece.replace(TATWEEL, "") for piece in pieces]
        return mirrored_brackets("".join(pieces[position] for position in logical_order(pieces, is_rtl=is_rtl)))
    return with_vowel_signs(pieces)


def _parts(glyphs: Sequence[Glyph], *, size: float, y: float) -> list[_Part]:
    parts: list[_Part] = []
    has_space = False
    for position, glyph in enumerate(glyphs):
        text = glyph.text
        if text == " ":  # without a width it only parts what belongs together
            has_space = has_space or glyph.right - glyph.left > _TOUCHING * size
            continue
        if text == TATWEEL:
            if parts:
                parts[-1].right = max(parts[-1].right, glyph.right)
            continue
        if not glyph.is_known and text == UNREADABLE:
            following = glyphs[position + 1] if position + 1 < len(glyphs) else None
            text = _unknown_text(glyph, following, () if has_space else parts[-1:], size)
        is_raised = glyph.size <= _SMALL * size and glyph.y - y >= _RAISED * size
        if parts:
            last = parts[-1]
            if text == last.text and glyph.origin - last.origin < _PRINTED_TWICE * size and not has_space:
                continue
            if len(text) > 1 and _is_repeated(text, glyph, parts):
                continue
            if is_raised and last.is_raised and glyph.left - last.right < size and not (has_space and text.isalpha()):
                last.text += text
                last.right = max(last.right, glyph.right)
                has_space = False
                continue
            if (whole := _combination(last, glyph, size)) is not None:
                last.text = whole
                last.right = max(last.right, glyph.right)
                continue
        parts.append(
            _Part(
                text=text,
                left=glyph.left,
                right=glyph.right,
                origin=glyph.origin,
                has_space_before=has_space,
                is_raised=is_raised,
            )
        )
        has_space = False
    return [part for part in parts if part.text]


def _unknown_text(glyph: Glyph, following: Glyph | None, before: Sequence[_Part], size: float) -> str:
    """Return what is written for a glyph without a character, after the part in `before` if no space parts them."""
    if following is None:
        return ""
    is_within_word = bool(before) and _is_within_word(before[0], glyph, following, size)
    return unknown_sign(glyph, following) or (UNREADABLE if is_within_word else "")


def _is_within_word(before: _Part, glyph: Glyph, following: Glyph, size: float) -> bool:
    """Whether letters are close to the glyph on both sides."""
    gaps = glyph.left - before.right, following.left - glyph.right
    return before.text[-1:].isalpha() and following.text[:1].isalpha() and max(gaps) < _WORD_GAP * size


def _is_repeated(text: str, glyph: Glyph, parts: Sequence[_Part]) -> bool:
    """Whether the glyph is a sign under or over letters, for which the file says the whole syllable once more."""
    for part in parts[-3:]:
        overlap = min(part.right, glyph.right) - max(part.left, glyph.left)
        if part.text.strip() == text and not text.isascii() and overlap * 2 > glyph.right - glyph.left:
            return True
    return False


def _move_spaces(parts: Sequence[_Part], *, is_rtl: bool) -> None:
    """Take the spaces off the ends of parts: ActualText may say several letters and the space after them."""
    for position, part in enumerate(parts):
        if part.text[-1] == " ":
            part.text = part.text.rstrip()
            following = part if is_rtl else parts[position + 1] if position + 1 < len(parts) else None
            if following is not None:
                following.has_space_before = True


def _combination(last: _Part, glyph: Glyph, size: float) -> str | None:
    """Return the character that a letter and a mark over it form; None if they are side by side."""
    if glyph.text.isascii() and last.text.isascii() and glyph.text != "`" and last.text != "`":
        return None
    distance = abs(glyph.left + glyph.right - last.left - last.right) / 2
    if distance > _OVER * size:
        return None
    if is_mark(glyph.text) and has_rtl(last.text):
        return last.text + glyph.text
    if is_mark(last.text) and has_rtl(glyph.text):
        return glyph.text + last.text
    return combined(last.text, glyph.text) or combined(glyph.text, last.text)


def _set_spaces(parts: Sequence[_Part], size: float, *, is_rtl: bool) -> None:
    """Decide before which parts a word begins: where the file has a space, or a gap is wider than between letters."""
    gaps = [after.left - before.right for before, after in pairwise(parts)]
    usual = _letter_spacing(parts, gaps, size)
    least = (_rtl_gap(parts, gaps, size) if is_rtl else _WORD_GAP) * size
    has_spaces = any(part.has_space_before for part in parts)
    right = parts[0].right
    for before, part in pairwise(parts):
        gap = part.left - max(right, before.right)
        right = max(right, part.right) if part.left < right else part.right
        if usual:
            part.has_space_before = gap - usual > least
        elif is_rtl and part.has_space_before:  # some makers put the space of a line's end over its last letter
            part.has_space_before = gap > _TOUCHING * size
        elif not part.has_space_before:
            part.has_space_before = gap > (
                (_INDIC_GAP * size if _INDIC.match(part.text) else least)
                if before.text[-1] < _FIRST_WIDE > part.text
                else _wide_gap(before, part, has_spaces=has_spaces) * size
            )
    parts[0].has_space_before = False


def _wide_gap(before: _Part, part: _Part, *, has_spaces: bool) -> float:
    """Return the gap between words of Chinese, Japanese or Korean, by the size of the font.

    Programs put narrow gaps beside numbers. In Korean these look like spaces, unless the line `has_spaces` elsewhere.
    """
    texts = before.text[-1], part.text
    is_wide = [bool(_WIDE.match(text)) for text in texts]
    if all(is_wide):
        return _WIDE_GAP
    is_hangul = [bool(_HANGUL.match(text)) for text in texts]
    return _MIXED_GAP if any(is_wide) or (has_spaces and is_hangul[0] != is_hangul[1]) else _WORD_GAP


def _rtl_gap(parts: Sequence[_Part], gaps: Sequence[float], size: float) -> float:
    """Return the gap between words of a right-to-left line: the middle between those of letters and of words.

    Fonts differ more than in other scripts, and programs that draw letters by their shapes store no spaces.
    """
    if sum(part.has_space_before for part in parts) * _LONGEST_WORD > len(parts):
        return _WORD_GAP
    shares = sorted(min(share, _RTL_GAPS[1]) for gap in gaps if (share := gap / size) > _RTL_GAPS[0])
    steps = [(after - before, (after + before) / 2) for before, after in pairwise([_RTL_GAPS[0], *shares])]
    step, middle = max(steps, default=(0.0, _WORD_GAP))
    return middle if step >= _RTL_STEP else _WORD_GAP


def _letter_spacing(parts: Sequence[_Part], gaps: Sequence[float], size: float) -> float:
    """Return the gap between the letters of a letter-spaced line; 0 for any other line."""
    pairs = [
        (gap, after)
        for gap, (before, after) in zip(gaps, pairwise(parts), strict=True)
        if not _is_leader(before, after)
    ]
    gaps = [gap for gap, _ in pairs]
    if len(gaps) + 1 < _FEWEST_SPACED:
        return 0.0
    spaced = [after.has_space_before for _, after in pairs]
    inner = [gap for gap, after in pairs if not after.has_space_before]
    if len(inner) * 2 >= len(gaps):
        usual = median(inner)
        is_wide = sum(bool(_WIDE.match(part.text)) for part in parts) * 2 > len(parts)
        return usual if usual > _SPACED * size and not is_wide else 0.0
    letters = sum(part.text.isalpha() for part in parts)
    if len(parts) < _FEWEST_TYPED or letters < len(parts) * 0.8 or sum(spaced) < len(spaced) * 0.9:
        return 0.0
    return median(gaps)


def _is_leader(before: _Part, after: _Part) -> bool:
    """Whether these are two of the dots that lead to the number of a page in a table of contents."""
    return before.text == after.text and before.text in _LEADERS


def _mark_raised(parts: Sequence[_Part]) -> None:
    """Enclose raised marks, except letters that belong to the word or number before them."""
    for before, part in pairwise(parts):
        if part.is_raised:
            is_short = part.text in _ABBREVIATED and _NUMBER_OR_LETTER.search(before.text) is not None
            if part.text in _TRADE:
                part.text = _TRADE[part.text]
            elif not is_short or (len(part.text) == 1 and not before.text.isdigit()):
                part.text = f"{MARK_START}{part.text}{MARK_END}"
            part.has_space_before = False
