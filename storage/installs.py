"""Installs: the encrypted tokens of Slack workspaces, with a lease for renewing them."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from storage.rows import Collection
from storage.tables import installs


class Installs(Collection):
    async def save(self, team_id: str, sealed: bytes, *, now: datetime) -> None:
        """Store an encrypted token in place of the old one, and end the lease."""
        values = {"team_id": team_id, "sealed": sealed, "installed_at": now, "leased_until": None}
        await self._put(installs, values, keys=("team_id",))

    async def find(self, team_id: str) -> bytes | None:
        """Return the encrypted token, or None."""
        row = await self._first(select(installs.c.sealed).where(installs.c.team_id == team_id))
        return None if row is None else bytes(row.sealed)

    async def teams(self) -> tuple[str, ...]:
        """Return the ids of all teams that have a token."""
        return tuple(row.team_id for row in await self._all(select(installs.c.team_id).order_by(installs.c.team_id)))

    async def lease(self, team_id: str, *, now: datetime, until: datetime) -> bytes | None:
        """Lease the token for renewal until then (UTC), and return it encrypted; None if another process has it."""
        statement = (
            update(installs)
            .where(
                installs.c.team_id == team_id,
                or_(installs.c.leased_until.is_(None), installs.c.leased_until <= now),
            )
            .values(leased_until=until)
            .returning(installs.c.sealed)
        )
        row = await self._first(statement)
        return None if row is None else bytes(row.sealed)

    async def remove(self, team_id: str) -> bool:
        """Delete the token. Return False if there is none."""
        return await self._count(delete(installs).where(installs.c.team_id == team_id)) == 1
