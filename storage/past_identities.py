"""Past identities: the keys of articles that retention has deleted. Only their hashes are kept, for ever."""

import hashlib
from collections.abc import Collection as Group
from collections.abc import Iterable

from sqlalchemy import bindparam, select

from storage.rows import Collection, chunks
from storage.sql import insert_or_ignore
from storage.tables import identities, past_identities

_FIND = select(past_identities.c.hash).where(
    past_identities.c.workspace_id.in_(bindparam("workspaces", expanding=True)),
    past_identities.c.hash.in_(bindparam("hashes", expanding=True)),
)
"""Built once, because every arrival runs it."""


class PastIdentities(Collection):
    async def add_of(self, article_ids: Group[int]) -> None:
        """Keep the identity keys of these articles, which are about to be deleted."""
        rows = await self._all(
            select(identities.c.workspace_id, identities.c.key).where(identities.c.article_id.in_(article_ids))
        )
        if rows:
            values = [{"workspace_id": row.workspace_id, "hash": _hash(row.key)} for row in rows]
            await self._connection.execute(insert_or_ignore(self._connection, past_identities), values)

    async def among(self, workspace_ids: Group[int], keys: Iterable[str]) -> frozenset[str]:
        """Return those of the keys that a deleted article of these workspaces had."""
        by_hash = {_hash(key): key for key in keys}
        found: set[str] = set()
        for part in chunks(by_hash):
            rows = await self._all(_FIND, {"workspaces": sorted(workspace_ids), "hashes": part})
            found.update(by_hash[row.hash] for row in rows)
        return frozenset(found)


def _hash(key: str) -> int:
    """Return a hash of 63 bits. Among a billion keys, one in nine billion other keys has the hash of one of them."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
