"""The outbox: what is owed is claimed once, in order, and nothing that may be posted is sent again blindly."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage.records import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState, OutcomeState
from storage.store import Store, Tx
from tests.support.stores import make_article, make_channel, make_story, owe_alert

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


async def _claim(tx: Tx, channel: Channel, at: datetime) -> Delivery | None:
    return await tx.deliveries.claim(channel.id, now=at, lease=LEASE)


async def _note(tx: Tx, channel: Channel, parent: Delivery, now: datetime, what: str = "1") -> Delivery:
    delivery, _ = await tx.deliveries.enqueue(
        channel_id=channel.id,
        kind=DeliveryKind.NOTE,
        subject=f"{parent.story_id}:{what}",
        key=f"note{parent.id}-{what}",
        due_at=now,
        now=now,
        story_id=parent.story_id,
        parent_id=parent.id,
        body={"text": "new facts: «ça»"},
    )
    return delivery


async def test_the_same_subject_is_owed_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        first = await owe_alert(tx, channel, story, now)
        again, created = await tx.deliveries.enqueue(
            channel_id=channel.id, kind=DeliveryKind.ALERT, subject=str(story.id), key="other", due_at=now, now=now
        )

    assert (again, created) == (first, False)
    assert first.state is DeliveryState.PENDING


async def test_a_claimed_delivery_is_sending_and_belongs_to_one(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await owe_alert(tx, channel, await make_story(tx, now), now)

    async def claim() -> Delivery | None:
        async with store.begin() as tx:
            return await _claim(tx, channel, now)

    claimed = [delivery for delivery in await asyncio.gather(*(claim() for _ in range(5))) if delivery is not None]

    assert [delivery.state for delivery in claimed] == [DeliveryState.SENDING]
    assert claimed[0].attempts == 1
    assert claimed[0].leased_until == now + LEASE


async def test_what_was_left_half_sent_comes_back_to_be_looked_up(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await owe_alert(tx, channel, await make_story(tx, now), now)
        await _claim(tx, channel, now)

        assert await _claim(tx, channel, now + LEASE - SECOND) is None
        assert await tx.deliveries.next_due_at() == now + LEASE
        found = await _claim(tx, channel, now + LEASE)
        assert found is not None
        assert found.state is DeliveryState.UNKNOWN

        again = await _claim(tx, channel, now + LEASE + LEASE)
        assert again is not None
        assert again.state is DeliveryState.UNKNOWN


async def test_a_confirmed_post_is_settled_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await owe_alert(tx, channel, await make_story(tx, now), now)
        await _claim(tx, channel, now)

        assert await tx.deliveries.settle_sent(alert.id, ref="m1", version=1, now=now)
        assert not await tx.deliveries.settle_sent(alert.id, ref="m2", version=1, now=now)

        sent = await tx.deliveries.get(alert.id)
        assert sent is not None
        assert (sent.state, sent.external_ref, sent.sent_at) == (DeliveryState.SENT, "m1", now)
        assert await _claim(tx, channel, now + LEASE * 9) is None
        assert await tx.deliveries.next_due_at() is None


@pytest.mark.parametrize(
    ("state", "comes_back_as"),
    [
        (DeliveryState.FAILED, DeliveryState.SENDING),
        (DeliveryState.PENDING, DeliveryState.SENDING),
        (DeliveryState.UNKNOWN, DeliveryState.UNKNOWN),
    ],
)
async def test_a_retry_waits_its_time(
    store: Store, now: datetime, state: DeliveryState, comes_back_as: DeliveryState
) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await owe_alert(tx, channel, await make_story(tx, now), now)
        await _claim(tx, channel, now)
        assert await tx.deliveries.retry(alert.id, reason="429", due_at=now + 9 * SECOND, state=state)

        assert await tx.deliveries.ready_channels(now + 8 * SECOND, 5) == ()
        assert await _claim(tx, channel, now + 8 * SECOND) is None
        assert await tx.deliveries.ready_channels(now + 9 * SECOND, 5) == (channel.id,)
        back = await _claim(tx, channel, now + 9 * SECOND)
        assert back is not None
        assert (back.state, back.attempts) == (comes_back_as, 2)


async def test_a_late_answer_of_a_former_poster_changes_nothing(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await owe_alert(tx, channel, await make_story(tx, now), now)
        former = await _claim(tx, channel, now)
        holder = await _claim(tx, channel, now + LEASE)
        assert former is not None
        assert holder is not None

        refused = await tx.deliveries.retry(former.id, reason="late", due_at=now, attempts=former.attempts)

        assert not refused
        assert await tx.deliveries.get(former.id) == holder


async def test_a_delivery_that_waits_for_its_retry_holds_back_the_younger_ones(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        first = await owe_alert(tx, channel, await make_story(tx, now, title="One"), now)
        second = await owe_alert(tx, channel, await make_story(tx, now, title="Two"), now)
        await _claim(tx, channel, now)
        await tx.deliveries.retry(first.id, reason="503", due_at=now + 30 * SECOND)

        assert await _claim(tx, channel, now + SECOND) is None
        assert await tx.deliveries.ready_channels(now + SECOND, 5) == ()
        assert await tx.deliveries.next_due_at() == now + 30 * SECOND
        order = []
        for _ in range(2):
            claimed = await _claim(tx, channel, now + 30 * SECOND)
            assert claimed is not None
            await tx.deliveries.settle_sent(claimed.id, ref="m", version=1, now=now)
            order.append(claimed.id)
        assert order == [first.id, second.id]


async def test_a_delivery_that_is_due_later_holds_nothing_back(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await owe_alert(tx, channel, await make_story(tx, now, title="Quiet"), now, due_in=3600)
        second = await owe_alert(tx, channel, await make_story(tx, now, title="Two"), now)

        claimed = await _claim(tx, channel, now)

        assert claimed is not None
        assert claimed.id == second.id


async def test_a_note_waits_for_its_alert_and_holds_nothing_back(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await owe_alert(tx, channel, await make_story(tx, now, title="One"), now, due_in=60)
        note = await _note(tx, channel, alert, now)
        other = await owe_alert(tx, channel, await make_story(tx, now, title="Two"), now)

        claimed = await _claim(tx, channel, now)
        assert claimed is not None
        assert claimed.id == other.id
        await tx.deliveries.settle_sent(other.id, ref="m", version=1, now=now)
        assert await _claim(tx, channel, now) is None

        await tx.deliveries.settle_sent(alert.id, ref="m", version=1, now=now)
        claimed = await _claim(tx, channel, now)
        assert claimed is not None
        assert claimed.id == note.id
        assert claimed.body == {"text": "new facts: «ça»"}


async def test_a_dead_alert_takes_its_notes_with_it(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await owe_alert(tx, channel, await make_story(tx, now), now)
        note = await _note(tx, channel, alert, now)

        assert await tx.deliveries.kill(alert.id, reason="the channel is gone", now=now)
        assert not await tx.deliveries.kill(alert.id, reason="again", now=now)

        counts = await tx.deliveries.counts()
        assert counts[DeliveryState.DEAD] == 2
        dead = await tx.deliveries.get(note.id)
        assert dead is not None
        assert dead.reason == "the channel is gone"
        assert not await tx.deliveries.retry(alert.id, reason=None, due_at=now)
        assert await tx.deliveries.next_due_at() is None


async def test_an_alert_whose_story_grew_is_edited_and_stays_posted(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        assert await tx.deliveries.grow(channel.id, story.id, due_at=now) is None
        alert = await owe_alert(tx, channel, story, now)
        await tx.deliveries.settle_sent(alert.id, ref="m1", version=1, now=now)

        grown = await tx.deliveries.grow(channel.id, story.id, due_at=now + 5 * SECOND)
        assert grown is not None
        assert grown.due_at == now + 5 * SECOND
        later = await tx.deliveries.grow(channel.id, story.id, due_at=now + 50 * SECOND)
        assert later is not None
        assert (later.due_at, later.wanted_version) == (now + 5 * SECOND, 3)

        edit = await _claim(tx, channel, now + 5 * SECOND)
        assert edit is not None
        assert (edit.state, edit.external_ref) == (DeliveryState.SENT, "m1")
        assert await _claim(tx, channel, now + 5 * SECOND) is None

        await tx.deliveries.retry(alert.id, reason="503", due_at=now + 10 * SECOND)
        failed = await tx.deliveries.get(alert.id)
        assert failed is not None
        assert failed.state is DeliveryState.SENT
        assert await _claim(tx, channel, now + 10 * SECOND) is not None
        assert await tx.deliveries.settle_edited(alert.id, version=3)
        assert not await tx.deliveries.settle_edited(alert.id, version=2)
        assert await _claim(tx, channel, now + LEASE * 9) is None


async def test_growing_before_the_post_does_not_postpone_it(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        await owe_alert(tx, channel, story, now)

        grown = await tx.deliveries.grow(channel.id, story.id, due_at=now + LEASE)

        assert grown is not None
        assert grown.due_at == now


async def test_only_channels_that_may_be_posted_to_are_ready(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channels = {name: await make_channel(tx, now, name) for name in ("free", "leased", "paced", "gone", "idle")}
        story = await make_story(tx, now)
        for name in ("free", "leased", "paced", "gone"):
            await owe_alert(tx, channels[name], story, now)
        await tx.channels.lease(channels["leased"].id, owner="other", now=now, until=now + LEASE)
        await tx.channels.lease(channels["paced"].id, owner="me", now=now, until=now + LEASE)
        await tx.channels.release(channels["paced"].id, owner="me", next_post_at=now + SECOND)
        await tx.channels.update(channels["gone"].id, state=ChannelState.GONE, gone_reason="archived")

        assert await tx.deliveries.ready_channels(now, 9) == (channels["free"].id,)
        assert await tx.deliveries.ready_channels(now + LEASE, 9) == tuple(
            channels[name].id for name in ("free", "leased", "paced")
        )
        assert await tx.deliveries.ready_channels(now + LEASE, 2) == (channels["free"].id, channels["leased"].id)
        await tx.deliveries.settle_sent((await tx.deliveries.of_story(story.id))[0].id, ref="m", version=1, now=now)
        assert await tx.deliveries.next_due_at() == now + SECOND


async def _alert_in(tx: Tx, channel: Channel, now: datetime, title: str, state: DeliveryState) -> Delivery:
    story = await make_story(tx, now, title=title)
    alert = await owe_alert(tx, channel, story, now)
    await tx.outcomes.add(
        channel_id=channel.id,
        article_id=story.lead_article_id,
        story_id=story.id,
        state=OutcomeState.ALERT,
        delivery_id=alert.id,
        decided_at=now,
    )
    match state:
        case DeliveryState.SENT:
            await tx.deliveries.settle_sent(alert.id, ref=title, version=1, now=now)
        case DeliveryState.DEAD:
            await tx.deliveries.kill(alert.id, reason="refused", now=now)
        case DeliveryState.SENDING:
            await tx.connection.exec_driver_sql(f"UPDATE deliveries SET state = 'sending' WHERE id = {alert.id}")
        case DeliveryState.PENDING:
            pass
        case _:
            await tx.deliveries.retry(alert.id, reason="x", due_at=now, state=state)
    found = await tx.deliveries.get(alert.id)
    assert found is not None
    return found


@pytest.mark.parametrize("older", list(DeliveryState))
@pytest.mark.parametrize("younger", list(DeliveryState))
async def test_of_two_alerts_of_one_story_at_most_the_posted_and_never_a_second_is_sent(
    sqlite_store: Store, now: datetime, older: DeliveryState, younger: DeliveryState
) -> None:
    async with sqlite_store.begin() as tx:
        channel = await make_channel(tx, now)
        one = await _alert_in(tx, channel, now, "One", older)
        two = await _alert_in(tx, channel, now, "Two", younger)
        assert one.story_id is not None
        assert two.story_id is not None

        await tx.stories.merge(two.story_id, one.story_id, now)
        await tx.stories.merge(two.story_id, one.story_id, now)

        kept = await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(one.story_id))
        assert kept is not None
        assert kept.wanted_version == 2
        other = next(row for row in await tx.deliveries.of_story(one.story_id) if row.id != kept.id)
        # What may be posted is looked up first; "it is not there" must not lead to a second alert.
        if other.state in (DeliveryState.SENDING, DeliveryState.UNKNOWN):
            await tx.deliveries.retry(other.id, reason="not there", due_at=now, state=DeliveryState.PENDING)
            found = await tx.deliveries.get(other.id)
            assert found is not None
            other = found
        was_sent = DeliveryState.SENT in (one.state, two.state)
        assert other.state in ((DeliveryState.SENT, DeliveryState.DEAD) if was_sent else (DeliveryState.DEAD,))
        assert (kept.state is DeliveryState.SENT) == was_sent
        ledger = await tx.ledger.totals()
        assert ledger.outcomes == ledger.alert + ledger.merged == 2


async def test_merged_stories_keep_one_alert_a_channel_on_both_databases(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        both, single = await make_channel(tx, now, "both"), await make_channel(tx, now, "single")
        kept, gone = await make_story(tx, now, title="Kept"), await make_story(tx, now, title="Gone")
        older = await owe_alert(tx, both, kept, now)
        younger = await owe_alert(tx, both, gone, now)
        note = await _note(tx, both, younger, now)
        alone = await owe_alert(tx, single, gone, now)
        extra = await make_article(tx, now, "Extra", story_id=gone.id)
        await tx.outcomes.add(
            channel_id=both.id,
            article_id=extra.id,
            story_id=gone.id,
            state=OutcomeState.ALERT,
            delivery_id=younger.id,
            decided_at=now,
        )

        await tx.stories.merge(gone.id, kept.id, now)

        assert [row.id for row in await tx.deliveries.of_story(kept.id)] == [older.id, younger.id, note.id, alone.id]
        moved = await tx.deliveries.find(single.id, DeliveryKind.ALERT, str(kept.id))
        assert moved is not None
        assert (moved.id, moved.wanted_version) == (alone.id, 2)
        dead = await tx.deliveries.get(younger.id)
        assert dead is not None
        assert dead.state is DeliveryState.DEAD
        assert dead.reason is not None
        assert f"story {kept.id}" in dead.reason
        waiting = await tx.deliveries.get(note.id)
        assert waiting is not None
        assert (waiting.state, waiting.parent_id) == (DeliveryState.PENDING, older.id)
        outcome = await tx.outcomes.of_article(extra.id, both.id)
        assert outcome is not None
        assert (outcome.state, outcome.delivery_id, outcome.story_id) == (OutcomeState.MERGED, older.id, kept.id)
        assert await tx.articles.of_story(gone.id, 1) == ()
        assert len(await tx.articles.of_story(kept.id, 1)) == 3
        survivor = await tx.stories.get(gone.id)
        assert survivor is not None
        assert survivor.id == kept.id


async def test_the_body_can_be_frozen_and_an_alert_has_none(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await owe_alert(tx, channel, await make_story(tx, now), now)
        assert alert.body is None

        await tx.deliveries.set_body(alert.id, {"lines": ["华为", None, 1.5]})

        frozen = await tx.deliveries.get(alert.id)
        assert frozen is not None
        assert frozen.body == {"lines": ["华为", None, 1.5]}
