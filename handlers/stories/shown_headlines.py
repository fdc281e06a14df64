"""Which headlines of a story say the same, so that readers are shown each different headline once."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from handlers.stories.headlines import read_headline

_MOST_MARKS: Final = 3
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
        shorter = _without_outlet(read_headline(text).text, names)
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


def _without_outlet(text: str, names: Collection[str]) -> str:
    separator = _LAST_SEPARATOR.search(text)
    if separator is not None and separator.start() and _letters(text[separator.end() :]) in names:
        return text[: separator.start()].strip()
    return text


def _all_names(outlets: Iterable[str]) -> frozenset[str]:
    return frozenset(name for outlet in outlets for name in _names(outlet))


def _names(outlet: str) -> tuple[str, str]:
    """Return the outlet's name and, if it is a domain such as "wire.example", the name without its ending."""
    plain = unicodedata.normalize("NFKC", outlet).strip().casefold().removeprefix("www.").removeprefix("the ")
    return _letters(plain), _letters(_DOMAIN.sub("", plain))


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold().removeprefix("the ") if character.isalnum())
