"""/trend: a chart of mentions per day for one topic or two, with its figures in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply, Trend
from handlers.answers.charts import days_chart, full_days
from handlers.answers.parts import Button, Row
from handlers.answers.serialize import serialize
from handlers.answers.times import Period, counted, rate, read_period
from handlers.commands.brief import subject_ref
from handlers.commands.call import Call, Tools, data_version
from handlers.queries.mention_counts import LocalDays, count_days, usual
from handlers.queries.subjects import Subject, find_subject, mentions_of
from storage.store import Tx

MIN_DAYS: Final = 7
MAX_DAYS: Final = 90
_MAX_OFFERED: Final = 5
"""Topics offered for comparison."""


async def trend(tools: Tools, call: Call) -> Reply:
    """Chart the mentions of a topic or a query, or of two. Raises: UserError, QueryError."""
    period = read_period(call.option("period"), default="30d")
    async with tools.store.read() as tx:
        names = [name for name in (call.option("topic"), call.option("versus")) if name]
        subjects = [await find_subject(tx, call.workspace.id, name) for name in names]
        version = await data_version(tx, call, *subjects)
    return await _trend(tools, call, subjects, period, version)


async def trend_about(tools: Tools, call: Call, subjects: Sequence[Subject], period: Period) -> Reply:
    """Chart the mentions of subjects that are already resolved."""
    async with tools.store.read() as tx:
        version = await data_version(tx, call, *subjects)
    return await _trend(tools, call, subjects, period, version)


async def _trend(
    tools: Tools, call: Call, subjects: Sequence[Subject], period: Period, version: tuple[str, ...] | None
) -> Reply:
    async def draw() -> Reply:
        return await _draw(tools, call, subjects, period)

    identities = tuple((subject.topic and subject.topic.id, subject.title, subject.query) for subject in subjects)
    cache_key = (*call.cache_key(period.length), identities, period.code, version)
    return await tools.trend_cache.get(cache_key, draw, store=version is not None)


async def _draw(tools: Tools, call: Call, subjects: Sequence[Subject], period: Period) -> Reply:
    days = min(max(round(period.length / timedelta(days=1)), MIN_DAYS), MAX_DAYS)
    since = full_days(call.now, call.zone, days)
    async with tools.store.read() as tx:
        series = [(subject.title, await _counts(tx, call, subject, since=since, days=days)) for subject in subjects]
        sentences = [
            await _sentence(tx, call, subject, sum(counts.values()), since)
            for subject, (_, counts) in zip(subjects, series, strict=True)
        ]
    drawn = Trend(
        chart=days_chart(series, until=call.now, zone=call.zone),
        text=f"Last {counted(days, 'day')}. {' '.join(sentences)}",
    )
    key = tools.deferred.add_draft(call.workspace.id, {"share": serialize(drawn)}, call.now)
    refs = [subject_ref(tools, call, subject) for subject in subjects]
    buttons = [Button(label="Share", action=f"share:{key}", primary=True)]
    buttons += [
        Button(label=f"Brief: {subject.title}"[:25], action=f"brief:{ref}:7d")
        for subject, ref in zip(subjects, refs, strict=True)
    ]
    if len(subjects) == 1:
        buttons.append(Button(label="Compare…", action=f"compare:{refs[0]}:{period.code}"))
    return Reply(answer=replace(drawn, buttons=tuple(buttons)))


async def _counts(tx: Tx, call: Call, subject: Subject, *, since: datetime, days: int) -> Mapping[date, int]:
    times: Sequence[datetime] = ()
    if subject.topic is None:
        until = call.now + timedelta(microseconds=1)
        found = await mentions_of(tx, call.workspace.id, subject, since=since, until=until)
        times = [mention.at for mention in found.all]
    last_days = LocalDays(until=call.now, zone=call.zone, count=days)
    return await count_days(tx, call.workspace.id, subject, times, last_days)


async def _sentence(tx: Tx, call: Call, subject: Subject, count: int, since: datetime) -> str:
    """Return the number of mentions, and the usual number if there is enough history."""
    text = f"{subject.title}: {counted(count, 'mention')}"
    average = await usual(tx, call.workspace.id, subject, since=since, until=call.now)
    return f"{text}, usually {rate(average)} in that time." if average is not None else f"{text}."


async def compare(tools: Tools, call: Call, subject: Subject, ref: str, period: Period) -> Reply:
    """Offer topics to compare the subject with: first those that match the same articles, then the busiest."""
    async with tools.store.read() as tx:
        topics = {topic.id: topic for topic in await tx.topics.visible(call.workspace.id)}
        counts = await tx.matches.counts(call.workspace.id, since=call.now - period.length)
        beside: dict[int, int] = {}
        if subject.topic is not None:
            beside = await tx.matches.related_topics(
                subject.topic.id, call.workspace.id, since=call.now - period.length
            )
    own_id = subject.topic.id if subject.topic else None
    order = sorted(beside, key=lambda id: (-beside[id], id)) + sorted(counts, key=lambda id: (-counts[id], id))
    offered = [topics[id] for id in dict.fromkeys(order) if id in topics and id != own_id][:_MAX_OFFERED]
    if not offered:
        text = f"No other topic has articles in the {period.label}. To compare anyway: /trend {subject.title} vs TOPIC"
        return Reply(answer=Notice(text=text))
    return Reply(
        answer=Listing(
            title=f"Compare {subject.title} with",
            summary=f"For any other topic: /trend {subject.title} vs TOPIC",
            rows=tuple(
                Row(
                    title=topic.title,
                    detail=f"{counted(counts.get(topic.id, 0), 'article')} in the {period.label}",
                    buttons=(Button(label="Compare", action=f"trend:{ref}:{topic.id}:{period.code}"),),
                )
                for topic in offered
            ),
        )
    )
