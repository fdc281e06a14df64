"""The number of statements of an article that arrives alone: each of them costs as much as the work on many words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from storage.store import Store
from tests.support.newsroom import Newsroom

TEXT = "Visitors walk under cherry trees in the old capital, where gardens opened early after a mild winter."


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Yield a list that receives every statement, without those that begin a transaction."""
    statements: list[str] = []

    def record(_: object, __: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", record)


async def test_an_article_without_a_match_takes_ten_statements_to_store_and_three_to_be_recognized_as_new(
    sqlite_store: Store,
) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    source = await newsroom.source()
    await newsroom.ingest([newsroom.draft("Rain in Spain", TEXT)], source=source, now=newsroom.now)

    with counted_statements() as statements:
        await newsroom.ingest([newsroom.draft("Gardens bloom in Kyoto", TEXT)], source=source, now=newsroom.now)

    reads = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(reads) <= 3, reads
    assert len(statements) - len(reads) <= 10, statements
