"""Counts of deleted rows by kind and state. The ledger adds them to what is stored, so that its sums still agree."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from storage.rows import Collection
from storage.tables import pruned

_ADD = {
    dialect: (statement := insert(pruned)).on_conflict_do_update(
        index_elements=["name"], set_={"rows": pruned.c.rows + statement.excluded.rows}
    )
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


class PrunedCounts(Collection):
    """The name of a count is "articles", or a kind with a value, such as "arrivals:matched"."""

    async def add(self, counts: Mapping[str, int]) -> None:
        """Add to the counts, in the transaction that deletes the rows."""
        rows = [{"name": name, "rows": count} for name, count in sorted(counts.items()) if count]
        if rows:
            await self._connection.execute(_ADD[self._connection.dialect.name], rows)

    async def all(self) -> dict[str, int]:
        """Return the counts by name. Those that are zero are left out."""
        return {row.name: row.rows for row in await self._all(select(pruned.c.name, pruned.c.rows))}
