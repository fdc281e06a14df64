"""Finds the headline of an article, and reads the byline, date, publisher and URL around it."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from handlers.sources.documents.comparison import is_same_line
from handlers.sources.documents.facts import Facts, may_be_name
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate, is_certain_boilerplate, is_section_name
from handlers.sources.text.bylines import read_byline, split_dateline
from handlers.sources.text.line_kinds import is_label, is_prose

LONGEST_TITLE: Final = 300
"""Characters. A longer line is not a headline, and a longer title that a document states is cut at a word."""
SENTENCE: Final = re.compile(r"""(?:[^.!?。！？؟]|[.!?؟](?![\s”"’»)]|$))+[.!?。！？؟]+[”"’»)]*""")
_LONG_HEADLINE: Final = 120
"""Characters. A longer headline must be one sentence."""
_CLEAR_HEADLINE: Final = 110
"""Characters. Most standfirsts are longer."""
_HANDLE: Final = re.compile(r"@[\w.-]{2,30}(?:\s?[·•|].*)?")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_DATE_FIRST: Final = re.compile(r"\d{1,4}[./-]\d")
_STOPS: Final = (".", "。", "…", ":", "：", ")")
_REPEATED_WITHIN: Final = 8
"""Lines at the top in which the headline may appear a second time."""
_LOOKAHEAD: Final = 7
"""Lines below a section's name in which its headline is searched."""


class LineOrigin(StrEnum):
    """Where the lines of a document come from. This decides how readily a line counts as a label of a page."""

    GIVEN = "given"
    """A text as its author wrote it. A line above the headline is a label only if the headline is clearly one."""
    COPIED = "copied"
    """Copied from a browser with the page around the article. Only the position tells labels from headlines."""
    MARKUP = "markup"
    """Extracted from the HTML of a page."""


def read_header(blocks: Sequence[Block], facts: Facts, *, origin: LineOrigin) -> int:
    """Record the headline and other facts from the lines above the text. Return how many lines those are.

    The headline is searched only if `facts` has no title.
    """
    is_copied = origin is not LineOrigin.MARKUP
    position = 0
    while position < len(blocks):
        text = blocks[position].text
        following = blocks[position + 1].text if position + 1 < len(blocks) else ""
        is_untitled = facts.title is None
        if (
            facts.read_line(text, following, is_copied=is_copied)
            or (is_certain_boilerplate(text) if origin is LineOrigin.GIVEN else is_boilerplate(text))
            or _HANDLE.fullmatch(text)
            or (is_untitled and _is_above_headline(blocks, position, facts, origin))
            or (position < _REPEATED_WITHIN and is_same_line(text, facts.title or ""))
        ):
            position += 1
        elif is_untitled and position == 0 and following and _is_masthead(text, following):
            facts.publisher = facts.publisher or text
            position += 1
        elif is_untitled and not blocks[position].bullet and _may_be_headline(text):
            facts.title = text
            position += 1
        else:
            break
    return position


def _is_above_headline(blocks: Sequence[Block], position: int, facts: Facts, origin: LineOrigin) -> bool:
    """Whether the line is the name of a section, one word, or a few words above a line that is a headline."""
    text = blocks[position].text
    if _is_account(blocks[position : position + 2]):
        facts.author = facts.author or text
        return True
    is_copied = origin is not LineOrigin.MARKUP
    is_kicker = _is_kicker(text, is_copied=is_copied)
    if origin is LineOrigin.GIVEN:
        below = blocks[position + 1 : position + 2]
        return (is_kicker or _is_capitalized_label(text)) and any(_is_clearly_headline(block.text) for block in below)
    if blocks[position].bullet or not (is_kicker or (is_copied and _is_capitalized_label(text))):
        return False
    if not is_kicker and position == 0 and _is_masthead(text, blocks[1].text if len(blocks) > 1 else ""):
        return False
    for block in blocks[position + 1 : position + 1 + _LOOKAHEAD]:
        if block.bullet or is_prose(block.text):
            return False
        if _is_kicker(block.text, is_copied=is_copied) or is_boilerplate(block.text) or read_byline(block.text):
            continue
        if is_kicker:
            return len(block.text) > len(text) or " > " in text
        if not is_label(block.text):
            return _is_clearly_headline(block.text)
    return False


def _is_kicker(text: str, *, is_copied: bool) -> bool:
    """Whether this is the short label above a headline: a section's name, or one word of a copied page."""
    if is_section_name(text) or (text[:1] in "/|>›»" and is_label(text)):
        return True
    is_one_word = len(text) <= (4 if _WIDE.match(text) else 20) and " " not in text
    return is_copied and is_one_word and not text.endswith((".", "!", "?", "。"))


def _is_account(blocks: Sequence[Block]) -> bool:
    """Whether a name and below it a handle show who wrote a post on a social network."""
    return len(blocks) > 1 and bool(_HANDLE.fullmatch(blocks[1].text)) and is_label(blocks[0].text)


def _is_masthead(text: str, following: str) -> bool:
    """Whether this is a newspaper's name at the top: up to four capitalized words above a section's name or buttons."""
    words = text.split()
    return (
        len(words) <= 4
        and may_be_name(text)
        and all(word[0].isupper() for word in words)
        and (is_section_name(following) or (len(words) <= 3 and is_boilerplate(following)))
    )


def _may_be_headline(text: str) -> bool:
    if len(text) > LONGEST_TITLE or split_dateline(text)[1] is not None:
        return False
    return len(text) <= _LONG_HEADLINE or len(SENTENCE.findall(text)) <= 1


def _is_clearly_headline(text: str) -> bool:
    """Whether this cannot be the standfirst of a short headline above it."""
    has_words = len(text.split()) > 4 or bool(_WIDE.search(text))
    return has_words and len(text) <= _CLEAR_HEADLINE and not (_DATE_FIRST.match(text) or text.endswith(_STOPS))


def _is_capitalized_label(text: str) -> bool:
    """Whether these are a few words, all longer ones capitalized, as in names of sections, series and columns."""
    return is_label(text) and all(word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", text))
