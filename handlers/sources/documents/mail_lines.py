"""The lines of a letter: its text with the level of quotation and the links of each line, and its paragraphs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from handlers.sources.documents.letter_phrases import BUTTON
from handlers.sources.text.encoding import tidy

MOST_LINES: Final = 20_000
"""Lines of a letter that are read."""
_MOST_CHARACTERS: Final = 4_000_000
_QUOTE: Final = re.compile(r"(?:\s?[>＞])+[ \t]?")
_BULLET: Final = re.compile(r"(?:[•‣◦▪▫■□●○◆◇►▶➤➢✓✔∙⁃·]\s*|[-*–—+]\s+)(?=\S)")
_LIST_NUMBER: Final = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\[\d{1,3}\])\s")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ADDRESS_ALONE: Final = re.compile(r"\W{0,3}(?:https?://|www\.)\S+\W{0,3}", re.IGNORECASE)
_URL: Final = re.compile(r"https?://[^\s<>\"\[\]]+[^\s<>\"\[\].,;:!?'’»)]", re.IGNORECASE)
_LINK_AT_END: Final = re.compile(r"https?://\S+\s?[\])>]$", re.IGNORECASE)
_RULE: Final = re.compile(r"[\s*_=~#.+•·|-]+")
_WIDEST_WRAP: Final = 130
"""Characters. Longer lines are paragraphs, not lines wrapped by a mail program."""
_NARROWEST_WRAP: Final = 45
_NARROWEST_WIDE: Final = 20
"""Chinese characters or kana."""


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str
    """As the letter gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A line of a letter. An empty line separates paragraphs."""

    text: str = ""
    depth: int = 0
    """How many letters quote this line: the number of ">" in front of it."""
    is_bullet: bool = False
    """The line is an item of a list; `text` does not include its bullet."""
    is_heading: bool = False
    """The line is marked as a heading, or is set in bold or large type as a whole."""
    size: float = 0.0
    """The size of its largest type in pixels; 0 in plain text."""
    lead: str = ""
    """The words in bold type with which the line begins."""
    links: tuple[Link, ...] = ()
    is_link: bool = False
    """The whole line is a link."""
    is_signature: bool = False
    """The mail program marks the line as part of the sender's signature."""
    is_wrapped: bool = False
    """The line may end only because it was full."""
    is_plain: bool = False
    """The line comes from plain text, so that nothing marks headings and links."""

    @property
    def is_empty(self) -> bool:
        return not self.text


def plain_lines(text: str, *, flowed: bool = False, delete_space: bool = False) -> list[MailLine]:
    """Return the lines of a plain text with their level of quotation.

    `flowed` and `delete_space`: the parameters format=flowed and delsp=yes of RFC 3676.
    """
    raw_lines = tidy_ends(text[:_MOST_CHARACTERS]).split("\n", MOST_LINES)[:MOST_LINES]
    flowed = flowed and any(raw.endswith(" ") and raw != "-- " for raw in raw_lines)
    lines: list[MailLine] = []
    pieces: list[str] = []
    depth = 0
    continues = False
    for raw in raw_lines:
        level, content = _split_quote(raw)
        if flowed:
            content = content.removeprefix(" ")  # space-stuffed
        if not (continues and level == depth and content != "-- "):
            lines.append(_plain_line("".join(pieces), depth, flowed=flowed))
            pieces, depth = [], level
        continues = flowed and content.endswith(" ") and content != "-- "
        pieces.append(content[:-1] if continues and delete_space else content)
    lines.append(_plain_line("".join(pieces), depth, flowed=flowed))
    return lines[1:]


def _plain_line(text: str, depth: int, *, flowed: bool) -> MailLine:
    links = tuple(Link("", url) for url in _URL.findall(text)) if "://" in text else ()
    return MailLine(text=tidy(text), depth=depth, links=links, is_wrapped=not flowed, is_plain=True)


def tidy_ends(text: str) -> str:
    """Return the text with "\\n" at every line's end."""
    return re.sub(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)


def _split_quote(raw: str) -> tuple[int, str]:
    """Return the level of quotation and the line without its marks.

    A line such as ">From" is not quoted, nor is ">>> Bob Marsh 27.11.2026 >>>" above a letter in GroupWise.
    """
    quote = _QUOTE.match(raw[:200])
    if quote is None or re.match(r">From |>>> .{1,200} >>>$", raw.rstrip()):
        return 0, raw.removeprefix(">") if quote else raw
    return quote[0].count(">") + quote[0].count("＞"), raw[quote.end() :]


def count_words(text: str) -> int:
    """Return the number of words. Two Chinese characters or kana count as one."""
    return len(text.split()) + len(_WIDE.findall(text)) // 2


def is_rule(text: str) -> bool:
    """Whether a line consists of dashes or similar characters only."""
    return bool(text) and _RULE.fullmatch(text) is not None


def shift(lines: Sequence[MailLine], levels: int) -> list[MailLine]:
    """Return the lines with their level of quotation lowered by `levels`, at least to 0."""
    return [replace(line, depth=max(line.depth - levels, 0)) for line in lines] if levels else list(lines)


