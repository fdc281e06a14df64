"""Searches the full-text index of the words of each article. It finds the articles that could satisfy a query."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    TableClause,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)

from storage.indexed_words import (
    MAX_WORD,
    POSITIONS_INCOMPLETE,
    PREFIX_SIGN,
    WORDS_INCOMPLETE,
    IndexedWords,
    lexeme,
    words_of,
)
from storage.rows import visible, within
from storage.tables import articles

Groups = Sequence[Sequence[str]]
"""Terms of a query. An article satisfies them if it contains at least one term of every group.

A term of several words is a phrase. A term that ends in "…" is the beginning of a word.
"""


def match_expression(groups: Groups, excluded: Groups = ()) -> str:
    """Return the terms in the syntax of FTS5, without articles that satisfy the `excluded` groups."""
    required = " AND ".join("(" + " OR ".join(_quoted(term) for term in group) + ")" for group in groups)
    return f"({required}) NOT ({match_expression(excluded)})" if excluded and all(excluded) else required


def _quoted(term: str) -> str:
    prefix = "*" if term.endswith(PREFIX_SIGN) else ""
    return '"' + " ".join(words_of(term.removesuffix(PREFIX_SIGN))).replace('"', '""') + '"' + prefix


def tsquery(groups: Groups, excluded: Groups = ()) -> str:
    """Return the terms as a literal of a tsquery, without articles that satisfy the `excluded` groups."""
    required = " & ".join("(" + " | ".join([*map(_tsterm, group), lexeme(WORDS_INCOMPLETE)]) + ")" for group in groups)
    return f"({required}) & !({tsquery(excluded)})" if excluded and all(excluded) else required


def _tsterm(term: str) -> str:
    if term.endswith(PREFIX_SIGN):
        return lexeme(term.removesuffix(PREFIX_SIGN)[:MAX_WORD]) + ":*"
    lexemes = [lexeme(word) for word in words_of(term)]
    if len(lexemes) == 1:
        return lexemes[0]
    return f"({' <-> '.join(lexemes)}) | ({' & '.join([*lexemes, lexeme(POSITIONS_INCOMPLETE)])})"


class Search(IndexedWords):
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
