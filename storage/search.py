"""The full-text index of the words of each article. It finds the articles that could satisfy a query.

handlers/topics/text/tokens.py makes the words, which are stored exactly: "c++" and words of any script work in both
databases. SQLite has an FTS5 table that splits at spaces only. PostgreSQL has a tsvector that is written word by word,
without its parser. The limits of a tsvector (https://www.postgresql.org/docs/current/textsearch-limits.html) never hide
an article: an article beyond a limit is marked, and a marked article is a candidate whenever the index cannot decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    TableClause,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
    update,
)

from storage.database_thread import Connection
from storage.rows import Collection, visible, within
from storage.sql import upsert
from storage.tables import articles, search_texts, set_aside_texts

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

Groups = Sequence[Sequence[str]]
"""Terms of a query. An article satisfies them if it contains at least one term of every group.

A term of several words is a phrase. A term that ends in "…" is the beginning of a word.
"""


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


def match_expression(groups: Groups, excluded: Groups = ()) -> str:
    """Return the terms in the syntax of FTS5, without articles that satisfy the `excluded` groups."""
    required = " AND ".join("(" + " OR ".join(_quoted(term) for term in group) + ")" for group in groups)
    return f"({required}) NOT ({match_expression(excluded)})" if excluded and all(excluded) else required


def _quoted(term: str) -> str:
    prefix = "*" if term.endswith(PREFIX_SIGN) else ""
    return '"' + " ".join(words_of(term.removesuffix(PREFIX_SIGN))).replace('"', '""') + '"' + prefix


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
    lexemes = [f"{_lexeme(word)}:{','.join(map(str, at))}" if at else _lexeme(word) for word, at in positions.items()]
    return " ".join([*lexemes, *(_lexeme(mark) for mark in sorted(marks))])


def tsquery(groups: Groups, excluded: Groups = ()) -> str:
    """Return the terms as a literal of a tsquery, without articles that satisfy the `excluded` groups."""
    required = " & ".join("(" + " | ".join([*map(_tsterm, group), _lexeme(WORDS_INCOMPLETE)]) + ")" for group in groups)
    return f"({required}) & !({tsquery(excluded)})" if excluded and all(excluded) else required


def _tsterm(term: str) -> str:
    if term.endswith(PREFIX_SIGN):
        return _lexeme(term.removesuffix(PREFIX_SIGN)[:MAX_WORD]) + ":*"
    lexemes = [_lexeme(word) for word in words_of(term)]
    if len(lexemes) == 1:
        return lexemes[0]
    return f"({' <-> '.join(lexemes)}) | ({' & '.join([*lexemes, _lexeme(POSITIONS_INCOMPLETE)])})"


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


class Search(Collection):
    def __init__(self, connection: Connection, full_text: FullText = ARTICLES) -> None:
        super().__init__(connection)
        self._texts, self._index = full_text.texts, full_text.index

    async def put(self, article_id: int, words: str) -> None:
        """Index the article with these words, separated by spaces. New words replace the old ones."""
        await self.put_many([(article_id, words)])

    async def put_many(self, texts: Iterable[tuple[int, str]]) -> None:
        """Index articles, given as (article id, words). Each article may occur once."""
        indexed = {article_id: " ".join(words_of(words)) for article_id, words in texts}
        if not indexed:
            return
        statement = upsert(self._connection, self._texts, keys=("article_id",), changed=("words",))
        await self._connection.execute(statement, [{"article_id": id, "words": words} for id, words in indexed.items()])
        if self._connection.dialect.name == "postgresql":
            own = table(self._texts.name, column("article_id", Integer), column("vector"))
            as_vector = text("CAST(:literal AS tsvector)")
            await self._connection.execute(
                update(own).where(own.c.article_id == bindparam("id")).values(vector=as_vector),
                [{"literal": vector(words), "id": id} for id, words in indexed.items()],
            )

    async def candidates(
        self,
        groups: Groups,
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        below: int | None = None,
        limit: int,
    ) -> tuple[int, ...]:
        """Return the ids of articles that satisfy the groups, latest first; without groups those of all articles.

        They were received in `since <= t < until` (UTC), have ids below `below`, and the workspace sees them.
        """
        statement = self._select(groups, workspace_id, since, until, below=below)
        return () if statement is None else await self._ids(statement, limit)

    async def candidates_except(
        self,
        groups: Groups,
        excluded: Groups,
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        limit: int,
    ) -> tuple[int, ...]:
        """Return what `candidates` returns, without articles that satisfy the `excluded` groups."""
        statement = self._select(groups, workspace_id, since, until, excluded=excluded)
        return () if statement is None else await self._ids(statement, limit)

    async def sample(
        self, groups: Groups, workspace_id: int, *, since: datetime, until: datetime, most: int
    ) -> tuple[tuple[int, ...], int]:
        """Return every n-th of the ids that `candidates` returns, and n, so that there are at most `most`."""
        statement = self._select(groups, workspace_id, since, until)
        if statement is None:
            return (), 1
        found = statement.order_by(None).subquery()
        numbered = select(
            found.c.id,
            func.row_number().over(order_by=found.c.id.desc()).label("place"),
            ((func.count().over() + (most - 1)) // most).label("step"),
        ).subquery()
        rows = await self._many(
            select(numbered.c.id, numbered.c.step)
            .where((numbered.c.place - 1) % numbered.c.step == 0)
            .order_by(numbered.c.place)
        )
        return tuple(row.id for row in rows), rows[0].step if rows else 1

    async def _ids(self, statement: Select[int], limit: int) -> tuple[int, ...]:
        return tuple(row.id for row in await self._many(statement.limit(limit)))

    def _select(
        self,
        groups: Groups,
        workspace_id: int,
        since: datetime | None,
        until: datetime | None,
        *,
        below: int | None = None,
        excluded: Groups = (),
    ) -> Select[int] | None:
        """Return the statement for the ids, or None if a group has no words, so that no article can satisfy it."""
        required, left_out = (
            [[term for term in group if words_of(term)] for group in each] for each in (groups, excluded)
        )
        if not all(required):
            return None
        statement = (
            select(articles.c.id)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
            .order_by(articles.c.id.desc())
        )
        if below is not None:
            statement = statement.where(articles.c.id < below)
        if required and self._connection.dialect.name == "postgresql":
            matches = text(f"{self._texts.name}.vector @@ CAST(:question AS tsquery)").bindparams(
                question=tsquery(required, left_out)
            )
            statement = statement.join(self._texts, self._texts.c.article_id == articles.c.id).where(matches)
        elif required:
            index = table(self._index, column("rowid", Integer))
            conditions = _fts_conditions(index, match_expression(required, left_out), since, below)
            statement = statement.join(index, index.c.rowid == articles.c.id).where(*conditions)
            statement = statement.order_by(None).order_by(index.c.rowid.desc())
        return statement


def _fts_conditions(
    index: TableClause, expression: str, since: datetime | None, below: int | None
) -> list[ColumnElement[Any]]:
    """Return conditions with which FTS5 reads from the newest row to the first of the period, up to the limit."""
    conditions: list[ColumnElement[Any]] = [literal_column(index.name).op("MATCH")(bindparam(None, expression))]
    if since is not None:
        oldest = select(func.min(articles.c.id)).where(articles.c.received_at >= since).scalar_subquery()
        conditions.append(index.c.rowid >= oldest)
    if below is not None:
        conditions.append(index.c.rowid < below)
    return conditions
