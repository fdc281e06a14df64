"""Identities: the keys by which a workspace recognizes an article, such as "guid:...", "url:..." or "hash:..."."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from storage.records import SHARED
from storage.rows import Collection, chunks
from storage.sql import insert_or_ignore
from storage.tables import identities

_OWNERS = select(identities.c.workspace_id, identities.c.key, identities.c.article_id).where(
    identities.c.workspace_id.in_(bindparam("workspaces", expanding=True)),
    identities.c.key.in_(bindparam("keys", expanding=True)),
)
"""Built once, because every arrival runs it."""


class Identities(Collection):
    async def add_many(self, workspace_id: int, keys: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Add keys of articles, given as (article id, keys). A key that another article has already stays with it."""
        rows = [
            {"workspace_id": workspace_id, "key": key, "article_id": article_id}
            for article_id, own in keys
            for key in dict.fromkeys(own)
        ]
        if rows:
            await self._connection.execute(insert_or_ignore(self._connection, identities), rows)

    async def owners(self, workspace_ids: Group[int], keys: Iterable[str]) -> dict[tuple[int, str], int]:
        """Return the ids of the articles that have these keys, by (workspace id, key)."""
        if not workspace_ids:
            return {}
        found: dict[tuple[int, str], int] = {}
        for part in chunks(dict.fromkeys(keys)):
            rows = await self._all(_OWNERS, {"workspaces": sorted(workspace_ids), "keys": part})
            found.update({(row.workspace_id, row.key): row.article_id for row in rows})
        return found

    async def first_owner(self, workspace_ids: Group[int], keys: Sequence[str]) -> int | None:
        """Return the id of the article that has the first of the keys which any article has.

        If several workspaces have that key, a shared article precedes a private one.
        """
        owners = await self.owners(workspace_ids, keys)
        if not owners:
            return None
        workspace, key = min(owners, key=lambda owned: (keys.index(owned[1]), owned[0] != SHARED, owned[0]))
        return owners[workspace, key]
