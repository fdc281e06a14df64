"""The full-text index over the words of each article: which articles could satisfy a query, before it is evaluated.

handlers/topics/text/tokens.py makes the words, which are kept exactly: "c++" and words of any script survive on both
databases.
SQLite: an FTS5 table, split at spaces alone. PostgreSQL: a tsvector written word by word, without its parser. Its
limits (https://www.postgresql.org/docs/current/textsearch-limits.html) never hide an article: one that is past them
is marked, and a marked article is a candidate where the index alone cannot tell.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, column, func, literal_column, select, table, text

from storage.rows import Collection, visible, within
from storage.sql import upsert
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

Groups = Sequence[Sequence[str]]
"""Terms of a query: an article holds one at least of every group."""

_INDEX = table("search_index", column("rowid", Integer))


def words_of(text: str) -> list[str]:
    """The words as both databases keep them."""
    words = text.split()
    if "\x00" not in text and (not words or len(max(words, key=len)) <= LONGEST_WORD):
        return words
    return [word[:LONGEST_WORD].replace("\x00", "") for word in words if word != "\x00"]


def match_expression(groups: Groups, but: Groups = ()) -> str:
    """FTS5: one term at least of every group; a term of several words is a phrase, one with "…" a beginning."""
    asked = " AND ".join("(" + " OR ".join(_quoted(term) for term in group) + ")" for group in groups)
    return f"({asked}) NOT ({match_expression(but)})" if but and all(but) else asked


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


def tsquery(groups: Groups, but: Groups = ()) -> str:
    """PostgreSQL: the same question as a tsquery literal."""
    asked = " & ".join("(" + " | ".join([*map(_tsterm, group), _lexeme(CUT)]) + ")" for group in groups)
    return f"({asked}) & !({tsquery(but)})" if but and all(but) else asked


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
        statement = upsert(self._connection, search_texts, keys=("article_id",), changed=("words",))
        await self._connection.execute(statement, [{"article_id": id, "words": words} for id, words in kept.items()])
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                text("UPDATE search_texts SET vector = CAST(:vector AS tsvector) WHERE article_id = :id"),
                [{"vector": vector(words), "id": id} for id, words in kept.items()],
            )

    async def candidates(
        self,
        groups: Groups,
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        below: int | None = None,
        but: Groups = (),
        limit: int,
    ) -> tuple[int, ...]:
        """Articles with at least one term of every group, the latest to arrive first; all articles for no groups.

        Received in `since <= t < until`, of ids under `below`, and visible to the workspace; without the candidates of
        the groups `but`. A term of several words is a phrase, one that ends in "…" the beginning of a word.
        """
        statement = self._found(groups, workspace_id, since, until, below=below, but=but)
        if statement is None:
            return ()
        return tuple(row.id for row in await self._many(statement.limit(limit)))

    async def sample(
        self, groups: Groups, workspace_id: int, *, since: datetime, until: datetime, most: int
    ) -> tuple[tuple[int, ...], int]:
        """Of the same candidates every n-th, the latest to arrive first, so that there are at most so many; and n."""
        statement = self._found(groups, workspace_id, since, until)
        if statement is None:
            return (), 1
        found = statement.order_by(None).subquery()
        placed = select(
            found.c.id,
            func.row_number().over(order_by=found.c.id.desc()).label("place"),
            ((func.count().over() + (most - 1)) // most).label("step"),
        ).subquery()
        rows = await self._many(
            select(placed.c.id, placed.c.step).where((placed.c.place - 1) % placed.c.step == 0).order_by(placed.c.place)
        )
        return tuple(row.id for row in rows), rows[0].step if rows else 1

    def _found(
        self,
        groups: Groups,
        workspace_id: int,
        since: datetime | None,
        until: datetime | None,
        *,
        below: int | None = None,
        but: Groups = (),
    ) -> Select[int] | None:
        """The ids; None: a group has no word, so nothing can be found."""
        asked, left_out = ([[term for term in group if words_of(term)] for group in each] for each in (groups, but))
        if not all(asked):
            return None
        statement = (
            select(articles.c.id)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
            .order_by(articles.c.id.desc())
        )
        if below is not None:
            statement = statement.where(articles.c.id < below)
        if asked and self._connection.dialect.name == "postgresql":
            found = text("search_texts.vector @@ CAST(:question AS tsquery)").bindparams(
                question=tsquery(asked, left_out)
            )
            statement = statement.join(search_texts, search_texts.c.article_id == articles.c.id).where(found)
        elif asked:
            conditions = _fts(match_expression(asked, left_out), since, below)
            statement = statement.join(_INDEX, _INDEX.c.rowid == articles.c.id).where(*conditions)
            statement = statement.order_by(None).order_by(_INDEX.c.rowid.desc())
        return statement


def _fts(expression: str, since: datetime | None, below: int | None) -> list[ColumnElement[Any]]:
    """The index walks its rows from the newest to the first of the window, and stops at the limit."""
    conditions: list[ColumnElement[Any]] = [literal_column("search_index").op("MATCH")(bindparam(None, expression))]
    if since is not None:
        oldest = select(func.min(articles.c.id)).where(articles.c.received_at >= since).scalar_subquery()
        conditions.append(_INDEX.c.rowid >= oldest)
    if below is not None:
        conditions.append(_INDEX.c.rowid < below)
    return conditions
