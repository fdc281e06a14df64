"""Whether a text was copied out of a browser, page and all. Only such a text may lose lines for where they stand."""

import re
from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.header import Block
from handlers.sources.text.boilerplate import (
    is_end,
    is_furniture,
    is_headline_like,
    is_link_label,
    is_network_name,
    is_prose,
    is_unmistakable,
)
from handlers.sources.text.bylines import read_byline

_SURE: Final = 2
"""Different unmistakable lines that prove a page."""
_SIGNS: Final = 3
"""Different lines that prove it together, though each might be the text's own."""
_NETWORK: Final = "network"
"""Stands for all names of networks, which may as well be a list of firms."""
_BODY: Final = 2
"""Paragraphs above readers' comments."""

_ONE_WORD: Final = re.compile(r"[^\W\u3040-\u9fff]+|.{1,3}")
"""A label that is no more, such as "Topics", may be a heading of the text's own."""


def is_copied_page(blocks: Sequence[Block]) -> bool:
    """True when several lines are of the kind that pages put around their articles.

    One such line proves nothing: "Live", "Comments" or a name may be what a short text is about.
    """
    sure: set[str] = set()
    likely: set[str] = set()
    author = date = False
    paragraphs = 0
    for place, block in enumerate(blocks):
        text = block.text
        if not any(map(str.isalpha, text)) and "#" not in text:  # "###" ends press releases
            continue
        if _ends_page(blocks, place, paragraphs):
            return True
        if is_unmistakable(text):
            sure.add(text)
            if len(sure) >= _SURE:
                return True
        elif is_furniture(text) or is_link_label(text):
            likely.add(_NETWORK if is_network_name(text) else text)
        elif (about := read_byline(text)) is not None:
            author = author or about.author is not None
            date = date or about.author is None or about.published_at is not None
        else:
            paragraphs += is_prose(text)
    facts = author + date
    if len(sure) + len(likely) + facts >= _SIGNS:
        return True
    return paragraphs > 0 and (facts == 2 or (facts == 1 and len(sure) == 1))


def _ends_page(blocks: Sequence[Block], place: int, paragraphs: int) -> bool:
    """The heading of the readers' comments, or of links to other articles, below the text."""
    text = blocks[place].text
    if paragraphs >= _BODY and is_end(text):
        return True
    if not paragraphs or not is_link_label(text) or _ONE_WORD.fullmatch(text.strip(" :：")):
        return False
    following = blocks[place + 1].text if place + 1 < len(blocks) else ""
    return is_headline_like(following) and not is_furniture(following)
