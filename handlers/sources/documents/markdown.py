"""Reads the article of a Markdown document."""

import re
from dataclasses import replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import assemble_message
from handlers.sources.documents.front_matter import split_fields
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.text.block import Block
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.html_limits import limit_html, strip_tags
from handlers.sources.text.language import agreed_language

_MOST_CHARACTERS: Final = 200_000
_MOST_LINES: Final = 5_000
_MOST_WORK: Final = 20_000_000
"""Special characters times characters of one paragraph. For each of them the parser scans the rest of the paragraph."""
_SPECIAL: Final = re.compile(r"[\[\]*_`~!<|]")
_PARSER: Final = MarkdownIt("commonmark", {"html": True, "maxNesting": 50}).enable("table")


def read_markdown(text: str, *, origin: str) -> ArticleDraft:
    """Return the article in this Markdown text.

    Front matter gives its facts. Without a title there, a heading in the first line is the headline.

    Raises: UnreadableDocument, if there is no text.
    """
    fields, body = split_fields(
        tidy(text) if text.lstrip("\ufeff\n ").startswith(("---", "+++")) else _with_line_feeds(text)
    )
    heading = None
    if _is_too_complex(body):
        blocks = list(blocks_of(tidy(body)))
    else:
        tokens = _PARSER.parse(body)
        blocks = _blocks(tokens)
        if tokens and tokens[0].type == "heading_open":
            heading = one_line(_plain(tokens[1]))
    draft = assemble_message(blocks, origin=origin, title=fields.title or heading or None)
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


def _is_too_complex(text: str) -> bool:
    """Whether the parser might take minutes. Such a document is read as plain text."""
    if len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES:
        return True
    return any(len(part) * len(_SPECIAL.findall(part)) > _MOST_WORK for part in text.split("\n\n"))


def _with_line_feeds(text: str) -> str:
    """Return the text with line feeds only and without a byte-order mark. Indentation stays, as it has a meaning."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _blocks(tokens: list[Token]) -> list[Block]:
    blocks: list[Block] = []
    items = 0
    number = ""
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            blocks += [Block(text=" | ".join(filter(None, row)))] if row and any(row) else []
            row = None
        elif token.type == "inline" and row is not None:
            row.append(one_line(_plain(token)))
        elif token.type == "list_item_open":
            items += 1
            # The number of an ordered item remains, because "14. November" may be a date.
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "list_item_close":
            items -= 1
        elif token.type == "inline":
            lines = [one_line(line) for line in f"{number}{_plain(token)}".split("\n\n")]
            blocks += [Block(text=line, bullet=items > 0) for line in lines if line]
            number = ""
        elif token.type in ("fence", "code_block") and token.content.strip():
            blocks.append(Block(text=one_line(token.content)))
        elif token.type == "html_block":
            blocks += blocks_of(tidy(strip_tags(limit_html(token.content))))
    return blocks


def _plain(token: Token) -> str:
    """Return the text of a paragraph without emphasis, link targets, images and tags. A hard break starts a new one."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n\n")
    return "".join(parts)
