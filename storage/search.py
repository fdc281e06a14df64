"""The full-text index over the words of each article: which articles could satisfy a query, before it is evaluated.

Words are made by handlers/topics/text.py and kept exactly: "c++" and words of any script survive on both databases.
SQLite: an FTS5 table, split at spaces alone. PostgreSQL: a tsvector written word by word, without its parser. Its
limits (https://www.postgresql.org/docs/current/textsearch-limits.html) never hide an article: one that is past them
is marked, and a marked article is a candidate where the index alone cannot tell.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, column, func, literal_column, select, table, text

from storage.rows import Collection, visible, within
from storage.sql import upsert_many
from storage.tables import articles, search_texts

LONGEST_WORD = 200
"""Characters of a word that count, in texts and in queries alike."""
POSITIONS = 16_383
"""The last position that a tsvector tells from those after it."""
PLACES = 255
"""Positions that a tsvector keeps of one word."""
VECTOR_BYTES = 700_000
"""Bytes of words and positions that surely fit in a tsvector of 1 MB."""
BEGINNING = "…"
"""Ends a term that is the beginning of a word."""
LOOSE = " loose"
"""Marks an article whose positions are incomplete. No word begins with a space."""
CUT = " cut"
"""Marks an article with words that are not in the index."""

_INDEX = table("search_index", column("rowid", Integer))


def words_of(text: str) -> list[str]:
    """The words as both databases keep them."""
    words = text.split()
    if "\x00" not in text and (not words or len(max(words, key=len)) <= LONGEST_WORD):
        return words
    return [word[:LONGEST_WORD].replace("\x00", "") for word in words if word != "\x00"]


def match_expression(groups: Sequence[Sequence[str]]) -> str:
    """FTS5: one term at least of every group; a term of several words is a phrase, one with "…" a beginning."""
    return " AND ".join("(" + " OR ".join(_quoted(term) for term in group) + ")" for group in groups)


def _quoted(term: str) -> str:
    begins = "*" if term.endswith(BEGINNING) else ""
    return '"' + " ".join(words_of(term.removesuffix(BEGINNING))).replace('"', '""') + '"' + begins


def vector(text: str) -> str:
    """PostgreSQL: the text as a tsvector literal, marked where it does not hold everything."""
    places: dict[str, list[int]] = {}
    marks: set[str] = set()
    size = 0
    for position, word in enumerate(words_of(text), start=1):
        known = places.get(word)
        if known is None:
            size += len(word.encode()) + 8
            if size > VECTOR_BYTES:
                marks |= {LOOSE, CUT}
                break
            known = places[word] = []
        if position <= POSITIONS and len(known) < PLACES:
            known.append(position)
            size += 2
        else:
            marks.add(LOOSE)
    lexemes = [f"{_lexeme(word)}:{','.join(map(str, at))}" if at else _lexeme(word) for word, at in places.items()]
    return " ".join([*lexemes, *(_lexeme(mark) for mark in sorted(marks))])


def tsquery(groups: Sequence[Sequence[str]]) -> str:
    """PostgreSQL: the same question as a tsquery literal."""
    return " & ".join("(" + " | ".join([*map(_tsterm, group), _lexeme(CUT)]) + ")" for group in groups)


def _tsterm(term: str) -> str:
    if term.endswith(BEGINNING):
        return _lexeme(term.removesuffix(BEGINNING)[:LONGEST_WORD]) + ":*"
    lexemes = [_lexeme(word) for word in words_of(term)]
    if len(lexemes) == 1:
        return lexemes[0]
    return f"({' <-> '.join(lexemes)}) | ({' & '.join([*lexemes, _lexeme(LOOSE)])})"


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


class Search(Collection):
    async def put(self, article_id: int, words: str) -> None:
        """Index the article under these words, space separated; new words replace the old ones."""
        await self.put_many([(article_id, words)])

    async def put_many(self, texts: Iterable[tuple[int, str]]) -> None:
        """The same for many articles, each once, by their ids."""
        kept = {article_id: " ".join(words_of(words)) for article_id, words in texts}
        if not kept:
            return
        statement = upsert_many(self._connection, search_texts, keys=("article_id",), changed=("words",))
        await self._connection.execute(statement, [{"article_id": id, "words": words} for id, words in kept.items()])
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                text("UPDATE search_texts SET vector = CAST(:vector AS tsvector) WHERE article_id = :id"),
                [{"vector": vector(words), "id": id} for id, words in kept.items()],
            )

    async def candidates(
        self,
        groups: Sequence[Sequence[str]],
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        below: int | None = None,
        limit: int,
    ) -> tuple[int, ...]:
        """Articles with at least one term of every group, the latest to arrive first; all articles for no groups.

        Received in `since <= t < until`, of ids under `below`, and visible to the workspace. A term of several words is
        a phrase, one that ends in "…" the beginning of a word.
        """
        asked = [[term for term in group if words_of(term)] for group in groups]
        if not all(asked):
            return ()
        statement = (
            select(articles.c.id)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
            .order_by(articles.c.id.desc())
            .limit(limit)
        )
        if below is not None:
            statement = statement.where(articles.c.id < below)
        if asked and self._connection.dialect.name == "postgresql":
            found = text("search_texts.vector @@ CAST(:question AS tsquery)").bindparams(question=tsquery(asked))
            statement = statement.join(search_texts, search_texts.c.article_id == articles.c.id).where(found)
        elif asked:
            statement = statement.join(_INDEX, _INDEX.c.rowid == articles.c.id).where(*_fts(asked, since, below))
            statement = statement.order_by(None).order_by(_INDEX.c.rowid.desc())
        return tuple((await self._connection.execute(statement)).scalars().all())


def _fts(groups: Sequence[Sequence[str]], since: datetime | None, below: int | None = None) -> list[ColumnElement[Any]]:
    """The index walks its rows from the newest to the first of the window, and stops at the limit."""
    conditions: list[ColumnElement[Any]] = [
        literal_column("search_index").op("MATCH")(bindparam(None, match_expression(groups)))
    ]
    if since is not None:
        oldest = select(func.min(articles.c.id)).where(articles.c.received_at >= since).scalar_subquery()
        conditions.append(_INDEX.c.rowid >= oldest)
    if below is not None:
        conditions.append(_INDEX.c.rowid < below)
    return conditions
