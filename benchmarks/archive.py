"""Fills a database with many articles for benchmarks: thirty days of news in stories, with real matches and alerts."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby, islice
from typing import Final
from uuid import uuid4

from sqlalchemy import bindparam, update

from benchmarks.invented import NewsGenerator
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
"""Number of different texts. Each is stored many times, with different headlines on different days."""
_HOUR: Final = timedelta(hours=1)
"""All articles that were published in one hour arrive together at its end."""
_HOURS_PER_TRANSACTION: Final = 24
_PROGRESS_EVERY: Final = 10_000
"""Articles."""
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OUTLETS: Final = ("Example Wire", "Daily Sample", "The Invented Post", "Harbour Herald", "Evening Model")
_SENT: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"))
    .values(state=DeliveryState.SENT, external_ref="1", posted_version=1, sent_at=bindparam("at"))
)
"""Does what `Settling.settle_sent` does, for many deliveries at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewArticle:
    article: Article
    prepared: PreparedArticle
    is_lead: bool
    """It starts a story. The articles after it, up to the next lead, report the same event."""


async def fill(store: Store, channel: Channel, *, articles: int, now: datetime) -> tuple[str, ...]:
    """Store that many articles, subscribe the channel to four topics, and return the URLs of some of the articles."""
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
    texts, stored, urls = _prepare_texts(source, Matcher(topics.values())), 0, list[str]()
    hours = _hours(texts, source, now, articles)
    while part := list(islice(hours, _HOURS_PER_TRANSACTION)):
        new = [article for hour in part for article in hour]
        async with store.begin() as tx:
            await _store(tx, new, channel, set(list(topics)[:4]))
        if stored // _PROGRESS_EVERY < (stored + len(new)) // _PROGRESS_EVERY:
            progress(f"{stored + len(new):,} of {articles:,} articles stored")
        stored += len(new)
        urls += [article.article.url or "" for article in new[::100]]
    return tuple(urls)


def _prepare_texts(source: Source, matcher: Matcher) -> list[PreparedArticle]:
    news = NewsGenerator(5)
    prepared = []
    for number in range(EVENTS):
        article = news.article(words=300, topic_sentences=(0, 0, 1, 2)[number % 4])
        draft = ArticleDraft(
            title=article.title,
            text="\n\n".join(article.paragraphs),
            url=f"https://wire.example/{number}",
            language="en",
            origin="bench",
        )
        prepared.append(prepare(draft, source, matcher))
    progress(f"{EVENTS:,} texts matched")
    return prepared


def _hours(texts: list[PreparedArticle], source: Source, now: datetime, articles: int) -> Iterator[list[_NewArticle]]:
    """Yield that many articles in one list per hour, oldest first."""
    hours = int(timedelta(days=DAYS) / _HOUR)
    undated = _undated_articles(texts)
    for hour in range(hours):
        count = articles * (hour + 1) // hours - articles * hour // hours
        received_at = now - (hours - hour - 1) * _HOUR
        yield [
            replace(
                new,
                article=replace(
                    new.article,
                    source_id=source.id,
                    published_at=received_at - _HOUR * (count - position) / (count + 1),
                    received_at=received_at,
                ),
            )
            for position, new in enumerate(islice(undated, count))
        ]


def _undated_articles(texts: list[PreparedArticle]) -> Iterator[_NewArticle]:
    """Yield articles without end. Their times and their source are set later."""
    chance, number = random.Random(9), 0
    while True:
        text = chance.choice(texts)
        for position in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 9))):
            number += 1
            article = Article(
                id=0,
                workspace_id=SHARED,
                source_id=0,
                publisher=_OUTLETS[position % len(_OUTLETS)],
                title=f"{text.title} {number}",
                text=text.text,
                url=f"https://wire.example/{number}",
                language=text.language,
                published_at=_NO_TIME,
                received_at=_NO_TIME,
            )
            words = f"{text.words} {number}"
            yield _NewArticle(article=article, prepared=replace(text, words=words), is_lead=position == 0)


async def _store(tx: Tx, new: list[_NewArticle], channel: Channel, subscribed: set[int]) -> None:
    """Write the rows that `Ingest` would write for these articles, in every table."""
    if not new:
        return
    stored = await tx.articles.add_many([(each.article, each.prepared.features) for each in new])
    await tx.identities.add_many(SHARED, [(article.id, _keys(article)) for article in stored])
    await tx.search.put_many((article.id, each.prepared.words) for article, each in zip(stored, new, strict=True))
    found = {
        article.id: [replace(match, article_id=article.id) for match in each.prepared.matches]
        for article, each in zip(stored, new, strict=True)
    }
    await tx.matches.add_many(match for matches in found.values() for match in matches)
    for received_at, articles in groupby(stored, key=lambda article: article.received_at):
        await _store_arrivals(tx, received_at, list(articles), found)
    leads = [article for article, each in zip(stored, new, strict=True) if each.is_lead] or [stored[0]]
    stories = await _store_stories(tx, stored, leads)
    wanted = {id for id, matches in found.items() if any(match.topic_id in subscribed for match in matches)}
    alerts = await _store_alerts(tx, [article for article in leads if article.id in wanted], stories, channel)
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
    """Return as many identity keys as an article of a feed has, of the same length."""
    return f"url:{article.url}", f"hash:{sha256(article.title.encode()).hexdigest()}"


async def _store_arrivals(
    tx: Tx, received_at: datetime, articles: list[Article], found: Mapping[int, Sequence[Match]]
) -> None:
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
        received_at,
    )


async def _store_stories(tx: Tx, stored: Sequence[Article], leads: Sequence[Article]) -> dict[int, int]:
    """Return the story id of each article, by article id. Articles after a lead belong to its story."""
    created = await tx.stories.add_many(SHARED, [article.id for article in leads], leads[0].received_at)
    by_lead = dict(zip([article.id for article in leads], created, strict=True))
    story, stories = created[0], {}
    for article in stored:
        story = stories[article.id] = by_lead.get(article.id, story)
    await tx.articles.set_stories(stories)
    return stories


async def _store_alerts(
    tx: Tx, leads: Sequence[Article], stories: Mapping[int, int], channel: Channel
) -> dict[int, Delivery]:
    """Store an alert for each lead as posted when it arrived. Return the alerts by story id."""
    if not leads:
        return {}
    enqueued = await tx.deliveries.enqueue_many(
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
        [
            {"of": delivery.id, "at": article.received_at}
            for article, (delivery, _) in zip(leads, enqueued, strict=True)
        ],
    )
    return {stories[article.id]: delivery for article, (delivery, _) in zip(leads, enqueued, strict=True)}


def _outcome(article: Article, story_id: int, alert: Delivery | None, channel: Channel, *, is_lead: bool) -> Outcome:
    """Return the outcome: a lead starts the alert, later articles are merged into it. Without an alert it was held."""
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
