"""Reads bylines, datelines and notes about the author as they appear around an article's text."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.sources.text.dates import is_date, read_date_line

_NAME: Final = r"[^\W\d_][\w.’'\-]*(?: (?:[^\W\d_][\w.’'\-]*)){0,4}"
_BYLINE: Final = (
    re.compile(
        rf"(?:by|By|BY|Von|VON|Par|PAR|Por|POR|Di|Written by|Story by|Words by|Reported by):? "
        rf"(?P<author>{_NAME}(?:(?:,| and| und| &) {_NAME}){{0,3}})(?P<rest>.*)"
    ),
    re.compile(
        rf"(?:Author|Автор|Авторы|Autor(?:in)?|Auteur|Par|Por|Текст|Reporter|Text)\s?[:：] ?"
        rf"(?P<author>{_NAME}(?:(?:,| and| и| und) {_NAME}){{0,3}})(?P<rest>)"
    ),
    re.compile(
        r"(?:(?:本报|新华社|本网)?记者|作者|文)\s?[:：/|丨 ]\s?"
        r"(?P<author>[\u4e00-\u9fff]{2,4}(?:[、 ][\u4e00-\u9fff]{2,4}){0,3})(?P<rest>)"
    ),
    re.compile(rf"(?:بقلم|كتب|الكاتب)\s?[:：]? ?(?P<author>{_NAME})(?P<rest>)"),
)
_TITLE_CASE_WORD: Final = re.compile(
    r"(?:[A-ZÀ-ÞА-ЯЁ][\w.’'\-]*|van|von|der|de|den|di|da|al|bin|la|le|du|dos|and|und|и|&)"
)
_LONGEST_BYLINE: Final = 140
_LONGEST_DATELINE: Final = 120
_SHORTEST_REST: Final = 30
"""Characters after a dateline. With fewer, the match is not a dateline."""
_WIRES: Final = r"(?:Reuters|AP|AFP|dpa(?:/[\w-]+)?|DPA|dts|TASS|Xinhua|Bloomberg|UPI|ANI|PTI|Kyodo|EFE|ANSA)"
_PLACE: Final = r"[A-ZÀ-ÞА-ЯЁ][\w.'’/-]*(?:[ ,]+[A-ZÀ-ÞА-ЯЁ][\w.'’/-]*){0,4}?"
_WHEN: Final = r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Za-z][a-z]{2,8}))?,? ?"
_DATELINE: Final = (
    re.compile(
        rf"(?=[A-ZÀ-ÞА-ЯЁ.]{{3}}){_PLACE}{_WHEN}\((?P<agency>[A-Z][\w .&'/-]{{1,28}})\)"
        r"\s?(?:\.?[-–—]{1,2}|:)\s?(?=\S)"
    ),
    re.compile(rf"{_PLACE}{_WHEN}\((?P<agency>{_WIRES})\)\s?(?:\.?[-–—]{{1,2}}|:)\s?(?=\S)"),
    re.compile(
        r"[А-ЯЁ][А-ЯЁа-яё -]+[,.] \d{1,2} [а-я]{3,8}\.?\s?(?:[–—-]\s?)?"
        r"(?P<agency>[А-ЯЁ][А-ЯЁа-яё ]{2,24}|[A-Z][\w.]{2,20})(?:\.| [–—-])\s"
    ),
    re.compile(r"[А-ЯЁ][А-ЯЁ -]+, \d{1,2} [а-я]+\s?(?:[.–—-]\s?)?/(?P<agency>[^/\n]{2,30})/\.?\s?(?:[–—-]\s)?"),
    re.compile(
        r"(?P<agency>新华社|中新社|中新网|路透社?|法新社)[\u4e00-\u9fff]{0,8}?\d{1,2}月\d{1,2}日(?:电|讯|電|訊)\s?"
        r"(?:[（(][^）)]{2,30}[）)])?\s?"
    ),
    re.compile(r"[\u0620-\u06ff ]{2,30}\s?\((?P<agency>[\u0620-\u06ff ]{3,25})\)\s?[-–—]\s?"),
)
"""Place, date and agency at the start of a text. After a place in small letters only known agencies count, because
"World Health Organization (WHO) - ..." has the same form."""
_BIOGRAPHY: Final = re.compile(
    r"(?P<name>[A-ZÀ-ÞА-ЯЁ][\w.’'-]+(?: [A-ZÀ-ÞА-ЯЁ][\w.’'-]*){1,3}),? "
    r"(?:(?:is|was) (?:an?|the|our|now|based)|joined|covers|has (?:covered|been|written|reported|worked)|"
    r"reports?|writes?|ist|schreibt|berichtet|est|couvre|es|cubre)\b"
    r"(?:.{0,160}\b(?:reporter|correspondent|journalist|editor|writer|columnist|freelancer?|bureau chief|producer|"
    r"redakteur(?:in)?|korrespondent(?:in)?|reporterin|journaliste|periodista)|"
    r"\b(?= (?:for|about|on|über|sur|sobre)\b))",
)
_CONTRIBUTED: Final = re.compile(
    r"(?:[—–-]\s?)?(?:[A-ZÀ-Þ][\w.’'-]+,? (?:and |in )?){2,12}"
    r"(?:contributed (?:to (?:this|the) (?:report|article|story)|reporting)|"
    r"contributed\.$|reported from [A-Z]).{0,160}"
)
_LONGEST_BIOGRAPHY: Final = 500
"""Characters. Notes about the author below an article are shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The author and the time of publication (UTC) that a line states; None for what it does not state."""

    author: str | None = None
    published_at: datetime | None = None


def read_byline(line: str) -> Byline | None:
    """Return the author, the date or both if the line states nothing else; None for any other line."""
    line = line.strip(" |·•\u00a0")
    if " Follow" in line:
        line = re.sub(r"(?<=\w) Follow\b", "", line)
    if len(line) > _LONGEST_BYLINE:
        return None
    if is_date(line):
        return Byline(published_at=read_date_line(line))
    parts = [part.strip() for part in re.split(r"\s*[|·•]\s*|\s[–—-]\s(?=.*\d{4})", line) if part.strip()]
    author: str | None = None
    published_at: datetime | None = None
    for part in parts:
        if (when := read_date_line(part)) is not None:
            published_at = published_at or when
        elif (name := _author(part)) is not None:
            author = author or name
        elif not re.fullmatch(r"[\w .,’'-]{2,40}", part) or part[0].islower() or not (author or published_at):
            return None
    return Byline(author=author, published_at=published_at) if author or published_at else None


def _author(line: str) -> str | None:
    for pattern in _BYLINE:
        byline = pattern.fullmatch(line)
        if not byline:
            continue
        author, rest = byline["author"].strip(" ,"), byline["rest"].strip()
        if rest and not re.fullmatch(r"(?:[,|/–—-] ?|\(|for |in )[\w .,’'@()/-]{2,60}", rest):
            return None
        words = author.replace(",", " ").split()
        latin = bool(re.match(r"[A-Za-zÀ-ÿА-Яа-яЁё]", author))
        if latin and not all(_TITLE_CASE_WORD.fullmatch(word) for word in words):
            return None
        if latin and (len(words) > 9 or line.endswith(("?", "!"))):
            return None
        return author
    return None


def split_dateline(paragraph: str) -> tuple[str, str | None]:
    """Return the paragraph without its dateline ("MOSCOW, June 5 (Example Wire) - ") and the agency that it names.

    A paragraph without a dateline, or with little text after it, is returned unchanged with None.
    """
    start = paragraph[:_LONGEST_DATELINE]
    for pattern in _DATELINE:
        dateline = pattern.match(start)
        if dateline and len(paragraph) - dateline.end() >= _SHORTEST_REST:
            return paragraph[dateline.end() :], " ".join(dateline["agency"].split())
    return paragraph, None


def is_about_author(text: str, author: str | None) -> bool:
    """Whether the text says who else worked on the article, or is a short biography of its author.

    `author`: as far as known. A biography of somebody else does not count.
    """
    if len(text) > _LONGEST_BIOGRAPHY:
        return False
    if _CONTRIBUTED.fullmatch(text):
        return True
    biography = _BIOGRAPHY.match(text)
    if biography is None:
        return False
    full_name = (author or "").casefold()
    return not full_name or any(word.casefold() in full_name for word in biography["name"].split())
