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
_QUOTED_ADDRESS: Final = re.compile(r"https?://[^\s<>\[\]|\"“”„«»]+", re.IGNORECASE)
_SITE_NAME: Final = re.compile(r"\s[|·•–—-]\s")
_AROUND: Final = " \t<>()[]{}\"'`“”„«»‘’"
_AFTER: Final = ".,;:!?)]}>\"'”»’"
_BARE_ADDRESS: Final = re.compile(r"(?:[^\s/?#.:@]+\.)+[^\W\d_]{2,}\.?(?::\d+)?(?:[/?#]\S*)?")
"""An address without a scheme: "example.com/story"."""


def as_address(asked: str) -> str | None:
    """Return what was typed as a web address, with a scheme; None if it is none, such as words of a headline.

    An address in brackets, in quotation marks or at the end of a sentence is found, too.
    """
    quoted = _QUOTED_ADDRESS.search(asked)
    for address in (asked, quoted[0] if quoted else "", asked.strip(_AROUND).rstrip(_AFTER)):
        address = f"https:{address}" if address.startswith("//") else address
        if "://" not in address and _BARE_ADDRESS.fullmatch(address):
            return f"https://{address}"
        if "://" in address and canonical_url(address) is not None and "." in (urlsplit(address).hostname or ""):
            return address
    return None


async def articles_at(tx: Tx, call: Call, address: str) -> tuple[Article, ...]:
    """Return the articles with this address, the newest first. Scheme, "www." and tracking parameters do not matter.

    If there is none, punctuation at the end and then the whole query are left out, as they may not belong to it. An
    article is also found by an address that another source gave to it, and by its id in a feed. For a page of which
    each section is an article, all of them are returned, unless the address names one.
    """
    shorter = address.rstrip(_AFTER)
    forms = [address, shorter]
    if url_key(without_query := shorter.partition("#")[0].partition("?")[0]) is not None:
        forms.append(without_query)  # it is more than the front page of a site
    for form in dict.fromkeys(forms):
        if found := await _articles_at(tx, call.workspace.id, form):
            return found
    return ()


async def _articles_at(tx: Tx, workspace: int, address: str) -> tuple[Article, ...]:
    key, anchor = url_key(address), anchor_of(address)
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
    """Return the articles whose headline has all these words, the newest first; only that one of which it is all.

    The name of a site after the headline, as browsers show it, does not matter.
    """
    found = await _articles_headed(tx, call, words)
    marks = list(_SITE_NAME.finditer(words))
    return found or (await _articles_headed(tx, call, words[: marks[-1].start()]) if marks else ())


async def _articles_headed(tx: Tx, call: Call, words: str) -> tuple[Article, ...]:
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
