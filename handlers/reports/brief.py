"""The brief: what happened about a topic in a period, quoted and cited. The same store gives the same brief."""

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
)
from handlers.answers.times import Period
from handlers.queries.mention_counts import count_days, usual
from handlers.queries.subjects import Subject, mentions_of
from handlers.stories.quotation import find_quotation
from handlers.stories.trend import Rise, rising
from storage.records import Article, Evidence, Workspace
from storage.store import Tx

TOP: Final = 6
"""Stories that a brief quotes."""
_INSTANT: Final = timedelta(microseconds=1)
"""What happened at the very moment of the question belongs to the answer."""
SHORTEST_CHART: Final = 7
LONGEST_CHART: Final = 90
_ALSO: Final = 3
_SHARE: Final = 0.1
"""A topic that is in fewer of its articles than this does not rise with it, but beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A brief as it is for everybody."""

    brief: Brief
    first_received: Sequence[datetime]
    """When the first article of each story came."""

    def read_by(self, last_read_at: datetime | None) -> Brief:
        """The brief for a person who last read one about it then."""
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
) -> Composed:
    """The brief, without its buttons; one of no stories where nothing was published in the period.

    The same arguments and the same store give the same answer.
    """
    since, until = now - period.length, now
    just_after = until + _INSTANT
    days = min(max(round(period.length / timedelta(days=1)), SHORTEST_CHART), LONGEST_CHART)
    found = await _find(tx, workspace.id, subject, since=since, until=just_after, now=now)
    wanted = [id for story in found.top for id in story.ids]
    articles = await tx.articles.by_ids(wanted)
    evidence = await _evidence(tx, subject, found, wanted)
    chart = await count_days(tx, workspace.id, subject, found.times, until=until, zone=zone, days=days)
    average = await usual(tx, workspace.id, subject, since=since, until=until)
    drawn = await asyncio.to_thread(_draw, found.top, articles, evidence)
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
        stories=drawn.lines,
        also=await _also(
            tx, workspace.id, subject, found.articles, since=since, until=until, known=average is not None
        ),
        said=drawn.said,
        references=drawn.references,
        time_zone=zone.key,
    )
    return Composed(brief=brief, first_received=found.first_received)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    articles: int
    first_received: Sequence[datetime]
    """Of each story."""
    top: tuple[MentionedStory, ...]
    times: Sequence[datetime] = ()
    """Of a query's mentions; a topic's are counted where they are stored."""
    evidence: Mapping[int, Sequence[Evidence]]


async def _find(
    tx: Tx, workspace_id: int, subject: Subject, *, since: datetime, until: datetime, now: datetime
) -> _Found:
    if subject.topic is None:
        hits = await mentions_of(tx, workspace_id, subject, since=since, until=until)
        stories = await asyncio.to_thread(group_mentions, hits.all, now=now)
        return _Found(
            articles=len(hits.all),
            first_received=[story.first_received_at for story in stories],
            top=stories[:TOP],
            times=[mention.at for mention in hits.all],
            evidence=hits.evidence,
        )
    tallies = await tx.matches.tallies(subject.topic.id, workspace_id, since=since, until=until)
    best = [tally.story_id for tally in await asyncio.to_thread(rank_tallies, tallies, now=now)][:TOP]
    mentions = await tx.matches.mentions(subject.topic.id, workspace_id, since=since, until=until, stories=best)
    return _Found(
        articles=sum(tally.articles for tally in tallies),
        first_received=[tally.first_received_at for tally in tallies],
        top=group_mentions(mentions, now=now),
        evidence={},
    )


async def _evidence(tx: Tx, subject: Subject, found: _Found, ids: Sequence[int]) -> Mapping[int, Sequence[Evidence]]:
    if subject.topic is None:
        return found.evidence
    return await tx.matches.evidence(subject.topic.id, ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    lines: tuple[StoryLine, ...]
    references: tuple[tuple[int, Link, Report], ...]
    said: Quote | None


def _draw(
    stories: Sequence[MentionedStory], articles: Mapping[int, Article], evidence: Mapping[int, Sequence[Evidence]]
) -> _Drawn:
    quoted = [found for story in stories if (found := quote_story(story, articles, evidence)) is not None]
    numbers: dict[int, int] = {}
    cited: dict[int, Article] = {}

    def cite(*sources: Article) -> tuple[int, ...]:
        for article in sources:
            cited[article.id] = article
            numbers.setdefault(article.id, len(numbers) + 1)
        return tuple(numbers[article.id] for article in sources)

    lines = tuple(_cited(one.line, cite(*one.articles)) for one in quoted)
    words = _said(quoted)
    spoken = None if words is None else Quote(text=words[1].text, bold=words[1].bold, cites=cite(words[0]))
    return _Drawn(
        lines=lines,
        references=tuple(
            (number, Link(text=cited[id].publisher, url=cited[id].url), report(cited[id]))
            for id, number in numbers.items()
        ),
        said=spoken,
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


_kept_said: Final = lru_cache(maxsize=1_024)(find_quotation)
"""As quotations are kept: the stories of the day are in everybody's brief."""


def _said(quoted: Sequence[QuotedStory]) -> tuple[Article, Quote] | None:
    """The first quotation of a person in the order of the stories that is not quoted already."""
    shown = {one.line.sentence.text for one in quoted}
    for one in quoted:
        for article in one.articles:
            find = _kept_said if len(article.text) <= CACHED_CHARS else find_quotation
            span = find(article.text, article.language)
            if span is not None and span.text not in shown:
                return article, Quote(text=span.text)
    return None


async def _also(
    tx: Tx,
    workspace_id: int,
    subject: Subject,
    articles: int,
    *,
    since: datetime,
    until: datetime,
    known: bool,
) -> tuple[tuple[str, str], ...]:
    """Topics in the same articles that are mentioned with it more than in the period before."""
    if subject.topic is None or not known:
        return ()
    beside = await tx.matches.related_topics(subject.topic.id, workspace_id, since=since)
    enough = {id: count for id, count in beside.items() if count >= _SHARE * articles}
    if not enough:
        return ()
    before = await tx.matches.related_topics(subject.topic.id, workspace_id, since=since - (until - since), until=since)
    topics = {topic.id: topic for topic in await tx.topics.visible(workspace_id)}
    rises: list[Rise] = [rise for rise in rising(enough, before) if rise.topic_id in topics]
    return tuple((topics[rise.topic_id].title, rise.label) for rise in rises[:_ALSO])
