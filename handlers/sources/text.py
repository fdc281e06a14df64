"""Plain text, as it is when somebody copies an article from a web page: headline first, then what belongs to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from handlers.drafts import ArticleDraft
from handlers.errors import UnreadableDocument
from handlers.sources.bylines import read_byline, split_dateline
from handlers.sources.characters import one_line, tidy
from handlers.sources.fields import split_fields
from handlers.sources.furniture import is_furniture, is_section_name, without_furniture
from handlers.sources.language import agreed_language

LONGEST_TITLE: Final = 300
"""Characters. Nothing longer is a headline; a longer one given by a document is cut at a word."""
MOST_CHARACTERS: Final = 4_000_000
MOST_LINES: Final = 20_000
"""A text is read up to here: no article is longer, and every line costs a tenth of a millisecond."""
_FIRST_SENTENCE: Final = 180
_BULLET: Final = re.compile(r"(?:[•‣◦▪▫■□●○◆◇►▶➤➢✓✔∙⁃·]\s*|[-*–—+]\s+)(?=\S)")
_SENTENCE: Final = re.compile(r"""(?:[^.!?。！？؟]|[.!?؟](?![\s”"’»)]|$))+[.!?。！？؟]+[”"’»)]*""")
_POINTS_LABEL: Final = re.compile(
    r"(?:key (?:points|takeaways|facts|developments|findings)|(?:story )?highlights|in (?:brief|short)|"
    r"at a glance|summary|"
    r"the (?:main|key) points|what (?:you need )?to know|das wichtigste in kürze|auf einen blick|zusammenfassung|"
    r"главное|кратко|коротко|要点|摘要|核心提要|内容提要|导读|أبرز النقاط|ملخص)\s*[:：]?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"(?:(?:source|link|url|original|via|quelle|источник|来源|原文(?:链接|地址)?|المصدر)\s?[:：]\s?)?(?P<url>https?://[^\s<>\"]+)",
    re.IGNORECASE,
)
_PUBLISHER: Final = re.compile(
    r"(?:source|quelle|источник|来源|المصدر)\s?[:：]\s?(?P<name>[^\n:：]{2,40})", re.IGNORECASE
)
_NAME: Final = re.compile(r"[A-ZÀ-ÞА-ЯЁ\u4e00-\u9fff][^.!?。]{1,38}")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph; `bullet` says that it stood behind a bullet point."""

    text: str
    bullet: bool = False


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


def blocks_of(text: str) -> tuple[Block, ...]:
    """The paragraphs of tidy text: by empty lines, hard-wrapped lines joined, every bullet point its own."""
    text = "\n".join(text[:MOST_CHARACTERS].split("\n", MOST_LINES)[:MOST_LINES])
    paragraphs = [
        lines for part in re.split(r"\n\s*\n", text) if (lines := [line for line in part.split("\n") if line.strip()])
    ]
    width = _wrap_width(paragraphs)
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


def assemble(blocks: Sequence[Block], *, origin: str, title: str | None = None) -> ArticleDraft:
    """An article from its paragraphs: finds the headline unless given, takes the furniture out, keeps highlights first.

    Raises: UnreadableDocument when nothing readable is there.
    """
    top = _Top()
    body = [block for block in blocks[:MOST_LINES] if block.text.strip()]
    start = top.read(body, title=title)
    rest = _without_foot(body[start:], top)
    lead = _lead_points(rest)
    points = without_furniture(block.text for block in rest[lead.start : lead.stop])
    paragraphs = list(without_furniture(block.text for block in rest[lead.stop :]))
    publisher = top.publisher
    if paragraphs:
        paragraphs[0], agency = split_dateline(paragraphs[0])
        publisher = publisher or agency
    headline = top.title or ""
    if not headline:
        first = next(iter([*paragraphs, *points]), "")
        headline = _first_sentence(first)
    headline = shorten(headline)
    if not headline:
        raise UnreadableDocument("There is no readable text in this document.")
    paragraphs = [text for position, text in enumerate(paragraphs) if position > 1 or not _same(text, headline)]
    points = tuple(dict.fromkeys(point for point in points if not _same(point, headline)))
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


class _Top:
    """Reads what stands above the first paragraph, and remembers what it said."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.author: str | None = None
        self.publisher: str | None = None
        self.published_at: datetime | None = None
        self.url: str | None = None

    def read(self, blocks: Sequence[Block], *, title: str | None) -> int:
        """Takes headline, byline and date; gives where the rest begins."""
        self.title = title
        position = 0
        while position < len(blocks):
            text = blocks[position].text
            following = next((block.text for block in blocks[position + 1 : position + 2]), "")
            untitled = self.title is None
            stands_above = untitled and is_section_name(text) and len(following) > len(text)
            if (
                self._about(text, following)
                or is_furniture(text)
                or stands_above
                or (position < 8 and _same(text, self.title or ""))
            ):
                position += 1
            elif untitled and position == 0 and _is_masthead(text, following):
                self.publisher = self.publisher or text
                position += 1
            elif untitled and not blocks[position].bullet and _may_be_headline(text):
                self.title = text
                position += 1
            else:
                break
        return position

    def _about(self, text: str, following: str = "") -> bool:
        """True when the line only says who wrote it, when, or where it stands."""
        if (byline := read_byline(text)) is not None:
            self.author = self.author or byline.author
            self.published_at = self.published_at or byline.published_at
            return True
        if (address := _ADDRESS.fullmatch(text)) is not None:
            self.url = self.url or address["url"]
            return True
        if self.title is not None and (source := _PUBLISHER.fullmatch(text)) is not None:
            self.publisher = self.publisher or source["name"].strip()
            return True
        return self.title is not None and self._names_publisher(text, following)

    def _names_publisher(self, text: str, following: str) -> bool:
        """A short name below the headline, with a date or reading time beside it or such a line below it."""
        parts = [part.strip() for part in re.split(r"\s[|·•]\s", text) if part.strip()]
        names = [part for part in parts if not is_furniture(part) and read_byline(part) is None]
        beside = len(names) < len(parts) or _ADDRESS.fullmatch(following) or read_byline(following)
        if len(names) != 1 or not beside or not _NAME.fullmatch(names[0]):
            return False
        self.publisher = self.publisher or names[0]
        for part in parts:
            byline = read_byline(part)
            self.author = self.author or (byline.author if byline else None)
            self.published_at = self.published_at or (byline.published_at if byline else None)
        return True


def _without_foot(blocks: Sequence[Block], top: _Top) -> list[Block]:
    """Takes the source line and the address at the end, which belong to no paragraph."""
    rest = list(blocks)
    for position in range(len(rest) - 1, max(len(rest) - 6, -1), -1):
        text = rest[position].text
        address = _ADDRESS.fullmatch(text)
        source = _PUBLISHER.fullmatch(text)
        if address:
            if not text.startswith("http"):
                top.url = top.url or address["url"]
            del rest[position]
        elif source:
            top.publisher = top.publisher or source["name"].strip()
            del rest[position]
    return rest


def _lead_points(blocks: Sequence[Block]) -> range:
    """Where the publisher's own bullet points stand: below the headline, or below a label such as "Key points"."""
    start = 0
    while (
        start < len(blocks)
        and not blocks[start].bullet
        and (
            _POINTS_LABEL.fullmatch(blocks[start].text)
            or is_furniture(blocks[start].text)
            or read_byline(blocks[start].text)
        )
    ):
        start += 1
    stop = start
    while stop < len(blocks) and blocks[stop].bullet:
        stop += 1
    return range(start, stop) if stop > start else range(0, 0)


def _is_masthead(text: str, following: str) -> bool:
    """A newspaper's name at the very top: short, in capitals or title case, and above a section's name or buttons."""
    words = text.split()
    return (
        len(words) <= 4
        and bool(_NAME.fullmatch(text))
        and all(word[0].isupper() for word in words)
        and (is_section_name(following) or (len(words) <= 3 and is_furniture(following)))
    )


def _may_be_headline(text: str) -> bool:
    if len(text) > LONGEST_TITLE or split_dateline(text)[1] is not None:
        return False
    sentences = _SENTENCE.findall(text)
    return len(sentences) <= 1 or len(text) <= _FIRST_SENTENCE // 2 + 30


def _first_sentence(paragraph: str) -> str:
    found = _SENTENCE.match(paragraph[: LONGEST_TITLE * 2])
    return found[0] if found and len(found[0]) <= LONGEST_TITLE else shorten(paragraph, _FIRST_SENTENCE)


def shorten(text: str, limit: int = LONGEST_TITLE) -> str:
    """One line of at most `limit` characters, cut at a word with an ellipsis."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:–—-") + "…"


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()
