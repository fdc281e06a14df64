"""The words of articles in the full-text index: how both databases store, replace and remove them.

handlers/topics/text/tokens.py makes the words, which are stored exactly: "c++" and words of any script work in both
databases. SQLite has an FTS5 table that splits at spaces only. PostgreSQL has a tsvector that is written word by word,
without its parser. The limits of a tsvector (https://www.postgresql.org/docs/current/textsearch-limits.html) never hide
an article: an article beyond a limit is marked, and a marked article is a candidate whenever the index cannot decide.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer, Table, bindparam, column, delete, select, table, text, update

from storage.database_thread import Connection
from storage.packing import pack, unpack
from storage.rows import Collection, chunks
from storage.sql import upsert
from storage.tables import articles, search_texts, set_aside_texts

WORDS_VERSION = 2
"""The version of the words that handlers/topics/text/tokens.py makes. Raise it when that makes others: articles with
words of an older version are then indexed again in the background (handlers/ingest/reindex.py)."""
MAX_WORD = 200
"""Characters of a word that count, in texts and in queries."""
LAST_POSITION = 16_383
"""The greatest position of a word that a tsvector stores."""
POSITIONS_OF_WORD = 255
"""Number of positions that a tsvector stores for one word."""
VECTOR_BYTES = 700_000
"""Bytes of words and positions that always fit in a tsvector of 1 MB."""
PREFIX_SIGN = "…"
"""Ends a term that is the beginning of a word."""
POSITIONS_INCOMPLETE = " loose"
"""Marks an article with positions that are not in the index. No word begins with a space."""
WORDS_INCOMPLETE = " cut"
"""Marks an article with words that are not in the index."""


@dataclass(frozen=True, slots=True)
class FullText:
    """The words of articles with their index."""

    texts: Table
    index: str
    """Name of the FTS5 table on SQLite. On PostgreSQL the index is the column "vector" of `texts`."""


ARTICLES: Final = FullText(search_texts, "search_index")
"""The words of the articles themselves."""
SET_ASIDE: Final = FullText(set_aside_texts, "search_index_set_aside")
"""The words of articles together with the parts that were set aside. Articles without such parts are not in it."""


def words_of(text: str) -> list[str]:
    """Return the words of the text as both databases store them."""
    words = text.split()
    if "\x00" not in text and (not words or len(max(words, key=len)) <= MAX_WORD):
        return words
    return [word[:MAX_WORD].replace("\x00", "") for word in words if word != "\x00"]


def vector(text: str) -> str:
    """Return the text as a literal of a tsvector, with marks if it does not contain everything."""
    positions: dict[str, list[int]] = {}
    marks: set[str] = set()
    size = 0
    for position, word in enumerate(words_of(text), start=1):
        own = positions.get(word)
        if own is None:
            size += len(word.encode()) + 8
            if size > VECTOR_BYTES:
                marks |= {POSITIONS_INCOMPLETE, WORDS_INCOMPLETE}
                break
            own = positions[word] = []
        if position <= LAST_POSITION and len(own) < POSITIONS_OF_WORD:
            own.append(position)
            size += 2
        else:
            marks.add(POSITIONS_INCOMPLETE)
    lexemes = [f"{lexeme(word)}:{','.join(map(str, at))}" if at else lexeme(word) for word, at in positions.items()]
    return " ".join([*lexemes, *(lexeme(mark) for mark in sorted(marks))])


def lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _unpacked(words: bytes | str | None, like: str) -> str | None:
    """Return the words; None if there are none, or if the article was changed without removing them."""
    try:
        return None if words is None else unpack(words, like=like)
    except zlib.error:
        return None


def _content(title: str, body: str) -> str:
    """Return the text with which the words of an article are packed."""
    return f"{title}\n{body}".casefold()


class IndexedWords(Collection):
    def __init__(self, connection: Connection, full_text: FullText = ARTICLES) -> None:
        super().__init__(connection)
        self._texts, self._index = full_text.texts, full_text.index

    async def put(self, article_id: int, words: str) -> None:
        """Index the article with these words, separated by spaces. New words replace the old ones."""
        await self.put_many([(article_id, words)])

    async def put_many(
        self, texts: Iterable[tuple[int, str]], *, new: Mapping[int, tuple[str, str]] | None = None
    ) -> None:
        """Index articles, given as (article id, words). Each article may occur once. New words replace the old ones.

        `new`: the titles and texts, as stored, of articles that were never indexed, which need not be read then.
        """
        indexed = {article_id: " ".join(words_of(words)) for article_id, words in texts}
        if not indexed:
            return
        is_sqlite = self._connection.dialect.name == "sqlite"
        if not is_sqlite:
            contents = {}
        elif new is None:
            contents = await self._remove_from_index(indexed)
        else:
            contents = {id: _content(title, body) for id, (title, body) in new.items()}
        rows = [
            {
                "article_id": id,
                "words": pack(words, like=contents[id]) if is_sqlite and id in contents else "",
                "version": WORDS_VERSION,
            }
            for id, words in indexed.items()
        ]
        statement = upsert(self._connection, self._texts, keys=("article_id",), changed=("words", "version"))
        await self._connection.execute(statement, rows)
        if is_sqlite:
            await self._connection.execute(
                text(f"INSERT INTO {self._index} (rowid, words) VALUES (:id, :words)"),  # noqa: S608  (a constant name)
                [{"id": id, "words": words} for id, words in indexed.items() if id in contents],
            )
            return
        own = table(self._texts.name, column("article_id", Integer), column("vector"))
        await self._connection.execute(
            update(own).where(own.c.article_id == bindparam("id")).values(vector=text("CAST(:literal AS tsvector)")),
            [{"literal": vector(words), "id": id} for id, words in indexed.items()],
        )

    async def remove(self, article_ids: Iterable[int]) -> None:
        """Remove articles from the index. Call it before the text of an article changes, or the article is deleted."""
        for part in chunks(article_ids):
            if self._connection.dialect.name == "sqlite":
                await self._remove_from_index(part)
            await self._count(delete(self._texts).where(self._texts.c.article_id.in_(part)))

    async def outdated(
        self, *, below: int | None = None, among: Iterable[int] | None = None, limit: int
    ) -> tuple[int, ...]:
        """Return the ids of articles whose words are of an older version, newest first.

        `below` and `among` limit this to smaller ids, and to some articles.
        """
        statement = select(self._texts.c.article_id).where(self._texts.c.version < WORDS_VERSION)
        if below is not None:
            statement = statement.where(self._texts.c.article_id < below)
        if among is not None:
            statement = statement.where(self._texts.c.article_id.in_(list(among)))
        rows = await self._all(statement.order_by(self._texts.c.article_id.desc()).limit(limit))
        return tuple(row.article_id for row in rows)

    async def words(self, article_ids: Iterable[int]) -> dict[int, str]:
        """Return the indexed words of these articles, on SQLite only."""
        return {id: words for id, (_, words) in (await self._stored(article_ids)).items() if words is not None}

    async def _remove_from_index(self, article_ids: Iterable[int]) -> dict[int, str]:
        """Remove the stored words of these articles from the index of SQLite.

        Returns the content of each article that exists, with which its words are packed.
        """
        stored = await self._stored(article_ids)
        removed = [{"id": id, "words": words} for id, (_, words) in stored.items() if words is not None]
        if removed:
            name = self._index
            statement = f"INSERT INTO {name} ({name}, rowid, words) VALUES ('delete', :id, :words)"  # noqa: S608
            await self._connection.execute(text(statement), removed)
        return {id: content for id, (content, _) in stored.items()}

    async def _stored(self, article_ids: Iterable[int]) -> dict[int, tuple[str, str | None]]:
        """Return (content, indexed words) of the articles that exist. The words are None if there are none."""
        found: dict[int, tuple[str, str | None]] = {}
        for part in chunks(article_ids):
            statement = (
                select(articles.c.id, articles.c.title, articles.c.text, self._texts.c.words)
                .join(self._texts, self._texts.c.article_id == articles.c.id, isouter=True)
                .where(articles.c.id.in_(part))
            )
            for row in await self._all(statement):
                like = _content(row.title, row.text)
                found[row.id] = (like, _unpacked(row.words, like))
        return found
