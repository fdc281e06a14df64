"""Reads the author and the date that a page shows, for pages whose head does not state them."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.text.bylines import read_byline
from handlers.sources.text.date_lines import find_date_in_line
from handlers.sources.text.dates import match_date, read_date, rest_after_date
from handlers.sources.text.encoding import one_line
from handlers.sources.text.html_text import is_unseen
from handlers.sources.text.html_tree import Element, walk
from handlers.sources.text.language import writes_day_first
from handlers.sources.text.line_kinds import is_prose

_HEADINGS: Final = frozenset({"h1", "h2", "h3"})
_OTHER_PARTS: Final = frozenset({"nav", "aside", "form"})
_SKIPPED: Final = _OTHER_PARTS | {"footer", "script", "style", "noscript", "template", "svg", "head"}
_OUTSIDE: Final = re.compile(r"comment|kommentar|sidebar|widget|related|teaser|recommend|newsletter|copyright|footer")
"""Classes and ids of elements that show other articles, or what readers write."""
_AUTHOR_CLASS: Final = re.compile(
    r"(?:[\w-]+[-_])?(?:authors?|byline|autor(?:en|in)?|auteur|redakteur(?:in)?|writer)(?:[-_]?names?)?|vcard|p-author"
)
_DATE_CLASS: Final = re.compile(
    r"(?:[\w-]+[-_])?(?:date|datum|fecha|timestamp|published|pubdate|posted-on)(?:[-_]\w+)?"
)
_CHANGE: Final = re.compile(r"updated?|modified|geändert|aktualisiert|mis à jour|actualizado|обновлен", re.IGNORECASE)
_LONGEST: Final = 160
"""Characters of a line with an author or a date."""
_MOST_CHILDREN: Final = 12
_AFTER: Final = 2500
"""Characters of text after the headline in which author and date are searched."""
_BEFORE: Final = 300
"""Characters of text before the headline in which the date is searched."""
_LONGEST_NAME: Final = 60
_LONGEST_REST: Final = 60
"""Characters that may follow the date that a line begins with."""
_MOST_EXTRA: Final = 30
"""Letters of a heading that do not belong to the headline, such as those of a date."""
_AUTHOR_LABEL: Final = re.compile(
    r"(?:(?:\w+ )?(?:beitrag|artikel|article|post(?:ed)?|story|words|text|written|geschrieben|erstellt|gespeichert|"
    r"eingestellt|submitted|veröffentlicht|publié|escrito)\s+)?(?:by|von|par|por|di|door|av|af|от)\b\s*[:：]?\s*|"
    r"(?:authors?|autor(?:in|en)?|auteurs?|autore|автор)\s*[:：]?\s+",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(
    r"\s+(?:am|on|in|le|el|um|at|il)\s.*|\s*(?:[|•·/]|\s[-–—](?:\s|$)|@\s|,?\s*\d).*", re.DOTALL
)
_NAME: Final = re.compile(r"[^\W\d_][\w.’'-]*(?:(?:,? (?:and|und|et|y|e|и|&) |, ?| )[\w.’'-]+){0,7}")
_AGENCY: Final = re.compile(
    r"(?:,\s*|\s+[-–—]\s+)(?:(?:the )?associated press|reuters|afp|ap|dpa|bloomberg|"
    r"[\w ]*(?:staff|writer|editor|reporter)[\w ]*)$",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(
    r"(?:first |last )?(?:published|posted|created|updated|submitted|written|erstellt|veröffentlicht|gespeichert|"
    r"eingestellt|publié|mis en ligne|publicado|pubblicato|опубликовано|datum|stand|date)\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\d{4}|[\u0660-\u0669\u06f0-\u06f9]{4}|[年년]")
"""What every date near a headline contains. Most lines do not, and need not be compared with the forms of dates."""
_DASH: Final = re.compile(r"\s[-–—]\s")
_SIGNS: Final = re.compile(r"[/._]")
_URL_DAY: Final = re.compile(
    r"(?<!\d)(?:(?:(?:19|20)\d\d(?P<sign>[-/._])(?:\d\d?|[a-z]{3,9})(?P=sign)\d\d?)"
    r"|(?:\d\d?(?P<other>[-/._])(?:\d\d?|[a-z]{3,9})(?P=other)(?:19|20)\d\d))(?!\d)"
)
_NO_NAME: Final = re.compile(
    r"(?:posted|published|written|name|human|admin(?:istrator)?|authors?|by|von|share)\b.{0,4}", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageByline:
    """The author and the dates (UTC) that a page shows near its headline; None for what it does not show."""

    author: str | None = None
    marked_date: datetime | None = None
    """The first date that the markup shows to be one."""
    other_date: datetime | None = None
    """The first of the other dates."""
    is_only_date: bool = False
    """Whether no other day than that of `marked_date` is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ShortText:
    """A short text of the page. `offset`: characters of text before it."""

    text: str
    offset: int
    stated: str | None = None
    """The date in its markup."""
    is_date: bool = False
    """Whether its markup shows that it is a date."""
    is_author: bool = False

    def date(self, *, day_first: bool) -> datetime | None:
        """Return the instant of the date that the line states, in UTC; None if it states none of publication."""
        if self.stated and (date := read_date(self.stated, day_first=day_first)) is not None:
            return date
        if not _YEAR.search(self.text):
            return None
        rest = None if self.is_date else rest_after_date(self.text)
        is_dated = self.is_date or _PUBLISHED.match(self.text) or _AUTHOR_LABEL.match(self.text) or self.is_author
        if is_dated or (rest is not None and (len(rest) <= _LONGEST_REST or _is_dated_paragraph(self.text))):
            return find_date_in_line(self.text, day_first=day_first)
        return None


