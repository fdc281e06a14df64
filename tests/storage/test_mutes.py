"""Mutes: a channel mutes a story or source once, and may unmute it."""

from datetime import datetime

from storage.store import Store
from tests.support.stores import make_channel


async def test_a_channel_mutes_and_unmutes_a_subject_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, other = await make_channel(tx, now), await make_channel(tx, now, "other")

        assert [await tx.mutes.add(channel.id, "story:1", "U1", now) for _ in range(2)] == [True, False]
        assert await tx.mutes.among(channel.id, ["story:1", "story:2", "source:1"]) == {"story:1"}
        assert await tx.mutes.among_channels([channel.id, other.id], ["story:1"]) == {(channel.id, "story:1")}
        assert [await tx.mutes.remove(channel.id, "story:1") for _ in range(2)] == [True, False]
        assert await tx.mutes.among(channel.id, ["story:1"]) == frozenset()
