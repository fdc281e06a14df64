"""The ledger: its sums agree after any sequence of events, and each arrival counts once."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from storage.arrivals import NewArrival
from storage.records import ArrivalState, Channel, DeliveryState, HeldReason, OutcomeState, Story, Topic
from storage.store import Store, Tx
from tests.support.stores import enqueue_alert, make_article, make_channel, make_source, make_story, make_topic


class RandomEvents:
    """Lets random events happen. An event that is not possible at the time has no effect."""

    def __init__(self, tx: Tx, chance: random.Random, now: datetime, channels: Sequence[Channel], topic: Topic) -> None:
        self.tx, self.chance, self.now, self.channels, self.topic = tx, chance, now, channels, topic
        self.stories: list[int] = []
        self.arrivals = 0

    async def next(self) -> None:
        self.now += timedelta(seconds=self.chance.randint(1, 90))
        frequent, rare = (self.arrive, self.deliver), (self.fail, self.repeat, self.kill, self.merge, self.remove_topic)
        event = self.chance.choice((*frequent, *frequent, *frequent, *rare))
        await event()

    async def arrive(self) -> None:
        tx, now = self.tx, self.now
        source, matched = await make_source(tx, now), self.chance.random() < 0.7
        state = ArrivalState.MATCHED if matched else ArrivalState.UNMATCHED
        article = await make_article(tx, now, f"Title {self.arrivals}")
        await self._arrival(state, article.id)
        assert source.id == article.source_id
        if not matched:
            return
        if self.stories and self.chance.random() < 0.5:
            story = await tx.stories.get(self.chance.choice(self.stories))
        else:
            story = await tx.stories.add(workspace_id=0, lead_article_id=article.id, now=now)
            self.stories.append(story.id)
        assert story is not None
        await tx.articles.set_stories({article.id: story.id})
        for channel in self.channels:
            alert = await tx.deliveries.request_edit(channel.id, story.id, due_at=now)
            if self.chance.random() < 0.3:
                outcome, delivery, reason = OutcomeState.HELD, None, self.chance.choice(list(HeldReason))
            elif alert is None:
                alert = await enqueue_alert(tx, channel, story, now)
                outcome, delivery, reason = OutcomeState.ALERT, alert.id, None
            else:
                outcome, delivery, reason = OutcomeState.MERGED, alert.id, None
            for _ in range(2):
                await tx.outcomes.add(
                    channel_id=channel.id,
                    article_id=article.id,
                    story_id=story.id,
                    state=outcome,
                    reason=reason,
                    delivery_id=delivery,
                    decided_at=now,
                )

    async def _arrival(self, state: ArrivalState, article_id: int | None, *, key: str | None = None) -> None:
        source = await make_source(self.tx, self.now)
        arrival = NewArrival(
            key=key or f"key {self.arrivals}",
            origin="feed",
            state=state,
            reason="unreadable" if state is ArrivalState.FAILED else None,
            article_id=article_id,
        )
        self.arrivals += 1 - len(await self.tx.arrivals.add_many(source.id, [arrival], self.now))

    async def fail(self) -> None:
        await self._arrival(ArrivalState.FAILED, None)

    async def repeat(self) -> None:
        await self._arrival(ArrivalState.FAILED, None, key="key 0")
        recent = await self.tx.articles.recent(0, since=self.now - timedelta(days=9), limit=50)
        if recent:
            await self._arrival(ArrivalState.DUPLICATE, self.chance.choice(recent).id)

    async def deliver(self) -> None:
        channel = self.chance.choice(self.channels)
        claimed = await self.tx.deliveries.claim(channel.id, now=self.now, lease=timedelta(seconds=30))
        if claimed is None:
            return
        later = self.now + timedelta(seconds=self.chance.randint(0, 60))
        match self.chance.randint(0, 4):
            case 0:
                await self.tx.deliveries.retry(claimed.id, reason="503", due_at=later)
            case 1:
                await self.tx.deliveries.retry(claimed.id, reason="?", due_at=later, state=DeliveryState.UNKNOWN)
            case 2:
                pass  # the process was killed
            case _ if claimed.state is DeliveryState.SENT:
                await self.tx.deliveries.settle_edited(claimed.id, version=claimed.wanted_version)
            case _:
                await self.tx.deliveries.settle_sent(claimed.id, ref="m", version=claimed.wanted_version, now=self.now)

    async def kill(self) -> None:
        if self.stories:
            for delivery in (await self.tx.deliveries.of_story(self.chance.choice(self.stories)))[:1]:
                await self.tx.deliveries.kill(delivery.id, reason="refused", now=self.now)

    async def merge(self) -> None:
        if len(self.stories) > 1:
            from_id, into_id = self.chance.sample(self.stories, 2)
            await self.tx.stories.merge(from_id, into_id, self.now)

    async def remove_topic(self) -> None:
        await self.tx.topics.remove(self.topic.id)


@pytest.mark.parametrize("seed", range(2))
async def test_the_sums_agree_after_every_event(store: Store, now: datetime, seed: int) -> None:
    async with store.begin() as tx:
        channels = [await make_channel(tx, now, name) for name in ("one", "two")]
        events = RandomEvents(tx, random.Random(seed), now, channels, await make_topic(tx, now))
        for _ in range(50):
            await events.next()
            ledger = await tx.ledger.totals()
            assert ledger.agrees, ledger
            assert ledger.arrivals == events.arrivals
            assert ledger.deliveries_by_state == await tx.deliveries.counts()
            sending = ledger.deliveries_by_state[DeliveryState.SENDING]
            assert sending <= len(channels)


RESULTS: dict[str, Sequence[OutcomeState | DeliveryState]] = {
    "matched": (),
    "held": (OutcomeState.HELD,),
    "merged": (OutcomeState.HELD, OutcomeState.MERGED),
    "dead": (DeliveryState.DEAD, OutcomeState.MERGED),
    "pending": (DeliveryState.PENDING, DeliveryState.DEAD),
    "sent": (DeliveryState.PENDING, DeliveryState.SENT),
}
"""The result of an article as the ledger counts it, and its state in each of two channels."""


async def test_every_arrival_is_counted_once_by_its_furthest_result(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)
        channels = [await make_channel(tx, now, name) for name in ("one", "two")]
        for result, states in RESULTS.items():
            story = await make_story(tx, now, title=result)
            arrival = NewArrival(
                key=result, origin="feed", state=ArrivalState.MATCHED, article_id=story.lead_article_id
            )
            await tx.arrivals.add_many(source.id, [arrival], now)
            for channel, state in zip(channels, states, strict=False):
                await _decide(tx, channel, story, state, now)
        article = await make_article(tx, now, "Without a match")
        others = [
            NewArrival(key=state, origin="feed", state=state, article_id=article.id)
            for state in (ArrivalState.UNMATCHED, ArrivalState.DUPLICATE)
        ]
        failed = NewArrival(key="f", origin="file", state=ArrivalState.FAILED, reason="empty")
        await tx.arrivals.add_many(source.id, [*others, failed], now)

        ledger = await tx.ledger.totals()

    names = (*RESULTS, "unmatched", "duplicate", "failed")
    assert {name: getattr(ledger.ended, name) for name in names} == dict.fromkeys(names, 1)
    assert ledger.agrees


async def _decide(tx: Tx, channel: Channel, story: Story, state: OutcomeState | DeliveryState, now: datetime) -> None:
    """Store an outcome for the story's article in the channel, with an alert in that state if it is one of delivery."""
    delivery_id = None
    if isinstance(state, DeliveryState):
        delivery_id = (await enqueue_alert(tx, channel, story, now)).id
        if state is DeliveryState.SENT:
            await tx.deliveries.settle_sent(delivery_id, ref="m", version=1, now=now)
        if state is DeliveryState.DEAD:
            await tx.deliveries.kill(delivery_id, reason="refused", now=now)
    await tx.outcomes.add(
        channel_id=channel.id,
        article_id=story.lead_article_id,
        story_id=story.id,
        state=OutcomeState.ALERT if isinstance(state, DeliveryState) else state,
        reason=HeldReason.QUIET if state is OutcomeState.HELD else None,
        delivery_id=delivery_id,
        decided_at=now,
    )


async def test_an_empty_ledger_agrees(store: Store) -> None:
    async with store.read() as tx:
        ledger = await tx.ledger.totals()

    assert ledger.agrees
    assert ledger.ended.total == 0
