"""Recognizes text that somebody copied from a browser together with the rest of the page.

Only such a text may lose lines because of their position.
"""

import re
from collections.abc import Sequence
from typing import Final

from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import (
    is_boilerplate,
    is_certain_boilerplate,
    is_end_heading,
    is_link_label,
    is_network_name,
)
from handlers.sources.text.bylines import read_byline
from handlers.sources.text.line_kinds import is_headline_like, is_prose

_CERTAIN: Final = 2
"""Different lines of certain boilerplate that prove a page."""
_TOGETHER: Final = 3
"""Different lines of any kind that prove a page together, though each alone may belong to the text."""
_NETWORK: Final = "network"
"""Counts once for all names of social networks, because a list of them may be a list of companies."""
_PARAGRAPHS_ABOVE_COMMENTS: Final = 2

_ONE_WORD: Final = re.compile(r"[^\W\u3040-\u9fff]+|.{1,3}")
"""A label of one word, such as "Topics", may be a heading of the text itself."""


def is_copied_page(blocks: Sequence[Block]) -> bool:
    """Whether several lines are boilerplate, bylines or dates, as on a page around its article.

    A single such line proves nothing: "Live", "Comments" or a name may be the subject of a short text.
    """
    certain: set[str] = set()
    likely: set[str] = set()
    has_author = has_date = False
    paragraphs = 0
    for position, block in enumerate(blocks):
        text = block.text
        if not any(map(str.isalpha, text)) and "#" not in text:  # "###" ends press releases
            continue
        if _ends_page(blocks, position, paragraphs):
            return True
        if is_certain_boilerplate(text):
            certain.add(text)
            if len(certain) >= _CERTAIN:
                return True
        elif is_boilerplate(text) or is_link_label(text):
            likely.add(_NETWORK if is_network_name(text) else text)
        elif (byline := read_byline(text)) is not None:
            has_author = has_author or byline.author is not None
            has_date = has_date or byline.author is None or byline.published_at is not None
        else:
            paragraphs += is_prose(text)
    facts = has_author + has_date
    if len(certain) + len(likely) + facts >= _TOGETHER:
        return True
    return paragraphs > 0 and (facts == 2 or (facts == 1 and len(certain) == 1))


def _ends_page(blocks: Sequence[Block], position: int, paragraphs: int) -> bool:
    """Whether this is the heading of readers' comments or of links to other articles, below the text."""
    text = blocks[position].text
    if paragraphs >= _PARAGRAPHS_ABOVE_COMMENTS and is_end_heading(text):
        return True
    if not paragraphs or not is_link_label(text) or _ONE_WORD.fullmatch(text.strip(" :：")):
        return False
    following = blocks[position + 1].text if position + 1 < len(blocks) else ""
    return is_headline_like(following) and not is_boilerplate(following)
