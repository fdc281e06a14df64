"""Repairs Devanagari in PDFs whose makers give the text of a whole syllable to one of the glyphs that draw it.

Two such makers are known. fpdf2 gives the text to the first glyph of the syllable and none to the others. WeasyPrint
gives each glyph the text of the syllable in which the document first uses it, and none to the sign of the i.
"""

import re
from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.pdf.glyphs import Glyph

_DEVANAGARI: Final = re.compile("[\u0900-\u097f]")
_CONSONANT: Final = re.compile("[\u0915-\u0939\u0958-\u095f]")
_I: Final = "\u093f"
"""The sign of the short i, which is drawn before its consonant and written after it."""
_REPH: Final = "\u0930\u094d"
"""An r without a vowel before another consonant, which is drawn as a hook over the end of the syllable."""
_TWO_SYLLABLES: Final = re.compile(
    "(?P<first>(?:\u0930\u094d)?[\u0915-\u0939][\u093e-\u094c]\u0902?)(?P<second>[\u0915-\u0939])"
)
_OVER: Final = 0.6
"""Share of its width by which a sign lies over the letter before it."""
_REACHES: Final = 0.25
"""Share of its width by which the sign of the i reaches over the consonant after it."""
_TRAILING: Final = 0.9
"""Share of glyphs without text that follow the text of a syllable in documents of the first kind."""


def with_whole_syllables(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs of a page, in the order of the file, each with the text that it draws.

    A page without Devanagari, or without glyphs that have no text, is returned as it is.
    """
    unknown = [number for number, glyph in enumerate(glyphs) if not glyph.is_known]
    if not unknown or not any(_DEVANAGARI.match(glyph.text) for glyph in glyphs):
        return glyphs
    trailing, covered = _with_trailing(glyphs)
    if covered >= _TRAILING * len(unknown):
        return trailing
    return _with_first_texts(glyphs)


def _with_trailing(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], int]:
    """Return the glyphs without those that only complete the syllable before them, and how many these are."""
    result: list[Glyph] = []
    missing = covered = 0
    for glyph in glyphs:
        if glyph.is_known:
            result.append(glyph)
            missing = len(glyph.text) - 1 if _DEVANAGARI.match(glyph.text) else 0
        elif missing and _is_beside(result[-1], glyph):
            missing -= 1
            covered += 1
            _widen(result[-1], glyph)
        else:
            result.append(glyph)
    return result, covered


def _with_first_texts(glyphs: Sequence[Glyph]) -> list[Glyph]:
    first_use: dict[str, Glyph] = {}
    for glyph in glyphs:
        if len(glyph.text) > 1:
            first_use.setdefault(glyph.text, glyph)
    result: list[Glyph] = []
    for glyph, following in zip(glyphs, [*glyphs[1:], None], strict=True):
        before = result[-1] if result and _is_beside(result[-1], glyph) else None
        if not glyph.is_known:
            if following is not None and _reaches_over(glyph, following):
                glyph.text, glyph.is_known = _I, True
        elif _DEVANAGARI.match(glyph.text) and len(glyph.text) > 1:
            if before is not None and _is_over(before, glyph) and _CONSONANT.search(glyph.text):
                if not before.is_known and first_use[glyph.text] is glyph:
                    before.text, before.is_known = glyph.text, True
                    _widen(before, glyph)
                    continue
                glyph.text = _without_consonants(glyph.text)
            else:
                _correct(glyph, result)
        result.append(glyph)
    return result


def _correct(glyph: Glyph, before: Sequence[Glyph]) -> None:
    """Take from the text of a consonant what it has of the first syllable, and give its reph to the syllable before."""
    two = _TWO_SYLLABLES.fullmatch(glyph.text)
    if two is not None and before:
        if two["first"].startswith(_REPH):
            before[-1].text = _REPH + before[-1].text
        glyph.text = two["second"]
    glyph.text = glyph.text.removesuffix(_I)  # drawn by a glyph of its own


def _without_consonants(text: str) -> str:
    """Return the signs in the text of a syllable: the hook of its r and its vowel."""
    signs = _CONSONANT.sub("", text.removeprefix(_REPH))
    return signs + (_REPH if text.startswith(_REPH) else "")


def _is_beside(before: Glyph, glyph: Glyph) -> bool:
    return before.turn == glyph.turn and abs(glyph.y - before.y) < glyph.size and glyph.left - before.right < glyph.size


def _is_over(before: Glyph, glyph: Glyph) -> bool:
    overlap = min(before.right, glyph.right) - glyph.left
    return _is_sign(glyph) and before.text != " " and overlap > _OVER * (glyph.right - glyph.left)


def _is_sign(glyph: Glyph) -> bool:
    """Whether the glyph is drawn over the letter before the place at which it begins."""
    return glyph.origin - glyph.left > (glyph.right - glyph.left) / 2


def _reaches_over(glyph: Glyph, following: Glyph) -> bool:
    is_consonant = not _is_sign(following) and (bool(_CONSONANT.match(following.text)) or not following.is_known)
    overlap = glyph.right - following.left
    return is_consonant and _is_beside(glyph, following) and overlap > _REACHES * (glyph.right - glyph.left)


def _widen(glyph: Glyph, other: Glyph) -> None:
    if abs(other.y - glyph.y) < glyph.size:
        glyph.left, glyph.right = min(glyph.left, other.left), max(glyph.right, other.right)
