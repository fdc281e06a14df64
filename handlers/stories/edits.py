"""Whether a document that arrives under the name of a stored article is an edit of it or another article.

Some feeds number their entries from 1 again, give every entry the same guid, or link all of them to one page.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from handlers.rules.identity import LONG_TEXT, alphanumeric
from handlers.rules.urls import url_key
from handlers.stories.same_headline import is_close_headline
from handlers.stories.words import date_terms, name_stems, significant_tokens, text_of

_MIN_OVERLAP: Final = 0.34
"""Share of common words below which two headlines or texts have no more in common than any two."""
_MIN_OVERLAP_OF_LONG_TEXTS: Final = 0.2
_MIN_OVERLAP_OF_EDITS: Final = 0.5
"""Share of common words from which a headline or a text is an edited one, even under a name that says nothing."""
_NEXT_ENTRY: Final = timedelta(hours=1)
"""An entry dated this much later is another one, if its headline and text are mostly new."""
_NEXT_ISSUE: Final = timedelta(hours=12)
"""The same for the next issue of a series, under the headline of the last one."""
_SUBSTANTIAL: Final = 100
"""Letters of a text that hardly comes twice. A shorter one may be part of every entry of its kind."""
_COMPARED_CHARS: Final = 4_000
_LONG_NUMBER: Final = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}")
"""A number of at least four digits that is not a year."""
_MIXED: Final = re.compile(r"(?=[a-z-]*\d)(?=\d*[a-z])[0-9a-z]{8,}", re.IGNORECASE)
_SLUG_WORDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """The parts of an article by which an edit is recognized."""

    title: str
    text: str
    url: str | None
    published_at: datetime | None = None
    """In UTC; None if the publisher gave no date."""
    seen_at: datetime | None = None
    """In UTC: when this version arrived."""


def is_different_article(stored: ArticleContent, arrived: ArticleContent, *, name: str, from_feed: bool) -> bool:
    """Return whether two articles with the same name are different articles rather than versions of one.

    `name` is their common guid or address. Publishers change headlines, the addresses made from them, and texts, so
    that a headline or a text that keeps some of its words means an edit. A name that obviously means one article, such
    as an address with the words of its headline, leaves less doubt than "1" or the address of a status page. In doubt,
    the articles are different: a reader rather sees one twice than misses one. `from_feed`: the article arrived in a
    feed. Other senders state a name to replace an article, so theirs counts for more.
    """
    here, there = _address(stored.url), _address(arrived.url)
    has_close_headline = is_close_headline(stored.title, arrived.title)
    titles = 1.0 if has_close_headline else word_overlap(stored.title, arrived.title) or 0.0
    texts = word_overlap(stored.text, arrived.text)
    if here is not None and there is not None and here != there:
        is_new_text = texts < _MIN_OVERLAP if texts is not None else not have_common_number(here, there)
        if is_new_text and (titles < _MIN_OVERLAP or (from_feed and not names_one_article(name, stored.title))):
            return titles < _MIN_OVERLAP_OF_EDITS or _has_other_name(stored.title, arrived.title)
        return False
    if not from_feed:
        shortest = min(len(alphanumeric(stored.text)), len(alphanumeric(arrived.text)))
        is_other_text = shortest >= LONG_TEXT and (texts or 0.0) < _MIN_OVERLAP_OF_LONG_TEXTS
        return here is None and titles < _MIN_OVERLAP and is_other_text
    if names_one_article(name, stored.title):
        return titles < _MIN_OVERLAP_OF_LONG_TEXTS and texts is not None and texts < _MIN_OVERLAP_OF_LONG_TEXTS
    return _is_next_entry(stored, arrived, titles=titles, texts=texts)


def _is_next_entry(stored: ArticleContent, arrived: ArticleContent, *, titles: float, texts: float | None) -> bool:
    """Return whether an article under a name that says nothing is another one. Arguments: shares of common words."""
    if have_other_dates(stored.title, arrived.title):
        return True
    is_short = _shorter_text(stored, arrived) < _SUBSTANTIAL
    keeps_text = texts is not None and texts >= _MIN_OVERLAP_OF_EDITS
    if keeps_text and not is_short:
        return False
    later = _time_between(stored, arrived)
    if is_close_headline(stored.title, arrived.title):
        if later is None or later < _NEXT_ISSUE or date_terms(significant_tokens(stored.title)):
            return False
        if texts is None or alphanumeric(stored.text) == alphanumeric(arrived.text):
            return False
        return is_short or texts < _MIN_OVERLAP_OF_LONG_TEXTS
    are_dated = stored.published_at is not None and arrived.published_at is not None
    if keeps_text and not _has_other_name(stored.title, arrived.title):
        return False
    if are_dated and later is not None and later >= _NEXT_ENTRY:
        return True
    if not are_dated and _has_other_name(stored.title, arrived.title):
        return True
    if texts is None:
        titles = word_overlap(stored.title, arrived.title, of_longer=True) or 0.0
    return not keeps_text and titles < _MIN_OVERLAP_OF_EDITS


def _shorter_text(one: ArticleContent, other: ArticleContent) -> int:
    return min(len(alphanumeric(one.text)), len(alphanumeric(other.text)))


def _time_between(stored: ArticleContent, arrived: ArticleContent) -> timedelta | None:
    """Return how much later the article is dated. A missing date is replaced by the time of arrival, if it is known."""
    here, there = stored.published_at or stored.seen_at, arrived.published_at or arrived.seen_at
    return None if here is None or there is None else there - here


def _has_other_name(one: str, other: str) -> bool:
    """Return whether each headline has a capitalized word, such as a place, that the other one lacks."""
    ours, theirs = name_stems(one), name_stems(other)
    words = [set(map(text_of, significant_tokens(title))) for title in (one, other)]
    return bool(ours - words[1]) and bool(theirs - words[0])


def is_same_under_other_name(stored: ArticleContent, arrived: ArticleContent, *, url: str, is_section: bool) -> bool:
    """Return whether two entries at one address, whose guids or fragments differ, are one article.

    They have the same headline, and texts that do not tell them apart. `is_section`: they are in one feed, and name
    different sections of the page.
    """
    if alphanumeric(stored.title) != alphanumeric(arrived.title):
        return False
    texts = word_overlap(stored.text, arrived.text)
    if texts is None:
        return not is_section
    if alphanumeric(stored.text) == alphanumeric(arrived.text) or (
        not is_section and names_one_article(url, stored.title)
    ):
        return True
    return _shorter_text(stored, arrived) >= _SUBSTANTIAL and texts >= _MIN_OVERLAP_OF_EDITS


def names_one_article(name: str, title: str) -> bool:
    """Return whether the guid or address is obviously made for one article: from its headline, or with a long number.

    `title`: the headline of the article that has the name.
    """
    path = name.partition("://")[2].partition("/")[2] if "://" in name else name
    last = path.rstrip("/").rpartition("/")[2]
    if _LONG_NUMBER.search(last) or _MIXED.search(last):
        return True
    slug = [word for word in re.split(r"[\W_]+", re.sub(r"\.\w{2,5}$", "", last).casefold()) if word.isalpha()]
    return len(slug) >= _SLUG_WORDS and bool(set(slug) & set(re.findall(r"[^\W\d_]{4,}", title.casefold())))


def have_common_number(one: str | None, other: str | None) -> bool:
    """Return whether both addresses end with the same long number: the id of one article under two headlines."""
    ours, theirs = (set(_LONG_NUMBER.findall((url or "").rstrip("/").rpartition("/")[2])) for url in (one, other))
    return bool(ours & theirs)


def have_other_dates(one: str, other: str) -> bool:
    """Return whether each headline has a date or an issue number that the other one lacks."""
    ours, theirs = (date_terms(significant_tokens(title)) for title in (one, other))
    return bool(ours - theirs) and bool(theirs - ours)


def _address(url: str | None) -> str | None:
    return url_key(url) if url else None


def word_overlap(one: str, other: str, *, of_longer: bool = False) -> float | None:
    """Return the share of the significant words of one text that the other text has too.

    It is the share of the text with fewer such words, or with more of them if `of_longer`. None if one text has none.
    """
    ours, theirs = (set(map(text_of, significant_tokens(text[:_COMPARED_CHARS]))) for text in (one, other))
    if not ours or not theirs:
        return None
    return len(ours & theirs) / (max if of_longer else min)(len(ours), len(theirs))
