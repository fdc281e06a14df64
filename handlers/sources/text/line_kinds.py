"""Tells prose, sentences, labels and headlines apart by their length and punctuation, in any language."""

import re
from typing import Final

_CLOSERS: Final = "”\"'’»)]」』"
_SENTENCE_STOPS: Final = tuple(".!?。！？؟…")
_PROSE_STOPS: Final = tuple(".!。！؟…۔।")
_HEADLINE_STOPS: Final = tuple(".。؟…")
_LABEL_STOPS: Final = (",", "，", "、", "؛", "،")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Kana and Chinese characters: each says about as much as three Latin letters."""
_SEVERAL_SENTENCES: Final = re.compile(
    r"""[.!?][”"'’»)]*\s+[“"«(]?[A-ZÀ-ÞА-ЯЁ].{25,}|[。！？].{8,}[。！？]|[؟.]\s+\S.{25,}[.؟]"""
)
_WORD: Final = re.compile(r"[^\W_][\w.’'-]*")


def is_prose(paragraph: str) -> bool:
    """Whether the paragraph consists of complete sentences: long, or of medium length with a full stop at its end."""
    size = len(paragraph) + 2 * _count_wide(paragraph)
    return size >= 220 or (size >= 60 and _ends_with(_PROSE_STOPS, paragraph))


def is_sentence(paragraph: str) -> bool:
    """Whether the paragraph has at least four words, or as much in Chinese or Japanese, and ends with a full stop."""
    if not _ends_with(_PROSE_STOPS, paragraph):
        return False
    return len(paragraph.split()) >= 4 or _count_wide(paragraph) >= 6 or is_prose(paragraph)


def is_label(paragraph: str) -> bool:
    """Whether the paragraph is a few words that form no sentence, such as a tag, a name, a button or a section."""
    if _ends_with(_PROSE_STOPS, paragraph) or paragraph.endswith(_LABEL_STOPS):
        return False
    wide = _count_wide(paragraph)
    return wide <= 10 if wide else len(paragraph) <= 40 and len(_WORD.findall(paragraph)) <= 4


def is_headline_like(paragraph: str) -> bool:
    """Whether the paragraph may be the headline of another article: short, one sentence, no full stop at its end."""
    return (
        2 <= len(paragraph) <= 220
        and not _ends_with(_HEADLINE_STOPS, paragraph)
        and not has_several_sentences(paragraph)
    )


def has_several_sentences(paragraph: str) -> bool:
    """Whether a second sentence of some length follows the first one."""
    return bool(_SEVERAL_SENTENCES.search(paragraph))


def ends_like_sentence(paragraph: str) -> bool:
    """Whether the paragraph ends with a full stop, a question mark, an exclamation mark or an ellipsis."""
    return _ends_with(_SENTENCE_STOPS, paragraph)


def _ends_with(stops: tuple[str, ...], text: str) -> bool:
    """Whether the text ends with one of these, ignoring quotation marks and brackets that close after it."""
    return text.removesuffix("\n").rstrip(_CLOSERS).endswith(stops)


def _count_wide(text: str) -> int:
    return 0 if text.isascii() else len(_WIDE.findall(text))
