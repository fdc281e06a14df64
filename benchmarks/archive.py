"""A store of many articles for benchmarks: thirty days of news in stories, matched for real, some of them alerted."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import uuid4

from benchmarks.invented import Newsroom
from benchmarks.machine import progress
from handlers.drafts import ArticleDraft
from handlers.prepare import Reading, read
from handlers.topics.matcher import Matcher
from storage.arrivals import NewArrival
from storage.deliveries import NewDelivery
from storage.records import (
    SHARED,
    ArrivalState,
    Article,
    Channel,
    DeliveryKind,
    HeldReason,
    Outcome,
    OutcomeState,
    Pace,
    Source,
    SourceKind,
)
from storage.store import Store, Tx

DAYS: Final = 30
EVENTS: Final = 1_000
"""Texts that are read for real; each is told again under other headlines on other days."""
_BATCH: Final = 2_500
_SLOT: Final = timedelta(minutes=10)
"""They arrive so often, many at once."""
_OUTLETS: Final = ("Example Wire", "Daily Sample", "The Invented Post", "Harbour Herald", "Evening Model")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filed:
    article: Article
    reading: Reading
    leads: bool
    """It starts a story; those that follow report the same event."""


async def fill(store: Store, channel: Channel, *, articles: int, now: datetime) -> tuple[str, ...]:
    """Store so many articles, with a channel that subscribes to a few topics. Gives addresses among them."""
    async with store.begin() as tx:
        topics = {topic.id: topic for topic in await tx.topics.all()}
        source, _ = await tx.sources.ensure(
            workspace_id=SHARED, kind=SourceKind.FEED, url="https://wire.example/feed", title=_OUTLETS[0], now=now
        )
        for topic in list(topics.values())[:4]:
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="bench", now=now
            )
    readings = _readings(source, Matcher(topics.values()))
    filed, stored, urls = _filed(readings, source, now, articles), 0, []
    while part := list(islice(filed, min(_BATCH, articles - stored))):
        async with store.begin() as tx:
            await _store(tx, part, channel, set(list(topics)[:4]))
        stored += len(part)
        urls += [one.article.url or "" for one in part[::100]]
        if stored % 10_000 == 0:
            progress(f"{stored:,} of {articles:,} articles stored")
    return tuple(urls)


def _readings(source: Source, matcher: Matcher) -> list[Reading]:
    news, readings = Newsroom(5), []
    for number in range(EVENTS):
        told = news.event(words=300, hits=(0, 0, 1, 2)[number % 4])
        draft = ArticleDraft(
            title=told.title,
            text="\n\n".join(told.paragraphs),
            url=f"https://wire.example/{number}",
            language="en",
            origin="bench",
        )
        readings.append(read(draft, source, matcher))
        if (number + 1) % 500 == 0:
            progress(f"{number + 1:,} of {EVENTS:,} texts read")
    return readings


def _filed(readings: list[Reading], source: Source, now: datetime, articles: int) -> Iterator[_Filed]:
    chance, number = random.Random(9), 0
    oldest = now - timedelta(days=DAYS)
    while True:
        reading = chance.choice(readings)
        for place in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 9))):
            number += 1
            at = oldest + _SLOT * (number * (timedelta(days=DAYS) // _SLOT) // articles)
            title = f"{reading.title} {number}"
            article = Article(
                id=0,
                workspace_id=SHARED,
                source_id=source.id,
                publisher=_OUTLETS[place % len(_OUTLETS)],
                title=title,
                text=reading.text,
                url=f"https://wire.example/{number}",
                language=reading.language,
                published_at=at,
                received_at=at,
            )
            words = f"{reading.words} {number}"
            yield _Filed(article=article, reading=replace(reading, words=words), leads=place == 0)


async def _store(tx: Tx, filed: list[_Filed], channel: Channel, subscribed: set[int]) -> None:
    stored = await tx.articles.add_many([(one.article, one.reading.features) for one in filed])
    await tx.articles.add_keys_many(SHARED, [(article.id, [f"url:{article.url}"]) for article in stored])
    await tx.search.put_many((article.id, one.reading.words) for article, one in zip(stored, filed, strict=True))
    found = [
        (replace(match, article_id=article.id), article)
        for article, one in zip(stored, filed, strict=True)
        for match in one.reading.found
    ]
    by_time: dict[datetime, list[int]] = {}
    for place, (_, article) in enumerate(found):
        by_time.setdefault(article.received_at, []).append(place)
    for at, places in by_time.items():
        await tx.matches.add_many([found[place][0] for place in places], at)
    leads = [article for article, one in zip(stored, filed, strict=True) if one.leads] or [stored[0]]
    by_lead = dict(
        zip(
            [article.id for article in leads],
            await tx.stories.add_many(SHARED, [article.id for article in leads], leads[0].received_at),
            strict=True,
        )
    )
    story, stories = by_lead[leads[0].id], {}
    for article in stored:
        story = stories[article.id] = by_lead.get(article.id, story)
    await tx.articles.set_stories(stories)
    matched = {match.article_id for match, _ in found}
    wanted = {match.article_id for match, _ in found if match.topic_id in subscribed}
    await _decide(tx, [article for article in leads if article.id in wanted], stories, channel)
    held = [
        Outcome(
            channel_id=channel.id,
            article_id=article.id,
            story_id=stories[article.id],
            state=OutcomeState.HELD,
            reason=HeldReason.BURST,
            decided_at=article.received_at,
        )
        for article in stored
        if article.id in wanted and article.id not in by_lead
    ]
    await tx.outcomes.add_many(held)
    await tx.arrivals.add_many(
        stored[0].source_id,
        [
            NewArrival(
                key=f"link:{article.url}",
                origin=article.url or "",
                state=ArrivalState.MATCHED if article.id in matched else ArrivalState.UNMATCHED,
                reason=None,
                article_id=article.id,
            )
            for article in stored
        ],
        stored[-1].received_at,
    )


async def _decide(tx: Tx, leads: list[Article], stories: dict[int, int], channel: Channel) -> None:
    """Each story's first article has an alert, which stands."""
    if not leads:
        return
    owed = await tx.deliveries.owe_many(
        [
            NewDelivery(
                channel_id=channel.id,
                kind=DeliveryKind.ALERT,
                subject=str(stories[article.id]),
                key=uuid4().hex[:25],
                story_id=stories[article.id],
                due_at=article.received_at,
            )
            for article in leads
        ],
        leads[0].received_at,
    )
    for article, (delivery, _) in zip(leads, owed, strict=True):
        await tx.deliveries.settle_sent(delivery.id, ref="1", version=1, now=article.received_at)
    await tx.outcomes.add_many(
        [
            Outcome(
                channel_id=channel.id,
                article_id=article.id,
                story_id=stories[article.id],
                state=OutcomeState.ALERT,
                delivery_id=delivery.id,
                decided_at=article.received_at,
            )
            for article, (delivery, _) in zip(leads, owed, strict=True)
        ]
    )
