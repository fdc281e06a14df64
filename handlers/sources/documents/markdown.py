"""A Markdown document to its article."""

import re
from dataclasses import replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import assemble_letter
from handlers.sources.documents.front_matter import split_fields
from handlers.sources.documents.header import Block
from handlers.sources.documents.html_limits import plain_lines, tame
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

_MOST_CHARACTERS: Final = 200_000
_MOST_LINES: Final = 5_000
_MOST_WORK: Final = 20_000_000
"""Signs times characters of one paragraph: the parser compares each sign with all that follow."""
_SIGNS: Final = re.compile(r"[\[\]*_`~!<|]")
_PARSER: Final = MarkdownIt("commonmark", {"html": True, "maxNesting": 50}).enable("table")


def read_markdown(text: str, *, origin: str) -> ArticleDraft:
    """The article in this Markdown: front matter for its facts, the first heading as its headline.

    Raises: UnreadableDocument when it holds no words.
    """
    fields, body = split_fields(tidy(text) if text.lstrip("\ufeff\n ").startswith(("---", "+++")) else _untabbed(text))
    heading = None
    if _is_a_trap(body):
        blocks = list(blocks_of(tidy(body)))
    else:
        tokens = _PARSER.parse(body)
        blocks = _blocks(tokens)
        if tokens and tokens[0].type == "heading_open":
            heading = one_line(_plain(tokens[1]))
    draft = assemble_letter(blocks, origin=origin, title=fields.title or heading or None)
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


def _is_a_trap(text: str) -> bool:
    """It would keep the parser busy for minutes. Its words are then read as plain text."""
    if len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES:
        return True
    return any(len(part) * len(_SIGNS.findall(part)) > _MOST_WORK for part in text.split("\n\n"))


def _untabbed(text: str) -> str:
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
            number = f"{token.info}{token.markup} " if token.info else ""  # "14. November" may be a date
        elif token.type == "list_item_close":
            items -= 1
        elif token.type == "inline":
            lines = [one_line(line) for line in f"{number}{_plain(token)}".split("\n\n")]
            blocks += [Block(text=line, bullet=items > 0) for line in lines if line]
            number = ""
        elif token.type in ("fence", "code_block") and token.content.strip():
            blocks.append(Block(text=one_line(token.content)))
        elif token.type == "html_block":
            blocks += blocks_of(tidy(plain_lines(tame(token.content))))
    return blocks


def _plain(token: Token) -> str:
    """The words of a paragraph: no emphasis, link targets, pictures or tags. A hard break parts paragraphs."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n\n")
    return "".join(parts)
