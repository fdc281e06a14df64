"""Paragraphs to an article: headline, highlights, facts and text, by the rules for pages or with every line kept."""

import re
from collections.abc import Sequence
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.copied import is_copied_page
from handlers.sources.documents.footer import without_foot, without_source
from handlers.sources.documents.header import ADDRESS, LONGEST_TITLE, SENTENCE, Block, Top, same
from handlers.sources.text.boilerplate import is_furniture, is_notice, is_unmistakable, without_furniture
from handlers.sources.text.bylines import read_byline, split_dateline
from handlers.sources.text.encoding import one_line

MOST_LINES: Final = 20_000
"""A text is read up to here: no article is longer, and every line costs a tenth of a millisecond."""
_FIRST_SENTENCE: Final = 180
_STANDFIRST: Final = 3
"""Lines of a standfirst that may stand between headline and bullet points."""
_POINTS_LABEL: Final = re.compile(
    r"(?:key (?:points|takeaways|facts|developments|findings)|(?:story )?highlights|in (?:brief|short)|"
    r"at a glance|summary|"
    r"the (?:main|key) points|what (?:you need )?to know|das wichtigste in kürze|auf einen blick|zusammenfassung|"
    r"главное|кратко|коротко|要点|摘要|核心提要|内容提要|导读|أبرز النقاط|ملخص)\s*[:：]?",
    re.IGNORECASE,
)
_NO_TEXT: Final = "There is no readable text in this document."


def assemble(blocks: Sequence[Block], *, origin: str, title: str | None = None) -> ArticleDraft:
    """The article in a text or a print. Without a `title` one of the first lines is the headline.

    Of a text that shows that it was copied from a page, what pages put around their articles is left out. Any other
    text keeps every line but notices such as "Unsubscribe", and loses an agency's dateline.

    Raises: UnreadableDocument, where no line says anything and there is no title.
    """
    blocks, title = _with_short_title(blocks[:MOST_LINES], title)
    if is_copied_page(blocks):
        return as_page(blocks, origin=origin, title=title, copied=True)
    return as_given(own_lines(blocks, is_page=False), origin=origin, title=title, with_dateline=False)


def assemble_letter(blocks: Sequence[Block], *, origin: str, title: str | None = None) -> ArticleDraft:
    """The article in a letter or a Markdown document, of which no line is left out for where it stands.

    Raises: UnreadableDocument, where no line says anything and there is no title.
    """
    blocks, title = _with_short_title(blocks[:MOST_LINES], title)
    return as_given(own_lines(blocks, is_page=is_copied_page(blocks)), origin=origin, title=title)


def own_lines(blocks: Sequence[Block], *, is_page: bool) -> list[Block]:
    """The lines of the article. `is_page`: those that look like furniture are; else only notices are left out."""
    if is_page:
        return [Block(text=text) for text in without_furniture(block.text for block in blocks)]
    return [block for block in blocks if any(map(str.isalnum, block.text)) and not is_notice(block.text)]


def _with_short_title(blocks: Sequence[Block], title: str | None) -> tuple[Sequence[Block], str | None]:
    """A title that is too long for a headline stays whole as the first line of the text."""
    if not title or shorten(title) == one_line(title):
        return blocks, title
    return [Block(text=one_line(title)), *blocks], shorten(title)


def as_given(
    blocks: Sequence[Block], *, origin: str, title: str | None = None, with_dateline: bool = True
) -> ArticleDraft:
    """An article of all these lines, without those at the top that repeat the title.

    Without a `title` one of the first lines is the headline, and bullet points below it come first. A dateline names
    the publisher, and stays in the text if `with_dateline`.

    Raises: UnreadableDocument, where no line says anything and there is no title.
    """
    if not title and all(_says_nothing(block.text) for block in blocks):
        raise UnreadableDocument(_NO_TEXT)
    top = Top(copied=True, whole=True)
    start = top.read(blocks, title=title or None)
    headline = one_line(top.title or "")
    own = [block for place, block in enumerate(blocks) if place >= start or not same(block.text, headline)]
    lead = _lead_points(own, most=0 if title else _STANDFIRST)
    without_source(own, top)
    points = tuple(block.text for block in own[lead.start : lead.stop])
    whole = [block.text for block in (*own[: lead.start], *own[lead.stop :])]
    undated, agency = _without_dateline(whole)
    if not headline:
        headline = _first_sentence(next(text for text in (*undated, *points) if not _says_nothing(text)))
    paragraphs = whole if with_dateline else undated
    return _draft(top, origin=origin, headline=headline, points=points, paragraphs=paragraphs, agency=agency)


