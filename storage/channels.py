"""Channels: where a workspace reads, when digests and rechecks are due, and which process may post in a channel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select, update

from storage.channel_moves import merge_channels
from storage.records import Channel, ChannelState, Platform
from storage.rows import FIXED, Collection, checked, chunks, missing, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import channels, workspaces

COLUMNS = (
    *record_columns(channels, Channel, without=("platform", "workspace_external_id")),
    workspaces.c.platform,
    workspaces.c.external_id.label("workspace_external_id"),
)


def to_channel(row: Row[Any]) -> Channel:
    values = values_of(row)
    values["platform"] = Platform(values["platform"])
    values["state"] = ChannelState(values["state"])
    values["digest_days"] = tuple(values["digest_days"])
    return Channel(**values)


def _select() -> Select[Any]:
    return select(*COLUMNS).join_from(channels, workspaces)


# Built once, because every command or post runs them, or the bot does every few seconds.
_FIND = _select().where(
    channels.c.workspace_id == bindparam("workspace_id"), channels.c.external_id == bindparam("external_id")
)
_GET = _select().where(channels.c.id == bindparam("of_id"))
_BY_IDS = _select().where(channels.c.id.in_(bindparam("ids", expanding=True)))
_DUE_DIGESTS = (
    _select()
    .where(channels.c.state == ChannelState.ACTIVE, channels.c.next_digest_at <= bindparam("now"))
    .order_by(channels.c.next_digest_at, channels.c.id)
)
ON_PLATFORMS = channels.c.workspace_id.in_(
    select(workspaces.c.id).where(workspaces.c.platform.in_(bindparam("platforms", expanding=True)))
)
"""The channel belongs to one of the platforms in the parameter "platforms"."""
_RECHECKS = (
    select(channels.c.id)
    .where(
        channels.c.state == ChannelState.BLOCKED,
        channels.c.recheck_at <= bindparam("now"),
        ON_PLATFORMS,
        or_(channels.c.leased_until.is_(None), channels.c.leased_until <= bindparam("now")),
    )
    .order_by(channels.c.recheck_at, channels.c.id)
    .limit(bindparam("most"))
)
_LEASE = (
    update(channels)
    .where(
        channels.c.id == bindparam("of_id"),
        or_(channels.c.leased_until.is_(None), channels.c.leased_until <= bindparam("now")),
        or_(channels.c.next_post_at.is_(None), channels.c.next_post_at <= bindparam("now")),
    )
    .values(leased_until=bindparam("until"), leased_by=bindparam("owner"))
)


_DIGEST_FIELDS = (
    "digest_time",
    "digest_days",
    "digest_zone",
    "digest_when_empty",
    "next_digest_at",
    "last_digest_at",
)


class Channels(Collection):
    async def ensure(self, workspace_id: int, external_id: str, name: str, *, now: datetime) -> Channel:
        """Return the channel, created if it is new. A new name replaces the old one. A gone channel stays gone."""
        found = await self.find(workspace_id, external_id)
        if found is None:
            values = {
                "workspace_id": workspace_id,
                "external_id": external_id,
                "name": name,
                "state": ChannelState.ACTIVE,
                "digest_days": [0, 1, 2, 3, 4, 5, 6],
                "digest_when_empty": True,
            }
            await self._connection.execute(insert_or_ignore(self._connection, channels), values)
            found = await self.find(workspace_id, external_id)
            if found is None:
                raise missing(channels, 0)
        return found if found.name == name or not name else await self.update(found.id, name=name)

    async def get(self, id: int) -> Channel | None:
        row = await self._first(_GET, {"of_id": id})
        return None if row is None else to_channel(row)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Channel]:
        """Return the channels that exist, by id."""
        found: dict[int, Channel] = {}
        for part in chunks(sorted(set(ids))):
            found.update((row.id, to_channel(row)) for row in await self._all(_BY_IDS, {"ids": part}))
        return found

    async def find(self, workspace_id: int, external_id: str) -> Channel | None:
        row = await self._first(_FIND, {"workspace_id": workspace_id, "external_id": external_id})
        return None if row is None else to_channel(row)

    async def of(self, workspace_id: int) -> tuple[Channel, ...]:
        """Return all channels of the workspace by name, including gone ones."""
        statement = _select().where(channels.c.workspace_id == workspace_id).order_by(channels.c.name, channels.c.id)
        return tuple(map(to_channel, await self._all(statement)))

    async def update(self, id: int, **fields: Any) -> Channel:
        """Change these fields and return the channel. Raises: Missing."""
        values = checked(channels, fields, FIXED | {"workspace_id", "external_id"})
        await self._count(update(channels).where(channels.c.id == id).values(values))
        found = await self.get(id)
        if found is None:
            raise missing(channels, id)
        return found

    async def move(self, workspace_id: int, old: str, new: str) -> Channel | None:
        """Give the channel with the external id `old` the id `new`, and return it; None if there is no such channel.

        A channel that is stored under `new` already is merged into it. A repeated call changes nothing.
        """
        found, other = await self.find(workspace_id, old), await self.find(workspace_id, new)
        if found is None or old == new:
            return other
        if other is not None:
            if found.next_digest_at is None and other.next_digest_at is not None:
                found = await self.update(found.id, **{name: getattr(other, name) for name in _DIGEST_FIELDS})
            await merge_channels(self._connection, other.id, found.id)
        await self._count(update(channels).where(channels.c.id == found.id).values(external_id=new))
        return await self.get(found.id)

    async def due_digests(self, now: datetime) -> tuple[Channel, ...]:
        """Return the active channels whose digest is due at `now` (UTC), longest due first."""
        return tuple(map(to_channel, await self._all(_DUE_DIGESTS, {"now": now})))

    async def next_digest_at(self) -> datetime | None:
        """Return when the next digest of any active channel is due (UTC), if any is."""
        row = await self._first(
            select(func.min(channels.c.next_digest_at)).where(channels.c.state == ChannelState.ACTIVE)
        )
        return None if row is None else row[0]

    async def due_rechecks(self, now: datetime, limit: int, *, platforms: Iterable[Platform]) -> tuple[int, ...]:
        """Return the ids of blocked channels of these platforms to check now, the longest due first."""
        values = {"now": now, "most": limit, "platforms": list(platforms)}
        return tuple(row.id for row in await self._all(_RECHECKS, values))

    async def schedule_rechecks(
        self,
        at: datetime,
        *,
        platform: Platform | None = None,
        workspace_id: int | None = None,
        reason: str | None = None,
    ) -> int:
        """Check all blocked channels at `at` (UTC), and return their number.

        The other arguments limit this to a platform, a workspace, or channels blocked for one reason.
        """
        statement = update(channels).where(channels.c.state == ChannelState.BLOCKED).values(recheck_at=at)
        if platform is not None:
            own = select(workspaces.c.id).where(workspaces.c.platform == platform)
            statement = statement.where(channels.c.workspace_id.in_(own))
        if workspace_id is not None:
            statement = statement.where(channels.c.workspace_id == workspace_id)
        if reason is not None:
            statement = statement.where(channels.c.gone_reason == reason)
        return await self._count(statement)

    async def lock(self, channel: Channel, *, whole_workspace: bool = False) -> None:
        """Lock the channel, or all channels of its workspace by id, until the transaction ends.

        A transaction that changes channels and their deliveries locks the channels first. SQLite has one writer only.
        """
        if self._connection.dialect.name == "postgresql":
            chosen = channels.c.workspace_id == channel.workspace_id if whole_workspace else channels.c.id == channel.id
            await self._all(select(channels.c.id).where(chosen).order_by(channels.c.id).with_for_update())

    async def lease(self, id: int, *, owner: str, now: datetime, until: datetime) -> bool:
        """Lease the channel for posting until that time (UTC), for the process `owner`.

        Returns False if another process holds the lease, or if the next post must wait.
        """
        return await self._count(_LEASE, {"of_id": id, "owner": owner, "now": now, "until": until}) == 1

    async def release(self, id: int, *, owner: str, next_post_at: datetime | None = None) -> None:
        """End the lease of `owner`, if it still holds it. No post is made before `next_post_at` (UTC)."""
        values: dict[str, Any] = {"leased_until": None, "leased_by": None}
        if next_post_at is not None:
            values["next_post_at"] = next_post_at
        await self._count(update(channels).where(channels.c.id == id, channels.c.leased_by == owner).values(values))
