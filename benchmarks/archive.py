"""A store of many articles for benchmarks: thirty days of news in stories, matched for real, some of them alerted."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby, islice
from typing import Final
from uuid import uuid4

from sqlalchemy import bindparam, update

from benchmarks.invented import Newsroom
from benchmarks.machine import progress
from handlers.drafts import ArticleDraft
from handlers.ingest.prepare import PreparedArticle, prepare
from handlers.topics.matcher import Matcher
from storage.arrivals import NewArrival
from storage.deliveries import NewDelivery
from storage.records import (
    SHARED,
    ArrivalState,
    Article,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Match,
    Outcome,
    OutcomeState,
    Pace,
    Source,
    SourceKind,
)
from storage.sources import NewSource
from storage.store import Store, Tx
from storage.tables import deliveries

DAYS: Final = 30
EVENTS: Final = 400
"""Texts that are read for real; each is told again under other headlines on other days."""
_HOUR: Final = timedelta(hours=1)
"""What was published in one hour arrives at its end, at once."""
_TOGETHER: Final = 24
"""Hours that one transaction writes."""
_TOLD_EVERY: Final = 10_000
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OUTLETS: Final = ("Example Wire", "Daily Sample", "The Invented Post", "Harbour Herald", "Evening Model")
_SENT: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"))
    .values(state=DeliveryState.SENT, external_ref="1", posted_version=1, sent_at=bindparam("at"))
)
"""What `settle_sent` leaves, for many at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filed:
    article: Article
    reading: PreparedArticle
    leads: bool
    """It starts a story; those that follow report the same event."""


async def fill(store: Store, channel: Channel, *, articles: int, now: datetime) -> tuple[str, ...]:
    """Store so many articles, with a channel that subscribes to a few topics. Gives addresses among them."""
    async with store.begin() as tx:
        topics = {topic.id: topic for topic in await tx.topics.all()}
        source, _ = await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url="https://wire.example/feed", title=_OUTLETS[0]),
            now,
        )
        for topic in list(topics.values())[:4]:
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="bench", now=now
            )
    readings, stored, urls = _readings(source, Matcher(topics.values())), 0, list[str]()
    hours = _hours(readings, source, now, articles)
    while part := list(islice(hours, _TOGETHER)):
        async with store.begin() as tx:
            await _store(tx, part, channel, set(list(topics)[:4]))
        filed = [one for hour in part for one in hour]
        if stored // _TOLD_EVERY < (stored + len(filed)) // _TOLD_EVERY:
            progress(f"{stored + len(filed):,} of {articles:,} articles stored")
        stored += len(filed)
        urls += [one.article.url or "" for one in filed[::100]]
    return tuple(urls)


def _readings(source: Source, matcher: Matcher) -> list[PreparedArticle]:
    news = Newsroom(5)
    drafts = (
        ArticleDraft(
            title=told.title,
            text="\n\n".join(told.paragraphs),
            url=f"https://wire.example/{number}",
            language="en",
            origin="bench",
        )
        for number in range(EVENTS)
        if (told := news.event(words=300, hits=(0, 0, 1, 2)[number % 4]))
    )
    readings = [prepare(draft, source, matcher) for draft in drafts]
    progress(f"{EVENTS:,} texts read")
    return readings


def _hours(readings: list[PreparedArticle], source: Source, now: datetime, articles: int) -> Iterator[list[_Filed]]:
    """So many articles, an hour's in each list, the oldest first."""
    hours = int(timedelta(days=DAYS) / _HOUR)
    filed = _filed(readings)
    for hour in range(hours):
        count = articles * (hour + 1) // hours - articles * hour // hours
        came = now - (hours - hour - 1) * _HOUR
        yield [
            replace(
                one,
                article=replace(
                    one.article,
                    source_id=source.id,
                    published_at=came - _HOUR * (count - place) / (count + 1),
                    received_at=came,
                ),
            )
            for place, one in enumerate(islice(filed, count))
        ]


