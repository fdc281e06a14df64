"""Builds an article from the lines of a document: headline, highlights, facts and text."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.comparison import is_same_line
from handlers.sources.documents.facts import URL_LINE, Facts
from handlers.sources.documents.footer import without_footer, without_source
from handlers.sources.documents.header import LONGEST_TITLE, SENTENCE, LineOrigin, read_header
from handlers.sources.documents.labels import without_labels
from handlers.sources.documents.whole_page import find_article
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import (
    is_boilerplate,
    is_certain_boilerplate,
    is_notice,
    without_boilerplate,
)
from handlers.sources.text.bylines import read_byline, split_dateline
from handlers.sources.text.copied_page import is_copied_page
from handlers.sources.text.encoding import one_line

MOST_LINES: Final = 20_000
"""Lines of a document that are read. Articles are shorter, and each line takes a tenth of a millisecond."""
_LONG_LINE: Final = 180
"""Characters. A longer line is not a standfirst, and a longer first sentence is cut when it becomes the headline."""
_STANDFIRST_LINES: Final = 3
"""Lines of a standfirst that may be between headline and bullet points."""
_HIGHLIGHTS_LABEL: Final = re.compile(
    r"(?:key (?:points|takeaways|facts|developments|findings)|(?:story )?highlights|in (?:brief|short)|"
    r"at a glance|summary|"
    r"the (?:main|key) points|what (?:you need )?to know|das wichtigste in kürze|auf einen blick|zusammenfassung|"
    r"главное|кратко|коротко|要点|摘要|核心提要|内容提要|导读|أبرز النقاط|ملخص)\s*[:：]?",
    re.IGNORECASE,
)
_NO_TEXT: Final = "There is no readable text in this document."


def assemble_text(blocks: Sequence[Block], *, origin: str, title: str | None = None) -> ArticleDraft:
    """Return the article in a plain text or a PDF. Without a `title` one of the first lines is the headline.

    A text that was evidently copied from a web page loses the boilerplate around the article. Any other text keeps all
    lines except notices such as "Unsubscribe", and loses the dateline of an agency.

    Raises: UnreadableDocument, if there is no title and no line with content.
    """
    blocks, title = _with_short_title(blocks[:MOST_LINES], title)
    if is_copied_page(blocks):
        article = find_article(blocks) if title is None else None
        if article is not None:
            blocks, title = article.blocks, article.headline
        return assemble_page(blocks, origin=origin, title=title, is_copied=True)
    return assemble_all_lines(article_lines(blocks, is_page=False), origin=origin, title=title, keep_dateline=False)


def assemble_message(blocks: Sequence[Block], *, origin: str, title: str | None = None) -> ArticleDraft:
    """Return the article in an e-mail or a Markdown document. No line is left out because of its position.

    Raises: UnreadableDocument, if there is no title and no line with content.
    """
    blocks, title = _with_short_title(blocks[:MOST_LINES], title)
    return assemble_all_lines(article_lines(blocks, is_page=is_copied_page(blocks)), origin=origin, title=title)


def assemble_printed(
    blocks: Sequence[Block], notes: Sequence[Block], *, origin: str, title: str | None = None
) -> ArticleDraft:
    """Return the article in the paragraphs of a printed page, with its notes at the end.

    Short lines, names, numbers and rows of tables remain. Only notices such as "Unsubscribe" are left out, and lines
    at the top that repeat the title or state only the author and the date.

    Raises: UnreadableDocument, if there is no title and no line with content.
    """
    blocks, title = _with_short_title(blocks[:MOST_LINES], title)
    draft = assemble_all_lines([*article_lines(blocks, is_page=False), *notes], origin=origin, title=title)
    return draft if draft.highlights else _without_bylines(draft)


def _without_bylines(draft: ArticleDraft) -> ArticleDraft:
    """Return the draft without paragraphs at the top that say nothing but what `author` and `published_at` say."""
    paragraphs = draft.text.split("\n\n")
    while len(paragraphs) > 1 and (byline := read_byline(paragraphs[0])) is not None:
        if byline.author not in (None, draft.author) or byline.published_at not in (None, draft.published_at):
            break
        paragraphs.pop(0)
    return replace(draft, text="\n\n".join(paragraphs))


def article_lines(blocks: Sequence[Block], *, is_page: bool) -> list[Block]:
    """Return the lines of the article: of a page all that are not boilerplate, else all that are not notices."""
    if is_page:
        return [Block(text=text) for text in without_boilerplate(block.text for block in blocks)]
    return [block for block in blocks if any(map(str.isalnum, block.text)) and not is_notice(block.text)]


def _with_short_title(blocks: Sequence[Block], title: str | None) -> tuple[Sequence[Block], str | None]:
    """Shorten a title that is too long for a headline, and make the whole title the first line of the text."""
    if not title or shorten(title) == one_line(title):
        return blocks, title
    return [Block(text=one_line(title)), *blocks], shorten(title)


def assemble_all_lines(
    blocks: Sequence[Block], *, origin: str, title: str | None = None, keep_dateline: bool = True
) -> ArticleDraft:
    """Return an article with all of these lines, except those at the top that repeat the title.

    Without a `title` one of the first lines is the headline, and bullet points below it become the highlights. The
    agency of a dateline is the publisher; the dateline itself remains in the text only with `keep_dateline`.

    Raises: UnreadableDocument, if there is no title and no line with content.
    """
    if not title and not any(_has_content(block.text) for block in blocks):
        raise UnreadableDocument(_NO_TEXT)
    facts = Facts(title=title or None)
    start = read_header(blocks, facts, origin=LineOrigin.GIVEN)
    headline = one_line(facts.title or "")
    own = [
        block for position, block in enumerate(blocks) if position >= start or not is_same_line(block.text, headline)
    ]
    bullets = _highlights_range(own, most_lines=0 if title else _STANDFIRST_LINES)
    without_source(own, facts)  # records the source; its line remains
    highlights = tuple(block.text for block in own[bullets.start : bullets.stop])
    dated = [block.text for block in (*own[: bullets.start], *own[bullets.stop :])]
    undated, agency = _without_dateline(dated)
    if not headline:
        headline = _first_sentence(next(text for text in (*undated, *highlights) if _has_content(text)))
    facts.title, facts.publisher = headline, facts.publisher or agency
    return _draft(facts, origin=origin, highlights=highlights, paragraphs=dated if keep_dateline else undated)


def assemble_page(blocks: Sequence[Block], *, origin: str, title: str | None, is_copied: bool) -> ArticleDraft:
    """Return the article in the lines of a web page, without the boilerplate around it.

    Without a `title` one of the first lines is the headline. `is_copied`: the lines were copied from a browser, so that
    only their position tells labels from the text.

    Raises: UnreadableDocument, if nothing readable remains.
    """
    facts = Facts(title=title)
    start = read_header(blocks, facts, origin=LineOrigin.COPIED if is_copied else LineOrigin.MARKUP)
    below = blocks[start:]
    rest = without_source(without_labels(below, facts, is_page=start > 1) if is_copied else below, facts)
    if is_copied:
        rest = without_footer(rest, author=facts.author)
    bullets = _highlights_range(rest, most_lines=_STANDFIRST_LINES if is_copied else 1)
    highlights = without_boilerplate(block.text for block in rest[bullets.start : bullets.stop])
    above = [block.text for block in rest[: bullets.start] if not _HIGHLIGHTS_LABEL.fullmatch(block.text)]
    paragraphs, agency = _without_dateline(
        without_boilerplate([*above, *(block.text for block in rest[bullets.stop :])]),
    )
    headline = shorten(facts.title or _first_sentence(next(iter([*paragraphs, *highlights]), "")))
    if not headline:
        raise UnreadableDocument(_NO_TEXT)
    paragraphs = [text for position, text in enumerate(paragraphs) if position > 1 or not is_same_line(text, headline)]
    highlights = tuple(dict.fromkeys(text for text in highlights if not is_same_line(text, headline)))
    facts.title, facts.publisher = headline, facts.publisher or agency
    return _draft(facts, origin=origin, highlights=highlights, paragraphs=paragraphs)


def shorten(text: str, limit: int = LONGEST_TITLE) -> str:
    """Return the text as one line of at most `limit` characters, cut at a word with an ellipsis."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    start, space, _ = cut.rpartition(" ")
    return (start if space and len(start) > limit // 2 else cut).rstrip(" ,;:–—-") + "…"


def _draft(facts: Facts, *, origin: str, highlights: tuple[str, ...], paragraphs: Sequence[str]) -> ArticleDraft:
    return ArticleDraft(
        title=facts.title or "",
        text="\n\n".join([*highlights, *paragraphs]),
        highlights=highlights,
        url=facts.url,
        author=facts.author,
        published_at=facts.published_at,
        publisher=facts.publisher,
        origin=origin,
    )


def _has_content(text: str) -> bool:
    """Whether the line is more than a button, a notice, a byline, a date or a URL."""
    return (
        any(map(str.isalpha, text))
        and not is_certain_boilerplate(text)
        and URL_LINE.fullmatch(text) is None
        and read_byline(text) is None
    )


def _without_dateline(paragraphs: Sequence[str]) -> tuple[list[str], str | None]:
    """Return the paragraphs without a dateline in one of the first, and the agency that the dateline names."""
    rest = list(paragraphs)
    for position, text in enumerate(rest[:_STANDFIRST_LINES]):
        rest[position], agency = split_dateline(text)
        if agency:
            return rest, agency
    return rest, None


def _highlights_range(blocks: Sequence[Block], *, most_lines: int) -> range:
    """Return the positions of the publisher's bullet points below headline and standfirst, or below their label.

    `most_lines`: lines that the standfirst may have.
    """
    start = 0
    standfirst = 0
    while start < len(blocks) and not blocks[start].bullet and standfirst < most_lines:
        text = blocks[start].text
        if not (_HIGHLIGHTS_LABEL.fullmatch(text) or is_boilerplate(text) or read_byline(text)):
            if text.endswith((":", "：")) or len(text) > _LONG_LINE:
                return range(0, 0)
            standfirst += 1
        start += 1
    stop = start
    while stop < len(blocks) and blocks[stop].bullet:
        stop += 1
    return range(start, stop) if stop - start > (1 if standfirst else 0) else range(0, 0)


def _first_sentence(paragraph: str) -> str:
    sentence = SENTENCE.match(paragraph[: LONGEST_TITLE * 2])
    return sentence[0] if sentence and len(sentence[0]) <= LONGEST_TITLE else shorten(paragraph, _LONG_LINE)
