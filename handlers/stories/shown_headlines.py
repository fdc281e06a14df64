"""Which headlines of a story say the same, so that readers are shown each different headline once."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from handlers.stories.headlines import read_headline

_MOST_MARKS: Final = 3
_CACHED: Final = 4096
"""Headlines and names of which the parts are cached."""
_LAST_SEPARATOR: Final = re.compile(r"\s+[-–—|·•]\s+(?=[^-–—|·•]+$)|\s*\|\s*(?=[^|]+$)")
"""What separates the name of an outlet at the end of a headline."""
_DOMAIN: Final = re.compile(r"\.(?:com|org|net|info|news|co\.[a-z]{2}|[a-z]{2})$")


class Headline(NamedTuple):
    """The headline of an article, and who published it."""

    article_id: int
    title: str
    publisher: str


def headline_key(title: str, outlets: Iterable[str] = ()) -> str:
    """Return what is compared of a headline: its letters and digits, without update marks and names of outlets.

    An outlet's name is removed from the end only, after a separator: "Floods in Lund - Example Wire".
    """
    return _key(title, _all_names(outlets))


def _key(title: str, names: Collection[str]) -> str:
    text = unicodedata.normalize("NFKC", title).strip()
    for _ in range(_MOST_MARKS):
        marked = _split(text)
        shorter = marked.before if marked.outlet in names else marked.text
        if shorter == text:
            break
        text = shorter
    return _letters(text) or title.strip()


def unshown(headlines: Sequence[Headline], shown: Collection[int]) -> tuple[int, ...]:
    """Return the articles whose headline readers have not seen, each different headline once, in the given order.

    `shown` are the ids of the articles whose headlines they have seen.
    """
    names = _all_names({headline.publisher for headline in headlines})
    keys = {headline.article_id: _key(headline.title, names) for headline in headlines}
    seen = {keys[id] for id in shown if id in keys}
    found = []
    for headline in headlines:
        if keys[headline.article_id] not in seen:
            seen.add(keys[headline.article_id])
            found.append(headline.article_id)
    return tuple(found)


class _Split(NamedTuple):
    text: str
    """The headline without an update mark."""
    before: str
    """What precedes the last separator in it."""
    outlet: str | None
    """The letters of what follows the last separator, perhaps an outlet's name; None if there is no separator."""


@lru_cache(maxsize=_CACHED)
def _split(headline: str) -> _Split:
    """Cached: whenever a story grows, all its headlines are compared again."""
    text = read_headline(headline).text
    separator = _LAST_SEPARATOR.search(text)
    if separator is None or not separator.start():
        return _Split(text, text, None)
    return _Split(text, text[: separator.start()].strip(), _letters(text[separator.end() :]))


def _all_names(outlets: Iterable[str]) -> frozenset[str]:
    return frozenset(name for outlet in outlets for name in _names(outlet))


def _names(outlet: str) -> tuple[str, str]:
    """Return the outlet's name and, if it is a domain such as "wire.example", the name without its ending."""
    plain = unicodedata.normalize("NFKC", outlet).strip().casefold().removeprefix("www.").removeprefix("the ")
    return _letters(plain), _letters(_DOMAIN.sub("", plain))


@lru_cache(maxsize=_CACHED)
def _letters(text: str) -> str:
    return "".join(character for character in text.casefold().removeprefix("the ") if character.isalnum())