def _filed(readings: list[PreparedArticle]) -> Iterator[_Filed]:
    """Without end; each as if it were of no time and no source yet."""
    chance, number = random.Random(9), 0
    while True:
        reading = chance.choice(readings)
        for place in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 9))):
            number += 1
            article = Article(
                id=0,
                workspace_id=SHARED,
                source_id=0,
                publisher=_OUTLETS[place % len(_OUTLETS)],
                title=f"{reading.title} {number}",
                text=reading.text,
                url=f"https://wire.example/{number}",
                language=reading.language,
                published_at=_NO_TIME,
                received_at=_NO_TIME,
            )
            words = f"{reading.words} {number}"
            yield _Filed(article=article, reading=replace(reading, words=words), leads=place == 0)


async def _store(tx: Tx, hours: list[list[_Filed]], channel: Channel, subscribed: set[int]) -> None:
    """Every table gets the rows that the line would write for these articles."""
    filed = [one for hour in hours for one in hour]
    if not filed:
        return
    stored = await tx.articles.add_many([(one.article, one.reading.features) for one in filed])
    await tx.identities.add_many(SHARED, [(article.id, _keys(article)) for article in stored])
    await tx.search.put_many((article.id, one.reading.words) for article, one in zip(stored, filed, strict=True))
    found = {
        article.id: [replace(match, article_id=article.id) for match in one.reading.matches]
        for article, one in zip(stored, filed, strict=True)
    }
    await tx.matches.add_many(match for matches in found.values() for match in matches)
    for came, articles in groupby(stored, key=lambda article: article.received_at):
        await _count(tx, came, list(articles), found)
    leads = [article for article, one in zip(stored, filed, strict=True) if one.leads] or [stored[0]]
    stories = await _stories(tx, stored, leads)
    wanted = {id for id, matches in found.items() if any(match.topic_id in subscribed for match in matches)}
    alerts = await _alerts(tx, [article for article in leads if article.id in wanted], stories, channel)
    starts = {article.id for article in leads}
    await tx.outcomes.add_many(
        [
            _outcome(
                article, stories[article.id], alerts.get(stories[article.id]), channel, is_lead=article.id in starts
            )
            for article in stored
            if article.id in wanted
        ]
    )


def _keys(article: Article) -> tuple[str, str]:
    """As long as real ones, and as many."""
    return f"url:{article.url}", f"hash:{sha256(article.title.encode()).hexdigest()}"


async def _count(tx: Tx, came: datetime, articles: list[Article], found: Mapping[int, Sequence[Match]]) -> None:
    """The arrivals of what came at one time."""
    await tx.arrivals.add_many(
        articles[0].source_id,
        [
            NewArrival(
                key=f"link:{article.url}",
                origin=article.url or "",
                state=ArrivalState.MATCHED if found[article.id] else ArrivalState.UNMATCHED,
                article_id=article.id,
            )
            for article in articles
        ],
        came,
    )


async def _stories(tx: Tx, stored: Sequence[Article], leads: Sequence[Article]) -> dict[int, int]:
    """The story by article: what follows a lead belongs to its story."""
    made = await tx.stories.add_many(SHARED, [article.id for article in leads], leads[0].received_at)
    by_lead = dict(zip([article.id for article in leads], made, strict=True))
    story, stories = made[0], {}
    for article in stored:
        story = stories[article.id] = by_lead.get(article.id, story)
    await tx.articles.set_stories(stories)
    return stories


async def _alerts(
    tx: Tx, leads: Sequence[Article], stories: Mapping[int, int], channel: Channel
) -> dict[int, Delivery]:
    """By story; each was posted when it came, and stands."""
    if not leads:
        return {}
    owed = await tx.deliveries.enqueue_many(
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
    await tx.connection.execute(
        _SENT,
        [{"of": delivery.id, "at": article.received_at} for article, (delivery, _) in zip(leads, owed, strict=True)],
    )
    return {stories[article.id]: delivery for article, (delivery, _) in zip(leads, owed, strict=True)}


def _outcome(article: Article, story_id: int, alert: Delivery | None, channel: Channel, *, is_lead: bool) -> Outcome:
    """A lead has an alert, what follows is merged into it; where there is none, it was held."""
    state = OutcomeState.HELD if alert is None else OutcomeState.ALERT if is_lead else OutcomeState.MERGED
    return Outcome(
        channel_id=channel.id,
        article_id=article.id,
        story_id=story_id,
        state=state,
        reason=HeldReason.BURST if alert is None else None,
        delivery_id=None if alert is None else alert.id,
        decided_at=article.received_at,
    )
