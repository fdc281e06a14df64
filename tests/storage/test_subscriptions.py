"""Subscriptions: one for each channel and topic, in active channels only."""

from datetime import datetime

from storage.records import ChannelState, Pace
from storage.store import Store
from tests.support.stores import make_channel, make_topic


async def test_a_topic_is_subscribed_once_and_gone_channels_are_left_out(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        here, gone = await make_channel(tx, now, "here"), await make_channel(tx, now, "gone")
        topic, other = await make_topic(tx, now), await make_topic(tx, now, "other")
        made = {}
        for channel in (here, gone):
            made[channel.id], created = await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now, languages=["en"]
            )
            assert created
        again, created = await tx.subscriptions.ensure(
            channel_id=here.id, topic_id=topic.id, pace=Pace.DAILY, created_by="U2", now=now
        )
        assert (again, created) == (made[here.id], False)
        await tx.channels.update(gone.id, state=ChannelState.GONE)

        assert await tx.subscriptions.for_topics([topic.id, other.id]) == ((made[here.id], here),)
        assert await tx.subscriptions.for_topics([]) == ()
        assert await tx.subscriptions.pause_channel(here.id, "no right to post") == 1
        assert await tx.subscriptions.pause_channel(here.id, "again") == 0
        paused = await tx.subscriptions.get(again.id)
        assert paused is not None
        assert paused.paused_reason == "no right to post"
        weekly = await tx.subscriptions.update(again.id, pace=Pace.WEEKLY, paused_reason=None)
        assert await tx.subscriptions.of_channel(here.id) == (weekly,)
        await tx.subscriptions.remove(again.id)
        assert await tx.subscriptions.of_channel(here.id) == ()
