"""The console's messages: each key is posted once, and changes are reported."""

from datetime import datetime, timedelta

from storage.store import Store
from tests.support.stores import make_channel

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_a_key_is_posted_once_and_changes_are_reported(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, console = await make_channel(tx, now), tx.console
        first = await console.post(channel.id, "k1", {"text": "one"}, now=now)
        assert await console.post(channel.id, "k1", {"text": "other"}, now=now + DAY) == first
        second = await console.post(channel.id, "k2", {"text": "two"}, now=now + MINUTE)
        reply = await console.post(channel.id, "k3", {"text": "reply"}, first, now=now + 2 * MINUTE)

        assert await console.find(channel.id, "k1") == first
        assert await console.find(channel.id, "k9") is None
        assert [message.id for message in await console.history(channel.id, limit=9)] == [first, second]
        assert [message.id for message in await console.history(channel.id, limit=1)] == [second]
        assert [message.id for message in await console.history(channel.id, limit=9, before=second)] == [first]
        assert [message.id for message in await console.thread(first)] == [reply]
        assert await console.edit(first, {"text": "edited"}, now + DAY)
        assert not await console.edit(999, {}, now)
        changed = await console.changed_after([channel.id], now + MINUTE)
        assert [(message.id, message.body["text"]) for message in changed] == [(reply, "reply"), (first, "edited")]
        edited = await console.get(first)
        assert edited is not None
        assert (edited.posted_at, edited.changed_at) == (now, now + DAY)