def read_page_byline(tree: Element, *, title: str | None, language: str | None) -> PageByline:
    """Return the author and the dates that the page shows near its headline, or anywhere if no date is near.

    `language`: the code or tag that the page states, to read dates with slashes.
    """
    headings = _headings(tree, letters_of(title or ""))
    lines, offsets = _lines(tree, headings)
    near = [line for start in offsets for line in lines if 0 <= line.offset - start <= _AFTER]
    above = [line for start in offsets for line in reversed(lines) if 0 < start - line.offset <= _BEFORE]
    day_first = writes_day_first(language)
    dated = _dates([*near, *above], day_first) or _only_date(_dates(lines, day_first), are_near=not offsets)
    marked = [(line, date) for line, date in dated if line.is_date or line.stated]
    other = [(line, date) for line, date in dated if not (line.is_date or line.stated)]
    return PageByline(
        author=_author(lines, near),
        marked_date=_first_publication(marked),
        other_date=_first_publication(other),
        is_only_date=len(marked) > 0 and len({date.date() for _, date in dated}) == 1,
    )


def date_in_url(url: str) -> datetime | None:
    """Return the day in the path of an article's URL, as in "/2026/nov/20/" or "/20-11-2026"; None if there is none."""
    found = _URL_DAY.search(urlsplit(url).path.lower()) if is_web_url(url) else None
    return read_date(_SIGNS.sub("-", found[0]), day_first=True) if found else None


def without_other_parts(tree: Element, *, title: str | None) -> Element:
    """Return a copy of the page without menus, comments and links to other articles. Footers may state its date."""
    copy = deepcopy(tree)
    inside = _parents(_headings(copy, letters_of(title or "")))
    for element in list(copy.iter()):
        if element not in inside and (
            element.tag in _OTHER_PARTS or (_is_outside(element) and not _is_footer(element))
        ):
            element.drop_tree()
    return copy


def name_in_byline(text: str, *, is_marked: bool = True) -> str | None:
    """Return the name in a byline. `is_marked`: the markup shows that it is an author, so that it needs no label."""
    label = _AUTHOR_LABEL.match(text)
    if label is None and not is_marked:
        byline = read_byline(text)
        return byline.author if byline else None
    name = _AGENCY.sub("", _AFTER_NAME.sub("", text[label.end() :] if label else text)).strip(" ,;:-–—")
    is_name = 2 <= len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None and not _NO_NAME.fullmatch(name)
    return name if is_name and (is_marked or name[0].isupper()) else None


