"""Finds the article that a person asks about: by its id, by any form of its address, or by words of its headline."""

import re
from typing import Final
from urllib.parse import urlsplit

from handlers.commands.call import Call
from handlers.rules.identity import alphanumeric, anchor_of, bounded_key
from handlers.rules.urls import anchored_url, canonical_url, url_key
from handlers.topics.text.tokens import index_words
from storage.records import SHARED, Article
from storage.store import Tx

_MOST: Final = 200
"""Articles with the words that are examined, and the most that are returned."""
_MOST_WORDS: Final = 20
_BARE_ADDRESS: Final = re.compile(r"(?:[^\s/?#.:@]+\.)+[^\W\d_]{2,}\.?(?::\d+)?(?:[/?#]\S*)?")
"""An address without a scheme: "example.com/story"."""


def as_address(asked: str) -> str | None:
    """Return what was typed as a web address, with a scheme; None if it is none, such as words of a headline."""
    if "://" not in asked:
        return f"https://{asked}" if _BARE_ADDRESS.fullmatch(asked) else None
    return asked if canonical_url(asked) is not None and "." in (urlsplit(asked).hostname or "") else None


async def articles_at(tx: Tx, call: Call, address: str) -> tuple[Article, ...]:
    """Return the articles with this address, the newest first. Scheme, "www." and tracking parameters do not matter.

    An article is also found by an address that another source gave to it, and by its id in a feed. For a page of which
    each section is an article, all of them are returned, unless the address names one.
    """
    workspace, key, anchor = call.workspace.id, url_key(address), anchor_of(address)
    names = [bounded_key("guid", address)]
    if key is not None and anchor is not None:
        names.append(bounded_key("anchor", f"{key}#{anchor}"))
    known = await tx.articles.by_keys((SHARED, workspace), names)
    if known is None:
        stored = await tx.articles.by_urls(workspace, _forms(address), limit=_MOST)
        if stored:
            return stored
        known = None if key is None else await tx.articles.by_keys((SHARED, workspace), [bounded_key("url", key)])
        if known is not None and anchor_of(known.url) is not None:
            return await _sections(tx, workspace, known)
    return () if known is None else (known,)


async def _sections(tx: Tx, workspace: int, article: Article) -> tuple[Article, ...]:
    """Return the articles that are sections of the same page, as far as the article's source brought them."""
    key = url_key(article.url or "")
    newest = await tx.articles.of_source(article.source_id, workspace, limit=_MOST)
    return tuple(other for other in newest if other.url and url_key(other.url) == key) or (article,)


def _forms(address: str) -> list[str]:
    """Return the canonical addresses that differ in scheme and "www." only, with the fragment and without it."""
    found = []
    for canonical in dict.fromkeys((anchored_url(address), canonical_url(address))):
        rest = (canonical or "").partition("://")[2].removeprefix("www.")
        found += [f"{scheme}://{www}{rest}" for scheme in ("https", "http") for www in ("", "www.")]
    return found


async def articles_headed(tx: Tx, call: Call, words: str) -> tuple[Article, ...]:
    """Return the articles whose headline has all these words, the newest first; only that one of which it is all."""
    wanted = list(dict.fromkeys(index_words(words, "", "und").split()))[:_MOST_WORDS]
    if not wanted:
        return ()
    ids = await tx.search.candidates([[word] for word in wanted], call.workspace.id, since=None, limit=_MOST)
    found = (await tx.articles.by_ids(ids)).values()
    headed = [article for article in found if set(wanted) <= set(index_words(article.title, "", "und").split())]
    exact = [article for article in headed if alphanumeric(article.title) == alphanumeric(words)]
    return tuple(exact if len(exact) == 1 else headed)


def site_of(url: str) -> str:
    """Return the host without prefixes such as "www."; empty for an invalid address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("feeds.").removeprefix("rss.")
    except ValueError:
        return ""
