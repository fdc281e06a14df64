"""A channel whose platform gives it another id keeps everything, also what was stored under the new id meanwhile."""

from datetime import datetime, time

from storage.deliveries import NewDelivery
from storage.records import ChannelState, DeliveryKind, OutcomeState, Pace
from storage.store import Store, Tx
from tests.support.stores import enqueue_alert, make_channel, make_story, make_topic


async def test_a_channel_keeps_everything_under_its_new_id(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, topic = await make_channel(tx, now, "C1"), await make_topic(tx, now)
        await tx.subscriptions.ensure(
            channel_id=channel.id, topic_id=topic.id, pace=Pace.DAILY, created_by="U1", now=now
        )
        alert = await enqueue_alert(tx, channel, await make_story(tx, now), now)
        await tx.channels.update(channel.id, state=ChannelState.BLOCKED, gone_reason="archived", next_digest_at=now)

        moved = [await tx.channels.move(channel.workspace_id, "C1", "C2") for _ in range(2)]

        assert [found and (found.id, found.external_id) for found in moved] == [(channel.id, "C2")] * 2
        assert moved[0] == moved[1]
        assert moved[0] is not None and moved[0].state is ChannelState.BLOCKED and moved[0].next_digest_at == now
        assert await tx.channels.find(channel.workspace_id, "C1") is None
        assert len(await tx.subscriptions.of_channel(channel.id)) == 1
        delivery = await tx.deliveries.get(alert.id)
        assert delivery is not None and delivery.channel_id == channel.id
        assert await tx.channels.move(channel.workspace_id, "C8", "C9") is None


async def test_what_was_stored_under_the_new_id_meanwhile_is_merged(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        old, new = await make_channel(tx, now, "C1"), await make_channel(tx, now, "C2")
        both, only_new = await make_topic(tx, now), await make_topic(tx, now, "zte")
        for channel, topic in ((old, both), (new, both), (new, only_new)):
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now
            )
        story, other = await make_story(tx, now), await make_story(tx, now, title="Other")
        alerts = [await enqueue_alert(tx, channel, story, now) for channel in (old, new)]
        own = await enqueue_alert(tx, new, other, now)
        note = await _note(tx, alerts[1].id, new.id, now)
        for channel, article, alert in ((old, 1, alerts[0]), (new, 1, alerts[1]), (new, 2, alerts[1])):
            await tx.outcomes.add(
                channel_id=channel.id,
                article_id=(story if article == 1 else other).lead_article_id,
                story_id=story.id,
                state=OutcomeState.ALERT,
                delivery_id=alert.id,
                decided_at=now,
            )
        await tx.mutes.add(new.id, "story:7", "U1", now)
        await tx.mutes.add(old.id, "story:7", "U1", now)
        await tx.channels.update(new.id, digest_time=time(8, 30), next_digest_at=now)

        merged = await tx.channels.move(old.workspace_id, "C1", "C2")

        assert merged is not None and (merged.id, merged.digest_time) == (old.id, time(8, 30))
        assert await tx.channels.of(old.workspace_id) == (merged,)
        assert [held.topic_id for held in await tx.subscriptions.of_channel(old.id)] == [both.id, only_new.id]
        assert [alert.id for alert in await tx.deliveries.of_story(story.id)] == [alerts[0].id]
        assert (await tx.deliveries.get(note)).parent_id == alerts[0].id  # type: ignore[union-attr]
        assert (await tx.deliveries.get(own.id)).channel_id == old.id  # type: ignore[union-attr]
        outcomes = await tx.outcomes.of_channel(old.id, since=None)
        assert [outcome.delivery_id for outcome in outcomes] == [alerts[0].id] * 2
        assert await tx.mutes.among(old.id, ["story:7"]) == {"story:7"}


async def _note(tx: Tx, parent: int, channel_id: int, now: datetime) -> int:
    new = NewDelivery(channel_id=channel_id, kind=DeliveryKind.NOTE, subject="n", due_at=now, parent_id=parent)
    return (await tx.deliveries.enqueue(new, now))[0].id
