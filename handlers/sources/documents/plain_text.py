"""Reads the article of a plain text: front matter, paragraphs and bullet points."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import MOST_LINES, assemble_all_lines, assemble_text
from handlers.sources.documents.front_matter import split_fields
from handlers.sources.text.block import Block
from handlers.sources.text.bylines import read_byline
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

MOST_CHARACTERS: Final = 4_000_000
"""The part of a text that is read, up to MOST_LINES lines. Articles are shorter."""
_BULLET: Final = re.compile(r"(?:[•‣◦▪▫■□●○◆◇►▶➤➢✓✔∙⁃·]\s*|[-*–—+]\s+)(?=\S)")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def read_text(text: str, *, origin: str) -> ArticleDraft:
    """Return the article in this text.

    Raises: UnreadableDocument, if there is no readable text.
    """
    fields, rest = split_fields(tidy(text))
    draft = assemble_text(blocks_of(rest), origin=origin, title=fields.title)
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


def read_titled(title: str, text: str, *, origin: str) -> ArticleDraft:
    """Return an article with exactly this title and all lines of this text, as a program passes them.

    Only a first line that repeats the title is left out.
    """
    title = one_line(title)
    draft = assemble_all_lines(blocks_of(tidy(text)), origin=origin, title=title)
    return replace(draft, title=title, language=agreed_language(None, title, draft.text))


def blocks_of(text: str, *, width: int | None = None) -> tuple[Block, ...]:
    """Return the paragraphs and bullet points of a text that `tidy` has cleaned.

    Empty lines separate paragraphs, and hard-wrapped lines are joined. `width`: the column at which lines are wrapped,
    if it is known.
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
    """Return the column at which the text is hard-wrapped; None if each line is a whole paragraph."""
    width = max((len(line) for lines in paragraphs if len(lines) > 1 for line in lines), default=0)
    if not 30 <= width <= 130:
        return None
    pairs = [pair for lines in paragraphs for pair in pairwise(lines) if not _BULLET.match(pair[1])]
    full = sum(_has_no_room(before, line, width) for before, line in pairs)
    return width if full >= 2 and full >= len(pairs) * 0.5 else None


def _has_no_room(before: str, line: str, width: int) -> bool:
    """Whether the first word of the line had no room at the end of the line before."""
    if _WIDE.match(before[-1]) and _WIDE.match(line):
        return len(before) >= width - 3
    return len(before) + 1 + len(line.split(" ", 1)[0]) > width - 8 and read_byline(before) is None


def _demote_lone_dashes(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks without bullets that have no other bullet next to them.

    A single dash at the start of a line marks direct speech; only two in a row are a list.
    """
    result: list[Block] = []
    for position, block in enumerate(blocks):
        near = [*blocks[max(position - 1, 0) : position], *blocks[position + 1 : position + 2]]
        alone = block.bullet and not any(other.bullet for other in near)
        result.append(replace(block, bullet=False) if alone else block)
    return tuple(result)
