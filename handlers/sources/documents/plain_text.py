"""Plain text, as it is when somebody copies an article from a web page: headline first, then what belongs to it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.footer import without_foot
from handlers.sources.documents.front_matter import split_fields
from handlers.sources.documents.header import LONGEST_TITLE, SENTENCE, Block, Top, same, without_source
from handlers.sources.text.boilerplate import is_furniture, without_furniture
from handlers.sources.text.bylines import read_byline, split_dateline
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

MOST_CHARACTERS: Final = 4_000_000
MOST_LINES: Final = 20_000
"""A text is read up to here: no article is longer, and every line costs a tenth of a millisecond."""
_FIRST_SENTENCE: Final = 180
_BULLET: Final = re.compile(r"(?:[•‣◦▪▫■□●○◆◇►▶➤➢✓✔∙⁃·]\s*|[-*–—+]\s+)(?=\S)")
_POINTS_LABEL: Final = re.compile(
    r"(?:key (?:points|takeaways|facts|developments|findings)|(?:story )?highlights|in (?:brief|short)|"
    r"at a glance|summary|"
    r"the (?:main|key) points|what (?:you need )?to know|das wichtigste in kürze|auf einen blick|zusammenfassung|"
    r"главное|кратко|коротко|要点|摘要|核心提要|内容提要|导读|أبرز النقاط|ملخص)\s*[:：]?",
    re.IGNORECASE,
)
_STANDFIRST: Final = 2
"""Lines of a standfirst that may stand between headline and bullet points."""
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def read_text(text: str, *, origin: str) -> ArticleDraft:
    """The article in this text.

    Raises: UnreadableDocument when it holds no words.
    """
    fields, rest = split_fields(tidy(text))
    draft = assemble(blocks_of(rest), origin=origin, title=fields.title, copied=True)
    return replace(
        draft,
        url=fields.url or draft.url,
        publisher=fields.publisher or draft.publisher,
        published_at=fields.published_at or draft.published_at,
        author=fields.author or draft.author,
        tags=fields.tags,
        image_url=fields.image_url,
        language=agreed_language(fields.language, draft.title, draft.text),
    )


def blocks_of(text: str, *, width: int | None = None) -> tuple[Block, ...]:
    """The paragraphs of tidy text: by empty lines, hard-wrapped lines joined, every bullet point its own.

    `width`: the column at which it is wrapped, where that is known.
    """
    text = "\n".join(text[:MOST_CHARACTERS].split("\n", MOST_LINES)[:MOST_LINES])
    paragraphs = [
        lines for part in re.split(r"\n\s*\n", text) if (lines := [line for line in part.split("\n") if line.strip()])
    ]
    width = width or _wrap_width(paragraphs)
    blocks: list[Block] = []
    for lines in paragraphs:
        before = ""
        for line in lines:
            bullet = _BULLET.match(line)
            if bullet:
                blocks.append(Block(text=line[bullet.end() :].strip(), bullet=True))
            elif before and width and _has_no_room(before, line, width):
                gap = "" if _WIDE.match(before[-1]) and _WIDE.match(line) else " "
                blocks[-1] = replace(blocks[-1], text=blocks[-1].text + gap + line)
            else:
                blocks.append(Block(text=line))
            before = line
    return _demote_lone_dashes([block for block in blocks if block.text])


def _wrap_width(paragraphs: Sequence[Sequence[str]]) -> int | None:
    """The column at which the text was hard-wrapped; None when its lines are whole paragraphs."""
    width = max((len(line) for lines in paragraphs if len(lines) > 1 for line in lines), default=0)
    if not 30 <= width <= 130:
        return None
    pairs = [pair for lines in paragraphs for pair in pairwise(lines) if not _BULLET.match(pair[1])]
    full = sum(_has_no_room(before, line, width) for before, line in pairs)
    return width if full >= 2 and full >= len(pairs) * 0.5 else None


def _has_no_room(before: str, line: str, width: int) -> bool:
    """True when the line before ended only because the next word had no room."""
    if _WIDE.match(before[-1]) and _WIDE.match(line):
        return len(before) >= width - 3
    return len(before) + 1 + len(line.split(" ", 1)[0]) > width - 8 and read_byline(before) is None


def _demote_lone_dashes(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """A single dash before a line is dialogue or a typographer's dash; only two in a row make a list."""
    result: list[Block] = []
    for position, block in enumerate(blocks):
        near = [*blocks[max(position - 1, 0) : position], *blocks[position + 1 : position + 2]]
        alone = block.bullet and not any(other.bullet for other in near)
        result.append(replace(block, bullet=False) if alone else block)
    return tuple(result)


def assemble(blocks: Sequence[Block], *, origin: str, title: str | None = None, copied: bool = False) -> ArticleDraft:
    """An article from its paragraphs: finds the headline unless given, takes the furniture out, keeps highlights first.

    `copied`: the text came as somebody copied it, and only their places tell its labels from its words.

    Raises: UnreadableDocument when nothing readable is there.
    """
    top = Top(copied=copied)
    rest = top.read([block for block in blocks[:MOST_LINES] if block.text.strip()], title=title)
    rest = without_foot(without_source(rest, top), author=top.author) if copied else without_source(rest, top)
    lead = _lead_points(rest, most=_STANDFIRST if copied else 0)
    points = without_furniture(block.text for block in rest[lead.start : lead.stop])
    above = [block.text for block in rest[: lead.start] if not _POINTS_LABEL.fullmatch(block.text)]
    paragraphs = list(without_furniture([*above, *(block.text for block in rest[lead.stop :])]))
    publisher = top.publisher
    for position, text in enumerate(paragraphs[: _STANDFIRST + 1]):
        paragraphs[position], agency = split_dateline(text)
        if agency:
            publisher = publisher or agency
            break
    headline = top.title or ""
    if not headline:
        first = next(iter([*paragraphs, *points]), "")
        headline = _first_sentence(first) or _line_alone(blocks)
    headline = shorten(headline)
    if not headline:
        raise UnreadableDocument("There is no readable text in this document.")
    paragraphs = [text for position, text in enumerate(paragraphs) if position > 1 or not same(text, headline)]
    points = tuple(dict.fromkeys(point for point in points if not same(point, headline)))
    return ArticleDraft(
        title=headline,
        text="\n\n".join([*points, *paragraphs]),
        highlights=points,
        url=top.url,
        author=top.author,
        published_at=top.published_at,
        publisher=publisher,
        origin=origin,
    )


def _lead_points(blocks: Sequence[Block], *, most: int) -> range:
    """Where the publisher's own bullet points stand: below headline and standfirst, or below their label.

    `most`: lines that the standfirst may have.
    """
    start = 0
    standfirst = 0
    while start < len(blocks) and not blocks[start].bullet and standfirst <= most:
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


def _line_alone(blocks: Sequence[Block]) -> str:
    """Of a single line nothing stands beside it to tell a name or an outlet from a headline: it is the headline."""
    text = blocks[0].text if len(blocks) == 1 else ""
    about = Top(copied=False)
    about.read([Block(text=text)], title=text)
    says_more = about.url or about.author or about.published_at
    return "" if says_more or is_furniture(text) or not any(map(str.isalpha, text)) else text


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
