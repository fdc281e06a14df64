"""What stands below an article's last paragraph in a copied page: its source, tags, names, other stories, notices."""

from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.header import ADDRESS, Block, Top, letters, publisher_in
from handlers.sources.text.boilerplate import (
    is_caption,
    is_credit,
    is_end,
    is_furniture,
    is_headline_like,
    is_label,
    is_link_label,
    is_prose,
    is_sentence,
)
from handlers.sources.text.bylines import is_about_author, read_byline

_TAG_WORDS: Final = 2
_PARAGRAPHS: Final = 2
"""Above the first, "Comments (3)" is a button of the page's top."""
_BOTTOM: Final = 14
"""Lines from the end among which an author's life is told."""


def without_foot(blocks: Sequence[Block], *, author: str | None) -> list[Block]:
    """Without what follows the article, and without the labels and captions that stand between furniture."""
    blocks = blocks[: _end_of(blocks)]
    rest = [block for place, block in enumerate(blocks) if not _is_outside(blocks, place)]
    if not any(_is_own(block) for block in rest):
        return rest
    last = max(place for place, block in enumerate(rest) if _is_own(block))
    start = max(len(rest) - _BOTTOM, 1)
    while last > 0 and last >= start and is_about_author(rest[last].text, author):
        last = max(place for place in range(last) if _is_own(rest[place])) if any(map(_is_own, rest[:last])) else 0
    tail = rest[last + 1 :]
    return [*rest[: last + 1], *_kept(tail, author)]


def without_source(blocks: Sequence[Block], top: Top) -> list[Block]:
    """Takes the source line and the address at the end, which belong to no paragraph."""
    rest = list(blocks)
    for position in range(len(rest) - 1, max(len(rest) - 6, -1), -1):
        text = rest[position].text
        address = ADDRESS.fullmatch(text)
        if address:
            if not text.startswith("http"):
                top.url = top.url or address["url"]
            del rest[position]
        elif source := publisher_in(text):
            top.publisher = top.publisher or source
            del rest[position]
    return rest


def _end_of(blocks: Sequence[Block]) -> int:
    """Where the readers' comments or the author's life begin, below at least some paragraphs."""
    paragraphs = 0
    for place, block in enumerate(blocks):
        if paragraphs >= _PARAGRAPHS and not block.bullet and is_end(block.text):
            return place
        paragraphs += is_prose(block.text)
    return len(blocks)


def _kept(tail: Sequence[Block], author: str | None) -> list[Block]:
    """Of what follows the last paragraph: what stands above the first sign that the article is over."""
    signs = [place for place, block in enumerate(tail) if not block.bullet and _ends_here(block.text, author)]
    if not signs and not (
        len(tail) > 1 and all(is_label(block.text) and len(block.text.split()) <= _TAG_WORDS for block in tail)
    ):
        return list(tail)
    kept = tail[: signs[0]] if signs else tail
    return [block for block in kept if block.bullet or not is_label(block.text)]


def _ends_here(text: str, author: str | None) -> bool:
    named = bool(author) and letters(text) in letters(author or "")
    return (
        named
        or is_furniture(text)
        or is_link_label(text)
        or read_byline(text) is not None
        or is_about_author(text, author)
    )


def _is_own(block: Block) -> bool:
    return block.bullet or (is_sentence(block.text) and not is_furniture(block.text))


def _is_outside(blocks: Sequence[Block], place: int) -> bool:
    """A caption above its credit, or a label between two lines of furniture."""
    text = blocks[place].text
    if blocks[place].bullet or place + 1 >= len(blocks) or is_prose(text):
        return False
    after = blocks[place + 1].text
    if is_credit(after) and is_headline_like(text) and not is_caption(text):
        return True
    return place > 0 and is_label(text) and is_furniture(after) and is_furniture(blocks[place - 1].text)
