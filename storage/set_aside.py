"""Parts of documents that are kept apart from the text of their article: quoted letters, signatures, footers."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select

from storage.answer_versions import VersionedCollection
from storage.indexed_words import SET_ASIDE, IndexedWords
from storage.records import SetAside
from storage.rows import chunks
from storage.sql import insert_or_ignore
from storage.tables import set_aside

_OF_ARTICLES = (
    select(set_aside.c.article_id, set_aside.c.rule, set_aside.c.text)
    .where(set_aside.c.article_id.in_(bindparam("ids", expanding=True)))
    .order_by(set_aside.c.id)
)


class SetAsideParts(VersionedCollection):
    async def add_many(self, of_articles: Iterable[tuple[int, Iterable[SetAside]]]) -> frozenset[int]:
        """Add parts, given with the ids of their articles. An article keeps each part once.

        Returns the ids of the articles that have a new part.
        """
        rows = [
            {"article_id": article_id, "digest": _digest(part), "rule": part.rule, "text": part.text}
            for article_id, parts in of_articles
            for part in parts
        ]
        if not rows:
            return frozenset()
        statement = insert_or_ignore(self._connection, set_aside, set_aside.c.article_id)
        inserted = frozenset((await self._connection.execute(statement, rows)).scalars())
        self._versions.articles_changed(inserted)
        return inserted

    async def of_articles(self, ids: Iterable[int]) -> dict[int, tuple[SetAside, ...]]:
        """Return the parts of those articles that have any, in the order of the document."""
        found: dict[int, tuple[SetAside, ...]] = {}
        for part in chunks(dict.fromkeys(ids)):
            for row in await self._all(_OF_ARTICLES, {"ids": part}):
                found[row.article_id] = (*found.get(row.article_id, ()), SetAside(row.rule, row.text))
        return found

    async def remove_article(self, article_id: int) -> None:
        """Remove all parts of the article, and the words by which they are found."""
        self._versions.articles_changed([article_id])
        await IndexedWords(self._connection, SET_ASIDE).remove([article_id])
        await self._count(delete(set_aside).where(set_aside.c.article_id == article_id))


def _digest(part: SetAside) -> str:
    content = f"{part.rule}\0{part.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()
