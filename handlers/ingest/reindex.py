"""Index articles again that were stored by an earlier version, in the background: with present words, and packed.

Articles that are not indexed again yet are found by the words that they were stored with.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Final

from handlers.ingest.set_aside import words_with_parts
from handlers.sources.text.language import inflection_language
from handlers.topics.text.tokens import index_words
from storage.indexed_words import WORDS_VERSION
from storage.records import Article
from storage.store import Store, Tx

_BATCH: Final = 25
"""Articles in one transaction."""
_PLACE: Final = "reindex"
"""Name of the stored value that says how far it is."""


async def reindex(store: Store, *, limit: int) -> bool:
    """Index about `limit` articles again, the newest first, and return whether all are done.

    After a restart it continues where it stopped. Raises: StorageError.
    """
    for _ in range(0, limit, _BATCH):
        async with store.read() as tx:
            place = json.loads(await tx.meta.get(_PLACE) or "{}")
            if place.get("version") != WORDS_VERSION:
                place = {"version": WORDS_VERSION, "below": None}
            if place.get("done"):
                return True
            ids = await tx.search.outdated(below=place["below"], limit=_BATCH)
            articles = await tx.articles.by_ids(ids)
        words = await asyncio.to_thread(_words, articles.values())
        async with store.begin() as tx:
            await tx.lock("arrive")  # nobody revises an article meanwhile
            # An article that was revised since it was read has its present words already.
            current = frozenset(await tx.search.outdated(among=ids, limit=_BATCH))
            await _store(tx, {id: articles[id] for id in current if id in articles}, words)
            await tx.meta.set(_PLACE, json.dumps(place | ({"below": min(ids)} if ids else {"done": True})))
        if not ids:
            return True
    return False


async def _store(tx: Tx, articles: Mapping[int, Article], words: Mapping[int, str]) -> None:
    if tx.connection.dialect.name == "sqlite":
        await tx.articles.repack(articles)
    await tx.search.put_many((id, words[id]) for id in articles)
    parts = await tx.set_aside.of_articles(articles)
    await tx.set_aside_search.put_many(words_with_parts(articles, parts))


def _words(articles: Iterable[Article]) -> dict[int, str]:
    return {
        article.id: index_words(
            article.title, article.text, inflection_language(article.language, article.title, article.text)
        )
        for article in articles
    }
