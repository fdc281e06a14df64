"""Removes what follows an article on a copied page: source, tags, names, links to other articles and notices."""

from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.facts import URL_LINE, Facts, publisher_in
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate, is_end_heading, is_link_label
from handlers.sources.text.bylines import is_about_author, read_byline
from handlers.sources.text.captions import is_caption, is_credit
from handlers.sources.text.line_kinds import is_headline_like, is_label, is_prose, is_sentence

_TAG_WORDS: Final = 2
_HEADLINE_WORDS: Final = 5
"""A line of fewer words in capitals may be a subheading."""
_PARAGRAPHS_ABOVE_COMMENTS: Final = 2
"""Above the second paragraph, "Comments (3)" is a button at the top of the page."""
_BIOGRAPHY_LINES: Final = 14
"""Lines at the end among which the author's biography may be."""
_SOURCE_LINES: Final = 6
"""Lines at the end among which the source may be."""


def without_footer(blocks: Sequence[Block], *, author: str | None) -> list[Block]:
    """Return the lines up to the end of the article, without captions, other headlines, and labels in boilerplate."""
    blocks = blocks[: _comments_start(blocks)]
    rest = [block for position, block in enumerate(blocks) if not _is_outside(blocks, position)]
    if not any(_is_own(block) for block in rest):
        return rest
    last = _last_own(rest)
    start = max(len(rest) - _BIOGRAPHY_LINES, 1)
    while last > 0 and last >= start and is_about_author(rest[last].text, author):
        last = _last_own(rest[:last])
    return [*rest[: last + 1], *_own_lines_after_text(rest[last + 1 :], author)]


def without_source(blocks: Sequence[Block], facts: Facts) -> list[Block]:
    """Return the lines without the source and the URL at the end, and record these in `facts`."""
    rest = list(blocks)
    for position in range(len(rest) - 1, max(len(rest) - _SOURCE_LINES, -1), -1):
        text = rest[position].text
        address = URL_LINE.fullmatch(text)
        if address:
            if not text.startswith("http"):
                facts.url = facts.url or address["url"]
            del rest[position]
        elif source := publisher_in(text):
            facts.publisher = facts.publisher or source
            del rest[position]
    return rest


def _last_own(blocks: Sequence[Block]) -> int:
    """Return the position of the last line that certainly belongs to the article, or 0."""
    return max((position for position, block in enumerate(blocks) if _is_own(block)), default=0)


def _comments_start(blocks: Sequence[Block]) -> int:
    """Return the position of the heading of readers' comments or of the author's biography, else the number of lines.

    Only a heading below some paragraphs counts.
    """
    paragraphs = 0
    for position, block in enumerate(blocks):
        if paragraphs >= _PARAGRAPHS_ABOVE_COMMENTS and not block.bullet and is_end_heading(block.text):
            return position
        paragraphs += is_prose(block.text)
    return len(blocks)


def _own_lines_after_text(tail: Sequence[Block], author: str | None) -> list[Block]:
    """Return those of the lines after the last paragraph that belong to the article.

    If no line shows that the article is over, they all do. Otherwise that line, everything after it, and the labels
    before it do not.
    """
    ends = [position for position, block in enumerate(tail) if not block.bullet and _ends_article(block.text, author)]
    if not ends and not (len(tail) > 1 and all(_is_tag(block.text) for block in tail)):
        return list(tail)
    rest = tail[: ends[0]] if ends else tail
    return [block for block in rest if block.bullet or not is_label(block.text)]


def _is_tag(text: str) -> bool:
    return is_label(text) and len(text.split()) <= _TAG_WORDS


def _ends_article(text: str, author: str | None) -> bool:
    is_author = bool(author) and letters_of(text) in letters_of(author or "")
    return (
        is_author
        or is_boilerplate(text)
        or is_link_label(text)
        or read_byline(text) is not None
        or is_about_author(text, author)
    )


def _is_own(block: Block) -> bool:
    return block.bullet or (is_sentence(block.text) and not is_boilerplate(block.text))


def _is_capitalized_headline(text: str) -> bool:
    """Whether the line is a headline in capitals, as some publishers put links to other articles between paragraphs."""
    return text.isupper() and len(text.split()) >= _HEADLINE_WORDS and not is_sentence(text)


def _is_outside(blocks: Sequence[Block], position: int) -> bool:
    """Whether this is a caption above its credit, a label between two lines of boilerplate, or another headline."""
    text = blocks[position].text
    if blocks[position].bullet or position + 1 >= len(blocks):
        return False
    if position > 0 and _is_capitalized_headline(text) and is_prose(blocks[position - 1].text):
        return True
    if is_prose(text):
        return False
    following = blocks[position + 1].text
    if is_credit(following) and is_headline_like(text) and not is_caption(text):
        return True
    return position > 0 and is_label(text) and is_boilerplate(following) and is_boilerplate(blocks[position - 1].text)
