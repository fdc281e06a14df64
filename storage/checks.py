"""Checks of the whole database: the file, foreign keys, the index against the rows, repeated columns, and sums."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, column, exists, func, not_, or_, select, table, text

from storage.database_thread import Connection
from storage.errors import DamagedDatabase
from storage.indexed_words import ARTICLES, SET_ASIDE, FullText
from storage.ledger import Ledgers
from storage.search import Search
from storage.store import Store
from storage.tables import articles, matches

_MOST_FAULTS = 5
"""Faults of the file that are named."""
_SAMPLE = 500
"""Articles whose words are looked up in the full-text index, spread over the whole archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The result of one check."""

    name: str
    ok: bool
    detail: str
    """What was checked, or what is wrong."""


_Finding = tuple[int, str]
"""How many faults there are, and what was checked, or what is wrong."""


async def check_database(store: Store) -> tuple[Check, ...]:
    """Run all checks and return their results. They only read, each in its own transaction, and may take minutes.

    Raises: StorageError if the database cannot be read at all.
    """
    results = []
    for name, find in _CHECKS[store.database].items():
        try:
            async with store.read() as tx:
                faults, detail = await find(tx.connection)
        except DamagedDatabase as error:
            faults, detail = 1, str(error)
        results.append(Check(name=name, ok=not faults, detail=detail))
    return tuple(results)


async def _integrity(connection: Connection) -> _Finding:
    rows = (await connection.execute(text(f"PRAGMA integrity_check({_MOST_FAULTS})"))).scalars().all()
    if list(rows) == ["ok"]:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        return 0, f"all {pages} pages and all indexes"
    return len(rows), "; ".join(str(row) for row in rows)


async def _foreign_keys(connection: Connection) -> _Finding:
    rows = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
    tables = sorted({f"{row[0]} to {row[2]}" for row in rows})
    return len(
        rows
    ), f"{len(rows)} rows without their parent: {', '.join(tables)}" if rows else "every row has its parent"


async def _checksums(connection: Connection) -> _Finding:
    statement = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
    failures = (await connection.execute(text(statement))).scalar_one()
    return failures, f"{failures} pages failed their checksum" if failures else "no page failed its checksum"


async def _words(connection: Connection) -> _Finding:
    """Compare the words with the articles, and the full-text indexes with the words."""
    texts = ARTICLES.texts
    missing = await _count(
        connection,
        select(func.count()).select_from(articles).where(not_(exists().where(texts.c.article_id == articles.c.id))),
    )
    unindexed = sum([await _unindexed(connection, full_text) for full_text in (ARTICLES, SET_ASIDE)])
    wrong = await _not_found(connection)
    if missing or unindexed or wrong:
        return missing + unindexed + wrong, (
            f"{missing} articles without words, {unindexed} rows not in the full-text index, "
            f"{wrong} of {_SAMPLE} sampled articles not found by their words"
        )
    return 0, "every article is in the full-text index"


async def _unindexed(connection: Connection, full_text: FullText) -> int:
    """Count words that are not in their index, and on SQLite rows of the index without words."""
    words = full_text.texts
    if connection.dialect.name == "postgresql":
        own = table(words.name, column("vector"))
        return await _count(connection, select(func.count()).select_from(own).where(own.c.vector.is_(None)))
    rows = table(f"{full_text.index}_docsize", column("id"))
    pairs: tuple[tuple[Any, Any], ...] = ((words.c.article_id, rows.c.id), (rows.c.id, words.c.article_id))
    return sum(
        [
            await _count(connection, select(func.count()).select_from(one.table).where(one.not_in(select(other))))
            for one, other in pairs
        ]
    )


async def _not_found(connection: Connection) -> int:
    """Look up the longest word of some articles, and count the articles that the index does not return."""
    if connection.dialect.name == "postgresql":
        return 0  # the words and the index are one column
    last = await _count(connection, select(func.coalesce(func.max(articles.c.id), 0)))
    sampled: ColumnElement[bool] = articles.c.id.op("%")(max(1, last // _SAMPLE)) == 0
    found_rows = await connection.execute(select(articles.c.id, articles.c.workspace_id).where(sampled))
    rows: list[Any] = list(found_rows.all())
    search, wrong = Search(connection), 0
    words = await search.words([row.id for row in rows])
    for id, workspace_id in rows:
        word = max(words.get(id, "").split(), key=len, default="")
        if word:
            found = await search.candidates([[word]], workspace_id, since=None, below=id + 1, limit=1)
            wrong += found != (id,)
    return wrong


async def _matches(connection: Connection) -> _Finding:
    """Compare the columns that matches repeat with their articles."""
    differs = or_(
        matches.c.story_id.is_distinct_from(articles.c.story_id),
        matches.c.received_at != articles.c.received_at,
        matches.c.workspace_id != articles.c.workspace_id,
    )
    wrong = await _count(connection, select(func.count()).select_from(matches).join(articles, and_(_OF_MATCH, differs)))
    return wrong, f"{wrong} matches differ from their article" if wrong else "every match repeats its article"


_OF_MATCH = articles.c.id == matches.c.article_id


async def _ledger(connection: Connection) -> _Finding:
    totals = await Ledgers(connection).totals()
    return int(not totals.agrees), "the sums agree" if totals.agrees else "the sums do not agree; see: bot ledger"


async def _count(connection: Connection, statement: Any) -> int:
    return int((await connection.execute(statement)).scalar_one())


_FIND: dict[str, Callable[[Connection], Awaitable[_Finding]]] = {
    "full-text index": _words,
    "matches": _matches,
    "ledger": _ledger,
}
_CHECKS = {
    "sqlite": {"file": _integrity, "foreign keys": _foreign_keys} | _FIND,
    "postgresql": {"file": _checksums} | _FIND,
}
