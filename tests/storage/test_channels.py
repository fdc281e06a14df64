"""Channels: gone ones, due digests, and the lease for posting."""

from datetime import datetime, time, timedelta

from storage.records import (
    ChannelState,
    Platform,
)
from storage.store import Store
from tests.support.stores import make_channel

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_a_gone_channel_stays_gone_when_a_message_arrives(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await tx.channels.update(channel.id, state=ChannelState.GONE, gone_reason="archived")

        again = await tx.channels.ensure(channel.workspace_id, "general", "renamed", now=now)

        assert (again.id, again.state, again.name) == (channel.id, ChannelState.GONE, "renamed")
        assert (again.platform, again.workspace_external_id) == (Platform.CONSOLE, "local")
        assert await tx.channels.of(channel.workspace_id) == (again,)


async def test_due_digests_and_the_time_of_the_next_one_are_found(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        names = {"due": now, "later": now + DAY, "gone": now, "none": None}
        for name, at in names.items():
            channel = await make_channel(tx, now, name)
            await tx.channels.update(channel.id, next_digest_at=at, digest_time=time(8, 30), digest_days=(0, 4))
            if name == "gone":
                await tx.channels.update(channel.id, state=ChannelState.GONE)

        due = await tx.channels.due_digests(now)
        assert [(channel.name, channel.digest_time, channel.digest_days) for channel in due] == [
            ("due", time(8, 30), (0, 4))
        ]
        assert await tx.channels.next_digest_at() == now
        await tx.channels.update(due[0].id, next_digest_at=None)
        assert await tx.channels.next_digest_at() == now + DAY


async def test_a_lease_is_exclusive_ends_and_keeps_the_pace(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)

        async def lease(owner: str, at: datetime) -> bool:
            return await tx.channels.lease(channel.id, owner=owner, now=at, until=at + MINUTE)

        assert await lease("a", now)
        assert not await lease("b", now)
        await tx.channels.release(channel.id, owner="b", next_post_at=now + DAY)
        assert not await lease("b", now)
        assert await lease("b", now + MINUTE)
        await tx.channels.release(channel.id, owner="a")
        assert not await lease("a", now + MINUTE)
        await tx.channels.release(channel.id, owner="b", next_post_at=now + 2 * MINUTE)
        assert not await lease("a", now + MINUTE)
        assert await lease("a", now + 2 * MINUTE)
