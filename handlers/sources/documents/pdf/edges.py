"""Takes heads, feet and page numbers off the pages of a PDF, by their place and repetition and never by their words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.pdf.page import Page, PageLine
from handlers.sources.text.date_lines import read_date_line

_ROWS: Final = 3
"""Rows at the top and at the bottom of a page that may be its head or foot."""
_SAME_ROW: Final = 3.0
_SAME_PLACE: Final = 6.0
"""Points between lines of one row, and between the places of one head on several pages."""
_DISTANCE: Final = 1.6
"""Distance of a head from the text, by the size of the font: more than lines of one paragraph have."""
_OTHER_SIZE: Final = 0.06
_OFTEN: Final = 0.4
"""Share of the pages that have the same head. Even and odd pages may have two."""
_NUMBER: Final = re.compile(
    r"\W*(?:(?:page|seite|p\.|s\.|стр(?:аница|\.)?|página|pagina|pág\.|sida|side|strona|strana|oldal|σελίδα|صفحة|עמוד|पृष्ठ|第)\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|von|de|из|sur|di|van|av|af|z|من|מתוך|共)\s*\d{1,4})?\s*(?:页|頁|ページ|쪽)?\W*",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(r"(?:page\s+)?\d{1,4}\s*(?:/|of)\s*\d{1,4}", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?://|file://|about:|data:)\S+")
_PRINTED_AT: Final = re.compile(
    r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4},?\s+(?:um |à |at )?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[AaPp]\.?[Mm]\.?)?"
)
_LONE_GAP: Final = 2.5
"""Distance of a page's only number from its text, by the size of the font, on a document of one page."""


@dataclass(slots=True)
class Edges:
    """The pages without heads and feet."""

    pages: list[Page]
    removed: dict[str, str] = field(default_factory=dict)
    """Each line that was taken off, with the reason."""
    url: str | None = None
    printed_at: datetime | None = None
    """What a browser has printed above or below the page. UTC."""


@dataclass(slots=True, eq=False)
class _Row:
    page: int
    position: int
    """From 0 at the top of the page, or from -1 at its bottom."""
    lines: list[PageLine]
    gap: float
    """To the next row of the page, by the size of the font."""
    is_other_size: bool
    """Whether its letters are of another size than those of the next row."""
    key: str = ""
    is_lone: bool = True
    """Whether the page has no other row."""

    @property
    def y(self) -> float:
        return self.lines[0].y

    @property
    def text(self) -> str:
        return "  ".join(line.text for line in self.lines)


def without_edges(pages: Sequence[Page], *, title: str) -> Edges:
    """Return the pages without heads, feet and page numbers. `title`: the document's, which browsers print."""
    rows = [row for page in pages for row in _edge_rows(page)]
    edges = Edges(pages=[])
    dropped: set[int] = set()
    for row in rows:
        reason = _browser_reason(row, title, edges)
        if reason:
            dropped |= _drop(row, reason, edges)
    for row in _repeated(rows, len(pages)):
        dropped |= _drop(row, "head or foot of the page", edges)
    for row in _numbers(rows, len(pages)):
        dropped |= _drop(row, "page number", edges)
    for page in pages:
        edges.pages.append(
            Page(
                number=page.number,
                width=page.width,
                height=page.height,
                lines=[line for line in page.lines if id(line) not in dropped],
                hidden=page.hidden,
                is_plausible=page.is_plausible,
            )
        )
    return edges


def _drop(row: _Row, reason: str, edges: Edges) -> set[int]:
    for line in row.lines:
        edges.removed.setdefault(line.text, reason)
    return {id(line) for line in row.lines}


def _edge_rows(page: Page) -> Iterable[_Row]:
    groups: list[list[PageLine]] = []
    for line in sorted(page.lines, key=lambda line: (-line.y, line.left)):
        if line.turn != page.lines[0].turn:
            continue
        if groups and abs(groups[-1][0].y - line.y) <= _SAME_ROW:
            groups[-1].append(line)
        else:
            groups.append([line])
    most = min(_ROWS, len(groups))
    for position in range(most):
        yield _row(page, groups, position, position, position + 1)
    for position in range(1, most + 1):
        yield _row(page, groups, -position, len(groups) - position, len(groups) - position - 1)