def as_page(blocks: Sequence[Block], *, origin: str, title: str | None, copied: bool) -> ArticleDraft:
    """An article of the lines of a page: finds the headline unless given, takes out what is not the article's own.

    `copied`: the page came as somebody copied it, and only their places tell its labels from its words.

    Raises: UnreadableDocument when nothing readable is there.
    """
    top = Top(copied=copied)
    start = top.read(blocks, title=title)
    rest = without_source(top.without_labels(blocks[start:], is_page=start > 1) if copied else blocks[start:], top)
    if copied:
        rest = without_foot(rest, author=top.author)
    lead = _lead_points(rest, most=_STANDFIRST if copied else 1)
    points = without_furniture(block.text for block in rest[lead.start : lead.stop])
    above = [block.text for block in rest[: lead.start] if not _POINTS_LABEL.fullmatch(block.text)]
    paragraphs, agency = _without_dateline(
        without_furniture([*above, *(block.text for block in rest[lead.stop :])]),
    )
    headline = shorten(top.title or _first_sentence(next(iter([*paragraphs, *points]), "")))
    if not headline:
        raise UnreadableDocument(_NO_TEXT)
    paragraphs = [text for position, text in enumerate(paragraphs) if position > 1 or not same(text, headline)]
    points = tuple(dict.fromkeys(point for point in points if not same(point, headline)))
    return _draft(top, origin=origin, headline=headline, points=points, paragraphs=paragraphs, agency=agency)


def _draft(
    top: Top, *, origin: str, headline: str, points: tuple[str, ...], paragraphs: Sequence[str], agency: str | None
) -> ArticleDraft:
    return ArticleDraft(
        title=headline,
        text="\n\n".join([*points, *paragraphs]),
        highlights=points,
        url=top.url,
        author=top.author,
        published_at=top.published_at,
        publisher=top.publisher or agency,
        origin=origin,
    )


def _says_nothing(text: str) -> bool:
    """No more than a button or notice, who wrote it, when, or where it stands."""
    return (
        not any(map(str.isalpha, text))
        or is_unmistakable(text)
        or ADDRESS.fullmatch(text) is not None
        or read_byline(text) is not None
    )


def _without_dateline(paragraphs: Sequence[str]) -> tuple[list[str], str | None]:
    """The paragraphs, the first dateline taken off one of the uppermost; and the agency that it names."""
    found = list(paragraphs)
    for position, text in enumerate(found[:_STANDFIRST]):
        found[position], agency = split_dateline(text)
        if agency:
            return found, agency
    return found, None


def _lead_points(blocks: Sequence[Block], *, most: int) -> range:
    """Where the publisher's own bullet points stand: below headline and standfirst, or below their label.

    `most`: lines that the standfirst may have.
    """
    start = 0
    standfirst = 0
    while start < len(blocks) and not blocks[start].bullet and standfirst < most:
        text = blocks[start].text
        if not (_POINTS_LABEL.fullmatch(text) or is_furniture(text) or read_byline(text)):
            if text.endswith((":", "：")) or len(text) > _FIRST_SENTENCE:
                return range(0, 0)
            standfirst += 1
        start += 1
    stop = start
    while stop < len(blocks) and blocks[stop].bullet:
        stop += 1
    return range(start, stop) if stop - start > (1 if standfirst else 0) else range(0, 0)


def _first_sentence(paragraph: str) -> str:
    found = SENTENCE.match(paragraph[: LONGEST_TITLE * 2])
    return found[0] if found and len(found[0]) <= LONGEST_TITLE else shorten(paragraph, _FIRST_SENTENCE)


def shorten(text: str, limit: int = LONGEST_TITLE) -> str:
    """One line of at most `limit` characters, cut at a word with an ellipsis."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:–—-") + "…"
