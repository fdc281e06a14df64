"""Fingerprints: hashes of what an article keeps when its source renames it. Several articles may have the same one."""

from collections.abc import Collection as Group
from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, func, select

from storage.rows import Collection, chunks
from storage.sql import insert_or_ignore
from storage.tables import fingerprints

MOST: Final = 8
"""Articles that are returned for one fingerprint, the newest ones."""

_ranked = (
    select(
        fingerprints.c.fingerprint,
        fingerprints.c.article_id,
        func.row_number()
        .over(partition_by=fingerprints.c.fingerprint, order_by=fingerprints.c.article_id.desc())
        .label("place"),
    )
    .where(
        fingerprints.c.workspace_id.in_(bindparam("workspaces", expanding=True)),
        fingerprints.c.fingerprint.in_(bindparam("wanted", expanding=True)),
    )
    .subquery()
)
_FIND = select(_ranked.c.fingerprint, _ranked.c.article_id).where(_ranked.c.place <= MOST).order_by(_ranked.c.place)


class Fingerprints(Collection):
    async def add_many(self, workspace_id: int, of_articles: Iterable[tuple[int, Iterable[int]]]) -> None:
        """Add fingerprints of articles, by article id. A repeated call changes nothing."""
        rows = [
            {"workspace_id": workspace_id, "fingerprint": fingerprint, "article_id": article_id}
            for article_id, values in of_articles
            for fingerprint in dict.fromkeys(values)
        ]
        if rows:
            await self._connection.execute(insert_or_ignore(self._connection, fingerprints), rows)

    async def find(self, workspace_ids: Group[int], wanted: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return the ids of the newest articles with each of these fingerprints, the newest first."""
        found: dict[int, tuple[int, ...]] = {}
        for part in chunks(dict.fromkeys(wanted)):
            for row in await self._all(_FIND, {"workspaces": sorted(workspace_ids), "wanted": part}):
                found[row.fingerprint] = (*found.get(row.fingerprint, ()), row.article_id)
        return found