def _row(page: Page, groups: Sequence[list[PageLine]], position: int, number: int, neighbour: int) -> _Row:
    lines = groups[number]
    row = _Row(page=page.number, position=position, lines=lines, gap=_LONE_GAP, is_other_size=True)
    row.key = _masked(row.text)
    row.is_lone = not 0 <= neighbour < len(groups)
    if not row.is_lone:
        other = groups[neighbour][0]
        size = max(other.size, lines[0].size)
        row.gap = abs(other.y - lines[0].y) / size
        row.is_other_size = abs(other.size - lines[0].size) > _OTHER_SIZE * size
    return row


def _masked(text: str) -> str:
    """Return the text with every number replaced, so that heads with page numbers are equal."""
    return re.sub(r"\d+", "0", text).strip().casefold()


def _browser_reason(row: _Row, title: str, edges: Edges) -> str | None:
    """Return the reason for dropping a row that a browser prints; None for any other row. Records what it says."""
    if row.position not in (0, -1):
        return None
    parts = [part for line in row.lines for part in re.split(r"\s{2,}", line.text) if part]
    pieces: list[str] = []
    for part in parts:
        rest = part
        for pattern in (_ADDRESS, _PRINTED_AT, _COUNT):
            found = pattern.search(rest)
            if found and (pattern is not _COUNT or found[0] == rest.strip()):
                pieces.append(found[0])
                rest = f"{rest[: found.start()]} {rest[found.end() :]}"
        if rest.strip() and not _is_title(rest, title):
            return None
    if not pieces or all(_COUNT.fullmatch(piece) for piece in pieces):
        return None
    if len(pieces) == 1 and len(parts) == 1 and _ADDRESS.fullmatch(pieces[0]) and row.gap < _DISTANCE:
        return None  # the last line of the text may be an address
    for piece in pieces:
        if is_web_url(piece) and "…" not in piece and "..." not in piece:
            edges.url = edges.url or piece
        elif _PRINTED_AT.fullmatch(piece):
            edges.printed_at = edges.printed_at or read_date_line(piece)
    return "printed by the browser"


def _is_title(text: str, title: str) -> bool:
    """Whether the text is the title, perhaps cut with an ellipsis."""
    own, other = letters_of(text), letters_of(title)
    return bool(own) and (own == other or (len(own) >= 8 and other.startswith(own)))


def _repeated(rows: Sequence[_Row], page_count: int) -> Iterable[_Row]:
    """Yield rows that several pages have in the same place, apart from the text."""
    if page_count < 2:
        return
    groups: defaultdict[tuple[str, bool], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row.key, row.position >= 0].append(row)
    often = max(2, round(page_count * _OFTEN))
    found: set[tuple[int, bool, int]] = set()
    for group in sorted(groups.values(), key=lambda group: min(abs(row.position) for row in group)):
        place = Counter(round(row.y / _SAME_PLACE) for row in group).most_common(1)[0][0] * _SAME_PLACE
        same = [row for row in group if abs(row.y - place) <= _SAME_PLACE * 1.5]
        if len({row.page for row in same}) < often:
            continue
        apart = sum(not row.is_lone and (row.gap >= _DISTANCE or row.is_other_size) for row in same)
        is_at_edge = all(row.position in (0, -1) or _is_next(row, found) for row in same)
        if apart * 2 > len(same) and is_at_edge:
            found |= {(row.page, row.position >= 0, row.position) for row in same}
            yield from same


def _is_next(row: _Row, found: set[tuple[int, bool, int]]) -> bool:
    """Whether the row between this one and the edge of the page is a head or foot too."""
    step = -1 if row.position > 0 else 1
    return (row.page, row.position >= 0, row.position + step) in found


def _numbers(rows: Sequence[_Row], page_count: int) -> Iterable[_Row]:
    """Yield rows at the edge of pages that are only the number of the page."""
    for position in (0, -1):
        edge = [row for row in rows if row.position == position and _NUMBER.fullmatch(row.text.strip())]
        apart = [row for row in edge if row.gap >= _DISTANCE or row.is_other_size]
        if page_count == 1:
            yield from (row for row in apart if row.gap >= _LONE_GAP)
            continue
        offsets = Counter(
            int(number[0]) - row.page for row in apart if (number := re.search(r"\d+", row.text)) is not None
        )
        offset = offsets.most_common(1)[0][0] if offsets else 0
        for row in apart:
            number = re.search(r"\d+", row.text)
            if number is None or int(number[0]) - row.page == offset:
                yield row
