"""Whether a document that arrives under the name of a stored article is an edit of it or another article.

Some feeds number their entries from 1 again, give every entry the same guid, or link all of them to one page.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from handlers.rules.identity import LONG_TEXT, alphanumeric
from handlers.rules.urls import url_key
from handlers.stories.headlines import is_close_headline
from handlers.stories.words import date_terms, significant_tokens, text_of

_MIN_OVERLAP: Final = 0.34
"""Share of common words below which two headlines or texts have no more in common than any two."""
_MIN_OVERLAP_OF_LONG_TEXTS: Final = 0.2
_MIN_OVERLAP_OF_EDITS: Final = 0.5
"""Share of common words from which a headline or a text is an edited one, even under a name that says nothing."""
_NEXT_ENTRY: Final = timedelta(hours=1)
"""An entry dated this much later is another one, if its headline and text are mostly new."""
_NEXT_ISSUE: Final = timedelta(hours=12)
"""The same for the next issue of a series, under the headline of the last one."""
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
        return titles < _MIN_OVERLAP and is_new_text
    if not from_feed:
        shortest = min(len(alphanumeric(stored.text)), len(alphanumeric(arrived.text)))
        is_other_text = shortest >= LONG_TEXT and (texts or 0.0) < _MIN_OVERLAP_OF_LONG_TEXTS
        return here is None and titles < _MIN_OVERLAP and is_other_text
    if names_one_article(name, stored.title):
        return titles < _MIN_OVERLAP_OF_LONG_TEXTS and texts is not None and texts < _MIN_OVERLAP_OF_LONG_TEXTS
    return _is_next_entry(stored, arrived, titles=titles, texts=texts)


def _is_next_entry(stored: ArticleContent, arrived: ArticleContent, *, titles: float, texts: float | None) -> bool:
    """Return whether an article under a name that says nothing is another one. Arguments: shares of common words."""
    if texts is not None and texts >= _MIN_OVERLAP_OF_EDITS:
        return False
    later = timedelta(0)
    if stored.published_at is not None and arrived.published_at is not None:
        later = arrived.published_at - stored.published_at
    if titles == 1.0 and is_close_headline(stored.title, arrived.title):
        has_new_text = texts is not None and texts < _MIN_OVERLAP_OF_LONG_TEXTS
        return have_other_dates(stored.title, arrived.title) or (has_new_text and later >= _NEXT_ISSUE)
    if later >= _NEXT_ENTRY or have_other_dates(stored.title, arrived.title):
        return True
    return titles < _MIN_OVERLAP_OF_EDITS


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


def word_overlap(one: str, other: str) -> float | None:
    """Return the share of the significant words of the text with fewer of them that the other text has too.

    None if one of them has no such words.
    """
    ours, theirs = (set(map(text_of, significant_tokens(text[:_COMPARED_CHARS]))) for text in (one, other))
    fewer = min(len(ours), len(theirs))
    return len(ours & theirs) / fewer if fewer else None
