"""Whether a document that arrives under the guid of a stored article is an edit of it or another article.

Some feeds number their entries from 1 again or give every entry the same guid.
"""

from dataclasses import dataclass
from typing import Final

from handlers.rules.identity import LONG_TEXT, alphanumeric
from handlers.rules.urls import url_key
from handlers.stories.words import significant_tokens

_MIN_OVERLAP: Final = 0.34
_MIN_OVERLAP_OF_LONG_TEXTS: Final = 0.2
"""Share of common words below which two texts have no more in common than any two texts."""
_COMPARED_CHARS: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """The parts of an article by which an edit is recognized."""

    title: str
    text: str
    url: str | None


def is_different_article(stored: ArticleContent, arrived: ArticleContent) -> bool:
    """Return whether two articles with the same guid are different articles rather than versions of one.

    The same address means the same article, and so does a headline or a text that keeps some of its words: publishers
    change headlines, the addresses made from them, and texts. Where an address is missing, only texts of at least
    `LONG_TEXT` letters are different articles, as short ones are too little evidence.
    """
    here, there = _address(stored.url), _address(arrived.url)
    if here is not None and here == there:
        return False
    has_other_title = _overlap(stored.title, arrived.title) < _MIN_OVERLAP
    if here is not None and there is not None:
        return has_other_title and _overlap(stored.text, arrived.text) < _MIN_OVERLAP
    shortest = min(len(alphanumeric(stored.text)), len(alphanumeric(arrived.text)))
    is_long = shortest >= LONG_TEXT
    return is_long and has_other_title and _overlap(stored.text, arrived.text) < _MIN_OVERLAP_OF_LONG_TEXTS


def _address(url: str | None) -> str | None:
    return url_key(url) if url else None


def _overlap(one: str, other: str) -> float:
    """Return the share of the significant words of the text with fewer of them that the other text has too."""
    ours, theirs = ({token.text for token in significant_tokens(text[:_COMPARED_CHARS])} for text in (one, other))
    fewer = min(len(ours), len(theirs))
    return len(ours & theirs) / fewer if fewer else 1.0
