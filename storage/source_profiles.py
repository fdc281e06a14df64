"""Profiles of sources: what the last entries of each share, as handlers/stories/templates.py encodes it."""

from collections.abc import Iterable

from sqlalchemy import select, update

from storage.rows import Collection, chunks
from storage.tables import sources


class SourceProfiles(Collection):
    async def of_sources(self, source_ids: Iterable[int]) -> dict[int, bytes]:
        """Return the profile of each of these sources that has one, by id."""
        found: dict[int, bytes] = {}
        for part in chunks(dict.fromkeys(source_ids)):
            statement = select(sources.c.id, sources.c.profile).where(sources.c.id.in_(part))
            found.update((row.id, row.profile) for row in await self._all(statement) if row.profile is not None)
        return found

    async def get(self, source_id: int) -> bytes:
        """Return the profile of a source; no bytes if it has none."""
        return (await self.of_sources((source_id,))).get(source_id, b"")

    async def set(self, source_id: int, profile: bytes) -> None:
        """Replace the profile of a source."""
        await self._count(update(sources).where(sources.c.id == source_id).values(profile=profile))
