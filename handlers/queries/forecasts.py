"""How many alerts a topic will bring, judging by the stored articles, as the subscription groups them."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from handlers.queries.backfill import BACKFILL_PERIOD
from handlers.stories.same_report import ReportedArticle, is_same_report
from storage.records import Grouping
from storage.store import Tx

FORECAST_PERIOD: Final = timedelta(weeks=4)
"""A forecast counts the alerts of this period."""
_WEEK: Final = timedelta(days=7)
_MAX_ARTICLES: Final = 400
"""The newest articles that are compared one by one, for a grouping that is not normal."""
_MAX_COMPARED: Final = 30
"""Alerts of one story that a later article is compared with."""


class MatchedArticle(NamedTuple):
    at: datetime
    """When it was published, in UTC."""
    story: int
    """The same number for the articles of one story."""
    report: ReportedArticle | None
    """Needed for strict grouping only."""


async def forecast(
    tx: Tx, workspace_id: int, groupings: Mapping[int, Grouping], *, now: datetime
) -> Mapping[int, float | None]:
    """Return how many alerts per week to expect by topic id, judging by the last weeks; None: no articles yet.

    `groupings` are those of the subscriptions, by topic id. A topic that has been watched for less than a week counts
    as watched for a week, so that a busy first day is not multiplied by seven.
    """
    just_after = now + timedelta(microseconds=1)
    since, early = now - BACKFILL_PERIOD, just_after - FORECAST_PERIOD
    starts = await tx.matches.story_starts(list(groupings), workspace_id, since=since, early=early, until=just_after)
    nothing = None if await tx.articles.last_received_at(workspace_id) is None else 0.0
    expected: dict[int, float | None] = dict.fromkeys(groupings, nothing)
    for topic_id, found in starts.items():
        begins, alerts = min(max(early, found.first_at), now - _WEEK), found.later
        if groupings[topic_id] is not Grouping.NORMAL:
            matched = await _matched(tx, workspace_id, topic_id, groupings[topic_id], since=since, until=just_after)
            times = await asyncio.to_thread(alert_times, matched, groupings[topic_id])
            if len(matched) == _MAX_ARTICLES:
                begins = max(begins, matched[0].at)
            alerts = sum(at >= begins for at in times)
        expected[topic_id] = round(alerts / ((just_after - begins) / _WEEK), 2)
    return expected


async def grouping_in(tx: Tx, channel_id: int, topic_id: int) -> Grouping:
    """Return how the channel groups articles about the topic: normally if it is not subscribed."""
    subscriptions = await tx.subscriptions.of_channel(channel_id)
    return next((found.grouping for found in subscriptions if found.topic_id == topic_id), Grouping.NORMAL)


def alert_times(matched: Iterable[MatchedArticle], grouping: Grouping) -> list[datetime]:
    """Return the times of the articles that begin an alert under this grouping. CPU-bound for strict grouping."""
    times = []
    alerts: dict[int, list[ReportedArticle | None]] = {}
    for article in sorted(matched, key=lambda article: article.at):
        earlier = alerts.setdefault(article.story, [])
        if not _joins(article.report, earlier, grouping):
            times.append(article.at)
            earlier.append(article.report)
    return times


def _joins(report: ReportedArticle | None, alerts: list[ReportedArticle | None], grouping: Grouping) -> bool:
    if grouping is Grouping.NORMAL:
        return bool(alerts)
    if grouping is Grouping.OFF or report is None:
        return False
    return any(other is not None and is_same_report(report, other) for other in alerts[-_MAX_COMPARED:])


async def _matched(
    tx: Tx, workspace_id: int, topic_id: int, grouping: Grouping, *, since: datetime, until: datetime
) -> list[MatchedArticle]:
    """Return the newest articles of the topic, oldest first."""
    mentions = await tx.matches.mentions(topic_id, workspace_id, since=since, until=until, newest=_MAX_ARTICLES)
    reports: dict[int, ReportedArticle] = {}
    if grouping is Grouping.STRICT:
        found = await tx.articles.reports([mention.article_id for mention in mentions])
        reports = {id: ReportedArticle(report.title, report.publisher, report.features) for id, report in found.items()}
    return sorted(
        (
            MatchedArticle(mention.at, mention.story_id or -mention.article_id, reports.get(mention.article_id))
            for mention in mentions
        ),
        key=lambda article: article.at,
    )
