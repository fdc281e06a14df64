"""Plain text to its article: fields at its top, paragraphs, bullet points."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import MOST_LINES, as_given, assemble
from handlers.sources.documents.front_matter import split_fields
from handlers.sources.documents.header import Block
from handlers.sources.text.bylines import read_byline
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

MOST_CHARACTERS: Final = 4_000_000
"""A text is read up to here, and up to MOST_LINES: no article is longer."""
_BULLET: Final = re.compile(r"(?:[•‣◦▪▫■□●○◆◇►▶➤➢✓✔∙⁃·]\s*|[-*–—+]\s+)(?=\S)")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def read_text(text: str, *, origin: str) -> ArticleDraft:
    """The article in this text.

    Raises: UnreadableDocument when it holds no words.
    """
    fields, rest = split_fields(tidy(text))
    draft = assemble(blocks_of(rest), origin=origin, title=fields.title)
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
    """An article whose title and text a program gives: the title as it is, and every line of the text.

    Only a first line that is the title again is left out.
    """
    title = one_line(title)
    draft = as_given(blocks_of(tidy(text)), origin=origin, title=title)
    return replace(draft, title=title, language=agreed_language(None, title, draft.text))


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
