"""The brief: what happened about a subject in a period, quoted and cited. The same store gives the same brief."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.answer import Brief
from handlers.answers.charts import days_chart
from handlers.answers.parts import Link, Quote, Report, StoryLine
from handlers.answers.story_lines import (
    CACHED_CHARS,
    MentionedStory,
    QuotedStory,
    group_mentions,
    quote_story,
    rank_tallies,
    report,
    with_outlets,
)
from handlers.answers.times import Period
from handlers.queries.mention_counts import LocalDays, count_days, usual
from handlers.queries.quotable import quotable
from handlers.queries.subjects import Subject, mentions_of
from handlers.stories.quotation import find_quotation
from handlers.stories.trend import Rise, rising
from storage.records import Article, Evidence, Workspace
from storage.store import Tx

MAX_STORIES: Final = 6
"""Stories that a brief quotes."""
_INSTANT: Final = timedelta(microseconds=1)
"""Added to the end of the period, so that it includes the time of the request."""
SHORTEST_CHART: Final = 7
LONGEST_CHART: Final = 90
"""The limits of the chart, in days."""
_MAX_RISING: Final = 3
"""Rising topics that a brief names."""
_MIN_SHARE: Final = 0.1
"""A rising topic must occur in at least this share of the subject's articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedBrief:
    """A brief before it is adapted to its reader."""

    brief: Brief
    first_received: Sequence[datetime]
    """When the first article of each story was received."""

    def for_reader(self, last_read_at: datetime | None) -> Brief:
        """Return the brief for a person who last read a brief about the subject at `last_read_at` (UTC)."""
        if last_read_at is None:
            return self.brief
        fresh = sum(first >= last_read_at for first in self.first_received)
        return replace(self.brief, fresh=fresh, last_read_at=last_read_at)


async def compose_brief(
    tx: Tx,
    workspace: Workspace,
    subject: Subject,
    *,
    period: Period,
    now: datetime,
    zone: ZoneInfo,
) -> ComposedBrief:
    """Return the brief without buttons. It has no stories if nothing was published in the period.

    `now` (UTC) is the end of the period; days are those of `zone`. The same arguments and store give the same brief.
    """
    since, until = now - period.length, now
    just_after = until + _INSTANT
    days = min(max(round(period.length / timedelta(days=1)), SHORTEST_CHART), LONGEST_CHART)
    found = await _find(tx, workspace.id, subject, since=since, until=just_after, now=now)
    article_ids = [id for story in found.top for id in story.ids]
    articles = await quotable(tx, await tx.articles.by_ids(article_ids))
    evidence = await _evidence(tx, subject, found, article_ids)
    chart = await count_days(tx, workspace.id, subject, found.times, LocalDays(until=until, zone=zone, count=days))
    average = await usual(tx, workspace.id, subject, since=since, until=until)
    also: tuple[tuple[str, str], ...] = ()
    if average is not None:
        also = await _also(tx, workspace.id, subject, found.articles, since=since, until=until)
    content = await asyncio.to_thread(_content, found.top, articles, evidence)
    brief = Brief(
        topic=subject.title,
        topic_id=subject.topic.id if subject.topic else None,
        since=since,
        until=until,
        period=period.label,
        articles=found.articles,
        total_stories=len(found.first_received),
        usual=average,
        fresh=None,
        last_read_at=None,
        chart=days_chart([(subject.title, chart)], until=until, zone=zone),
        stories=content.lines,
        also=also,
        said=content.said,
        references=content.references,
        time_zone=zone.key,
    )
    return ComposedBrief(brief=brief, first_received=found.first_received)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    articles: int
    first_received: Sequence[datetime]
    """When the first article of each story was received."""
    top: tuple[MentionedStory, ...]
    """The most important stories."""
    times: Sequence[datetime] = ()
    """The times of a query's mentions. Those of a topic are counted in the database."""
    evidence: Mapping[int, Sequence[Evidence]]