def _dates(lines: Sequence[_ShortText], day_first: bool) -> list[tuple[_ShortText, datetime]]:
    dates = ((line, line.date(day_first=day_first)) for line in lines)
    return [(line, date) for line, date in dates if date is not None]


def _only_date(dated: list[tuple[_ShortText, datetime]], *, are_near: bool) -> list[tuple[_ShortText, datetime]]:
    """Return the dates if they count: all near the headline, or of a single day far from it."""
    return dated if are_near or len({date.date() for _, date in dated}) == 1 else []


def _first_publication(dated: Sequence[tuple[_ShortText, datetime]]) -> datetime | None:
    """Return the first date of publication, else the first date of a change."""
    published = (date for line, date in dated if not _CHANGE.search(line.text))
    return next(published, dated[0][1] if dated else None)


def _author(lines: Sequence[_ShortText], near: Sequence[_ShortText]) -> str | None:
    """Return the name in the first line whose markup shows an author, else in the first byline near the headline."""
    for line in (*near, *lines):
        if line.is_author and (name := name_in_byline(line.text)):
            return name
    return next((name for line in near if (name := name_in_byline(line.text, is_marked=False))), None)


def _headings(tree: Element, title: str) -> list[Element]:
    """Return the heading with the page's title, else all of the first level."""
    headings = [element for element in tree.iter(*_HEADINGS) if not is_unseen(element)]
    for element in headings:
        letters = letters_of("".join(element.itertext()))
        if title and title in letters and len(letters) <= len(title) + _MOST_EXTRA:
            return [element]
    return [element for element in headings if element.tag == "h1"]


def _lines(tree: Element, headings: Sequence[Element]) -> tuple[list[_ShortText], list[int]]:
    """Return the short texts of the page in document order, and the offset of each heading."""
    lines: list[_ShortText] = []
    offsets: list[int] = []
    offset = 0
    inside = _parents(headings)
    skipped: Element | None = None
    for event, element in walk(tree):
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                offset += len((element.tail or "").strip())
            continue
        if event == "end":
            offset += len((element.tail or "").strip())
            continue
        if element not in inside and (str(element.tag) in _SKIPPED or is_unseen(element) or _is_outside(element)):
            skipped = element
            continue
        if element in headings:
            offsets.append(offset)
        if (line := _line(element, offset)) is not None:
            lines.append(line)
        offset += len((element.text or "").strip())
    return lines, offsets


def _parents(headings: Sequence[Element]) -> set[Element]:
    return {parent for heading in headings for parent in heading.iterancestors()}


def _is_outside(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return element.tag not in ("body", "html") and bool(names.strip()) and _OUTSIDE.search(names) is not None


def _is_footer(element: Element) -> bool:
    return "footer" in f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _line(element: Element, offset: int) -> _ShortText | None:
    if len(element) > _MOST_CHILDREN:
        return None
    text = one_line(" ".join(_texts(element)))
    if is_prose(text):
        text = text[:_LONGEST]
        return _ShortText(text=text, offset=offset) if _is_dated_paragraph(text) else None
    if not text or len(text) > _LONGEST:
        return None
    names = (element.get("class") or "").lower().split()
    marks = f"{element.get('itemprop') or ''} {element.get('rel') or ''}".lower().split()
    stated = element.get("datetime") or element.get("title") if element.tag in ("time", "abbr") else None
    return _ShortText(
        text=text,
        offset=offset,
        stated=stated,
        is_date=element.tag == "time" or any(_DATE_CLASS.fullmatch(name) for name in names),
        is_author="author" in marks or any(_AUTHOR_CLASS.fullmatch(name) for name in names),
    )


def _is_dated_paragraph(text: str) -> bool:
    """Whether the text begins with a date and a dash, as "27.1.2022 - The minister said"."""
    dash = _DASH.search(text)
    return dash is not None and match_date(text[: dash.start()]) is not None


def _texts(element: Element) -> Iterator[str]:
    """Yield the texts in an element up to the length of a line."""
    size = 0
    for text in element.itertext():
        yield text
        size += len(text.strip())
        if size > _LONGEST * 2:
            return