def unquoted(lines: Sequence[MailLine]) -> list[MailLine]:
    """Return the lines as if none of them were quoted."""
    return [replace(line, depth=0) for line in lines]


def text_of_lines(lines: Sequence[MailLine]) -> str:
    """Return the lines as text, paragraph by paragraph."""
    return "\n\n".join(line.text for line in paragraphs(lines))


def paragraphs(lines: Sequence[MailLine]) -> list[MailLine]:
    """Return each paragraph, heading and list item as one line. Lines that a mail program wrapped are joined."""
    width = _wrap_width(lines)
    parts: list[list[MailLine]] = []
    for group in _groups(lines):
        joins = _joins(group, width)
        for position, line in enumerate(group):
            if position and joins[position - 1]:
                parts[-1].append(line)
            else:
                parts.append([line])
    return _without_lone_bullets([line for part in parts if (line := _as_one(part)).text])


def _groups(lines: Sequence[MailLine]) -> list[list[MailLine]]:
    """Return the lines between empty lines. A change of the level of quotation also starts a group."""
    groups: list[list[MailLine]] = [[]]
    for line in lines:
        if line.is_empty or is_rule(line.text):
            groups.append([])
            continue
        if groups[-1] and groups[-1][-1].depth != line.depth:
            groups.append([])
        groups[-1].append(line)
    return [group for group in groups if group]


def _wrap_width(lines: Sequence[MailLine]) -> int:
    """Return the width of the widest line that may have been wrapped; 0 if there is none."""
    return max(
        (
            len(line.text)
            for line, following in pairwise(lines)
            if following.text
            and line.is_wrapped
            and len(line.text) <= _WIDEST_WRAP
            and not _ADDRESS_ALONE.fullmatch(line.text)
        ),
        default=0,
    )


def _joins(group: Sequence[MailLine], width: int) -> list[bool]:
    """Return for each line of a paragraph but the last whether the next line continues it."""
    widest = max(len(line.text) for line in group)
    joins = []
    for line, following in pairwise(group):
        is_full = _is_full(line.text, following.text, widest if len(group) > 2 else max(width, widest))
        is_linked = _LINK_AT_END.search(line.text) is not None and not following.text[:1].islower()
        joins.append(line.is_wrapped and is_full and not is_linked and not _starts_item(following))
    full = sum(joins)
    # In a list or a verse some lines are short. A paragraph that was wrapped has full lines only, except the last.
    items = sum(_starts_item(line) for line in group)
    if len(joins) > 1 and full < (len(joins) - items) * 0.7:
        return [
            join and _continues(line.text, after.text)
            for join, (line, after) in zip(joins, pairwise(group), strict=True)
        ]
    return joins


def _starts_item(line: MailLine) -> bool:
    return (
        line.is_bullet
        or line.is_heading
        or (line.is_link and BUTTON.fullmatch(line.text) is not None)
        or _BULLET.match(line.text) is not None
        or _LIST_NUMBER.match(line.text) is not None
        or _ADDRESS_ALONE.fullmatch(line.text) is not None
    )


def _is_full(text: str, following: str, width: int) -> bool:
    """Whether the first word of the following line had no room at the end of this line."""
    if _WIDE.match(text[-1]) and _WIDE.match(following):
        return len(text) >= max(_NARROWEST_WIDE, min(width, _WIDEST_WRAP) - 4)
    if len(text) < _NARROWEST_WRAP or len(text) > _WIDEST_WRAP:
        return False
    first = following.split(" ", 1)[0]
    return len(text) + 1 + len(first) > min(width, _WIDEST_WRAP) - 2 or _continues(text, following)


def _continues(text: str, following: str) -> bool:
    """Whether a sentence evidently goes on in the following line."""
    return len(text) >= _NARROWEST_WRAP and following[:1].islower() and text[-1:] not in ".!?:;"


def _as_one(part: Sequence[MailLine]) -> MailLine:
    """Return the lines of a paragraph as one line, without the bullet in front of it."""
    first = part[0]
    pieces = [first.text]
    for line, following in pairwise(part):
        is_wide = _WIDE.match(line.text[-1]) and _WIDE.match(following.text)
        pieces.append(following.text if is_wide else f" {following.text}")
    text = "".join(pieces)
    links = tuple(link for line in part for link in line.links)
    bullet = None if first.is_bullet else _BULLET.match(text)
    if bullet:
        return replace(first, text=text[bullet.end() :].strip(), links=links, is_bullet=True)
    return replace(first, text=text, links=links)


def _without_lone_bullets(lines: Sequence[MailLine]) -> list[MailLine]:
    """Return the lines without bullets that have no other bullet next to them.

    A single dash at the start of a line marks direct speech; only two in a row are a list.
    """
    result = []
    for position, line in enumerate(lines):
        near = [*lines[max(position - 1, 0) : position], *lines[position + 1 : position + 2]]
        alone = line.is_bullet and not any(other.is_bullet for other in near)
        result.append(replace(line, is_bullet=False) if alone else line)
    return result