async def _find(
    tx: Tx, workspace_id: int, subject: Subject, *, since: datetime, until: datetime, now: datetime
) -> _Found:
    if subject.topic is None:
        mentions = await mentions_of(tx, workspace_id, subject, since=since, until=until)
        stories = await asyncio.to_thread(group_mentions, mentions.all, now=now)
        return _Found(
            articles=len(mentions.all),
            first_received=[story.first_received_at for story in stories],
            top=await _with_outlets(tx, workspace_id, stories[:MAX_STORIES]),
            times=[mention.at for mention in mentions.all],
            evidence=mentions.evidence,
        )
    tallies = await tx.matches.tallies(subject.topic.id, workspace_id, since=since, until=until)
    best = [tally.story_id for tally in await asyncio.to_thread(rank_tallies, tallies, now=now)][:MAX_STORIES]
    best_mentions = await tx.matches.mentions(subject.topic.id, workspace_id, since=since, until=until, stories=best)
    return _Found(
        articles=sum(tally.articles for tally in tallies),
        first_received=[tally.first_received_at for tally in tallies],
        top=await _with_outlets(tx, workspace_id, group_mentions(best_mentions, now=now)),
        evidence={},
    )


async def _with_outlets(tx: Tx, workspace_id: int, stories: Sequence[MentionedStory]) -> tuple[MentionedStory, ...]:
    ids = [story.story_id for story in stories]
    return with_outlets(stories, await tx.articles.publishers_of_stories(ids, workspace_id))


async def _evidence(tx: Tx, subject: Subject, found: _Found, ids: Sequence[int]) -> Mapping[int, Sequence[Evidence]]:
    if subject.topic is None:
        return found.evidence
    return await tx.matches.evidence(subject.topic.id, ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    lines: tuple[StoryLine, ...]
    references: tuple[tuple[int, Link, Report], ...]
    said: Quote | None


def _content(
    stories: Sequence[MentionedStory], articles: Mapping[int, Article], evidence: Mapping[int, Sequence[Evidence]]
) -> _Content:
    quoted = [line for story in stories if (line := quote_story(story, articles, evidence)) is not None]
    numbers: dict[int, int] = {}
    cited: dict[int, Article] = {}

    def cite(*sources: Article) -> tuple[int, ...]:
        for article in sources:
            cited[article.id] = article
            numbers.setdefault(article.id, len(numbers) + 1)
        return tuple(numbers[article.id] for article in sources)

    lines = tuple(_cited(story.line, cite(*story.articles)) for story in quoted)
    said = None
    if (found := _quotation(quoted)) is not None:
        article, quote = found
        said = Quote(text=quote.text, bold=quote.bold, cites=cite(article))
    return _Content(
        lines=lines,
        references=tuple(
            (number, Link(text=cited[id].publisher, url=cited[id].url), report(cited[id]))
            for id, number in numbers.items()
        ),
        said=said,
    )


def _cited(line: StoryLine, cites: tuple[int, ...]) -> StoryLine:
    return StoryLine(
        story_id=line.story_id,
        headline=line.headline,
        sources=line.sources,
        articles=line.articles,
        sentence=Quote(text=line.sentence.text, bold=line.sentence.bold, cites=cites),
        report=line.report,
    )


_cached_quotation: Final = lru_cache(maxsize=1_024)(find_quotation)
"""Cached, as the stories of the day are in many briefs."""


def _quotation(quoted: Sequence[QuotedStory]) -> tuple[Article, Quote] | None:
    """Return the first quotation of a person, in the order of the stories, that is not a quoted sentence already."""
    shown = {story.line.sentence.text for story in quoted}
    for story in quoted:
        for article in story.articles:
            find = _cached_quotation if len(article.text) <= CACHED_CHARS else find_quotation
            span = find(article.text, article.language)
            if span is not None and span.text not in shown:
                return article, Quote(text=span.text)
    return None


async def _also(
    tx: Tx, workspace_id: int, subject: Subject, articles: int, *, since: datetime, until: datetime
) -> tuple[tuple[str, str], ...]:
    """Return topics that occur in the subject's articles more often than in the period before, and the increase."""
    if subject.topic is None:
        return ()
    counts = await tx.matches.related_topics(subject.topic.id, workspace_id, since=since)
    frequent = {id: count for id, count in counts.items() if count >= _MIN_SHARE * articles}
    if not frequent:
        return ()
    before = await tx.matches.related_topics(subject.topic.id, workspace_id, since=since - (until - since), until=since)
    topics = {topic.id: topic for topic in await tx.topics.visible(workspace_id)}
    rises: list[Rise] = [rise for rise in rising(frequent, before) if rise.topic_id in topics]
    return tuple((topics[rise.topic_id].title, rise.label) for rise in rises[:_MAX_RISING])
