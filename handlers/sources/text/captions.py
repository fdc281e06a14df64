"""Recognizes captions and credits of photos among the paragraphs of an article."""

import re
from typing import Final

from handlers.sources.text.boilerplate_rules import (
    CREDIT_LITERALS,
    PHOTO,
    bare_credit_at_end,
    credit_at_end,
    lower_for_rules,
)
from handlers.sources.text.line_kinds import has_several_sentences, is_prose

_LONGEST: Final = 400
"""Characters of a caption."""
_LONGEST_CREDIT: Final = 80
_MOST_SENTENCES: Final = 2
_CREDIT_FIRST: Final = re.compile(
    rf"(?:(?:file )?{PHOTO}(?: credits?| source| caption)?s?\s?[:：/]|(?:image|media|video) (?:source|caption),|"
    rf"{PHOTO}(?: credit)? (?:by|von) [^.]{{3,90}}$|"
    r"(?:caption|credit)[:：]|"
    r"(?:bildquelle|fotoquelle|bildunterschrift|источник фото|снимок)[:：]|фото ©|"
    r"(?:图片来源|图源|圖片來源|图片|图说|图|資料圖|资料图)[:：]|图为|"
    r"(?:الصورة|صورة|مصدر الصورة|تصوير)\s?[:：]|crédit photo)\s?.{0,300}",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(
    r"[/–—-]\s?(?:Getty Images|Getty|AFP|Reuters|REUTERS|Shutterstock|Bloomberg)(?=[A-Z][a-z])"
    r"|[a-z](?=[A-Z][a-z]+(?: [A-Z][\w.]+){1,3} ?(?:[/–—-]|via) ?(?:Getty|AFP|AP\b|Reuters|EPA|Pool))"
)
"""A credit and a caption without a space between them, as copying from a browser leaves them."""
_JOINED_LITERALS: Final = ("Getty", "AFP", "AP", "EPA", "Pool", "Reuters", "REUTERS", "Shutterstock", "Bloomberg")
"""Every match of `_JOINED` contains one of these."""
_QUOTES: Final = ("“", '"', "«", "„")
_SENTENCE_END: Final = re.compile(r"""[.!?。！？؟][”"'’»)]*(?=\s+[^\W\d_a-zа-я]|$)|[。！？]""")


def is_caption(paragraph: str) -> bool:
    """Whether the paragraph is the caption of a photo with its credit, or the credit alone."""
    if len(paragraph) > _LONGEST:
        return False
    if _CREDIT_FIRST.fullmatch(paragraph) and not has_several_sentences(paragraph):
        return True
    if any(literal in paragraph for literal in _JOINED_LITERALS) and _JOINED.search(paragraph):
        return True
    if paragraph.startswith(_QUOTES) or _credit_start(paragraph) is None:
        return False
    return len(_SENTENCE_END.findall(paragraph)) <= _MOST_SENTENCES


def is_credit(paragraph: str) -> bool:
    """Whether the paragraph names the photographer or agency and does not describe the photo."""
    return len(paragraph) <= _LONGEST_CREDIT and bool(_CREDIT_FIRST.fullmatch(paragraph)) and is_caption(paragraph)


def without_credit(paragraph: str) -> str:
    """Return the paragraph without a photo credit after its last sentence.

    A paragraph that is not prose without its credit is returned unchanged.
    """
    start = _credit_start(paragraph)
    prose = paragraph[:start].rstrip()
    return prose if start and is_prose(prose) else paragraph


def _credit_start(paragraph: str) -> int | None:
    """Return the offset of the photo credit at the end of the paragraph; None if there is none."""
    lower = lower_for_rules(paragraph)
    if not any(literal in lower for literal in CREDIT_LITERALS) and not bare_credit_at_end().search(paragraph):
        return None
    credits = credit_at_end().finditer(paragraph)
    return next((credit.start() for credit in credits if credit.end() == len(paragraph)), None)
