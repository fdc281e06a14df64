"""Reads lines that only state who wrote an article, when, who published it, or its URL."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.sources.text.boilerplate import is_boilerplate
from handlers.sources.text.bylines import Byline, read_byline

URL_LINE: Final = re.compile(
    r"(?:(?:source|link|url|original|via|quelle|источник|来源|原文(?:链接|地址)?|المصدر)\s?[:：]\s?)?(?P<url>https?://[^\s<>\"]+)",
    re.IGNORECASE,
)
_PUBLISHER: Final = re.compile(
    r"(?:source|quelle|источник|来源|المصدر)\s?[:：]\s?(?P<name>[^\n:：]{2,40})", re.IGNORECASE
)
_NAME: Final = re.compile(r"[A-ZÀ-ÞА-ЯЁ\u4e00-\u9fff][^.!?。]{1,38}")
_PERSON: Final = re.compile(
    r"(?P<name>[A-ZÀ-ÞА-ЯЁ][\w.’'-]+(?: (?:van|von|der|de|den|di|da|al|bin|la|le))?(?: [A-ZÀ-ÞА-ЯЁ][\w.’'-]*){1,2})"
    r"(?:,? (?:in|for|from|en|à|aus|в) [A-ZÀ-ÞА-ЯЁ].{1,30})?"
)
_AND: Final = re.compile(r"\s*,\s*(?:and|und|et|y|e|и)?\s*|\s+(?:and|und|et|y|e|и|&)\s+")
_MEDIUM: Final = re.compile(
    r"\b(?:news|wire|post|times|daily|journal|herald|tribune|gazette|press|media|weekly|magazine|review|report|today|"
    r"online|agency|tv|radio|network|telegraph|standard|observer|globe|sun|star|mirror|express|nachrichten|zeitung|"
    r"blatt|новости|газета|агентство)\b",
    re.IGNORECASE,
)
"""Words that are part of the name of a newspaper, agency or station, not of a person."""


@dataclass(slots=True, kw_only=True)
class Facts:
    """What the lines of a document state about its article. The first statement of each fact counts."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published_at: datetime | None = None
    """UTC."""
    url: str | None = None

    def add_byline(self, byline: Byline) -> None:
        self.author = self.author or byline.author
        self.published_at = self.published_at or byline.published_at

    def read_line(self, text: str, following: str, *, is_copied: bool) -> bool:
        """Record the facts that a line states. Return whether it states nothing else.

        `following`: the next line. `is_copied`: the line is not from the markup of a page, so that a name alone may be
        the author's.
        """
        if (byline := read_byline(text)) is not None:
            self.add_byline(byline)
            return True
        if (address := URL_LINE.fullmatch(text)) is not None:
            self.url = self.url or address["url"]
            return True
        if self.title is not None and (source := publisher_in(text)) is not None:
            self.publisher = self.publisher or source
            return True
        return self.title is not None and self._read_publisher(text, following, is_copied=is_copied)

    def _read_publisher(self, text: str, following: str, *, is_copied: bool) -> bool:
        """Read a short name below the headline that has a date or reading time beside it or on the next line."""
        parts = [part.strip() for part in re.split(r"\s[|·•]\s", text) if part.strip()]
        names = [part for part in parts if not is_boilerplate(part) and read_byline(part) is None]
        has_date = len(names) < len(parts) or URL_LINE.fullmatch(following) or read_byline(following)
        if len(names) != 1 or not has_date or not may_be_name(names[0]):
            return False
        people = match_people(names[0])
        if people and is_copied:
            self.author = self.author or people
        elif _has_small_words(names[0]):
            return False
        else:
            self.publisher = self.publisher or names[0]
        for byline in filter(None, map(read_byline, parts)):
            self.add_byline(byline)
        return True


def match_people(text: str) -> str | None:
    """Return the names in a line of one or several people ("Jane Doe and Jo Roe in Berlin"), without the place."""
    people = [match_person(part) for part in _AND.split(text)]
    return ", ".join(person["name"] for person in people if person) if all(people) else None


def _has_small_words(text: str) -> bool:
    """Whether a word of some length begins with a small letter, as in sentences and subtitles, but not in names."""
    return any(word[0].islower() for word in re.findall(r"[^\W\d_]{4,}", text))


def publisher_in(text: str) -> str | None:
    """Return the name in "Source: Example Wire"; None for any other line, and for a sentence after "Source:"."""
    source = _PUBLISHER.fullmatch(text)
    name = source["name"].strip() if source else ""
    return None if not name or (_has_small_words(name) and " " in name) else name


def may_be_name(text: str) -> bool:
    """Whether the text is short, begins with a capital letter or a Chinese character, and has no full stop."""
    return _NAME.fullmatch(text) is not None


def match_person(text: str) -> re.Match[str] | None:
    """Match a line that is a person's name, group "name", perhaps with a place ("Jane Doe in Berlin")."""
    person = _PERSON.fullmatch(text)
    return person if person and not _MEDIUM.search(text) else None
