"""/trend: mentions a day of one topic, or of two beside each other, and what the bars say in a sentence."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply, Trend
from handlers.answers.charts import days_chart, full_days
from handlers.answers.parts import Button, Row
from handlers.answers.serialize import serialize
from handlers.answers.times import Period, counted, rate, read_period
from handlers.commands.brief import reference
from handlers.commands.call import Call, Tools, version_of
from handlers.queries.mention_counts import LocalDays, count_days, usual
from handlers.queries.subjects import Subject, find_subject, mentions_of
from storage.store import Tx

FEWEST_DAYS: Final = 7
MOST_DAYS: Final = 90
_OFFERED: Final = 5


async def trend(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    period = read_period(call.option("period"), default="30d")
    async with tools.store.read() as tx:
        names = [name for name in (call.option("topic"), call.option("versus")) if name]
        subjects = [await find_subject(tx, call.workspace.id, name) for name in names]
        version = await version_of(tx, call, *subjects)
    return await _trend(tools, call, subjects, period, version)


async def trend_of(tools: Tools, call: Call, subjects: Sequence[Subject], period: Period) -> Reply:
    """The same, of subjects that are known already."""
    async with tools.store.read() as tx:
        version = await version_of(tx, call, *subjects)
    return await _trend(tools, call, subjects, period, version)


async def _trend(
    tools: Tools, call: Call, subjects: Sequence[Subject], period: Period, version: tuple[str, ...] | None
) -> Reply:
    async def draw() -> Reply:
        return await _drawn(tools, call, subjects, period)

    named = tuple((one.topic and one.topic.id, one.title, one.query) for one in subjects)
    question = (*call.asked_for(period.length), named, period.code, version)
    return await tools.trends.answer(question, draw, stays=version is not None)


async def _drawn(tools: Tools, call: Call, subjects: Sequence[Subject], period: Period) -> Reply:
    days = min(max(round(period.length / timedelta(days=1)), FEWEST_DAYS), MOST_DAYS)
    since = full_days(call.now, call.zone, days)
    async with tools.store.read() as tx:
        series = [(one.title, await _counts(tx, call, one, since=since, days=days)) for one in subjects]
        sentences = [
            await _sentence(tx, call, one, sum(counts.values()), since)
            for one, (_, counts) in zip(subjects, series, strict=True)
        ]
    drawn = Trend(
        chart=days_chart(series, until=call.now, zone=call.zone),
        text=f"Last {counted(days, 'day')}. {' '.join(sentences)}",
    )
    key = tools.notes.draft(call.workspace.id, {"share": serialize(drawn)}, call.now)
    refs = [reference(tools, call, one) for one in subjects]
    buttons = [Button(label="Share", action=f"share:{key}", primary=True)]
    buttons += [
        Button(label=f"Brief: {one.title}"[:25], action=f"brief:{ref}:7d")
        for one, ref in zip(subjects, refs, strict=True)
    ]
    if len(subjects) == 1:
        buttons.append(Button(label="Compare…", action=f"compare:{refs[0]}:{period.code}"))
    return Reply(answer=Trend(chart=drawn.chart, text=drawn.text, buttons=tuple(buttons)))


async def _counts(tx: Tx, call: Call, subject: Subject, *, since: datetime, days: int) -> Mapping[date, int]:
    times: Sequence[datetime] = ()
    if subject.topic is None:
        until = call.now + timedelta(microseconds=1)
        found = await mentions_of(tx, call.workspace.id, subject, since=since, until=until)
        times = [mention.at for mention in found.all]
    last_days = LocalDays(until=call.now, zone=call.zone, count=days)
    return await count_days(tx, call.workspace.id, subject, times, last_days)


async def _sentence(tx: Tx, call: Call, subject: Subject, count: int, since: datetime) -> str:
    """How much, and how that compares with before, where before is known."""
    text = f"{subject.title}: {counted(count, 'mention')}"
    average = await usual(tx, call.workspace.id, subject, since=since, until=call.now)
    return f"{text}, usually {rate(average)} in that time." if average is not None else f"{text}."


async def compare(tools: Tools, call: Call, subject: Subject, ref: str, period: Period) -> Reply:
    """Topics to compare it with: those that stand beside it, then the busiest."""
    async with tools.store.read() as tx:
        topics = {topic.id: topic for topic in await tx.topics.visible(call.workspace.id)}
        counts = await tx.matches.counts(call.workspace.id, since=call.now - period.length)
        beside: dict[int, int] = {}
        if subject.topic is not None:
            beside = await tx.matches.related_topics(
                subject.topic.id, call.workspace.id, since=call.now - period.length
            )
    own = subject.topic.id if subject.topic else None
    order = sorted(beside, key=lambda id: (-beside[id], id)) + sorted(counts, key=lambda id: (-counts[id], id))
    offered = [topics[id] for id in dict.fromkeys(order) if id in topics and id != own][:_OFFERED]
    if not offered:
        return Reply(answer=Notice(text=f"There is nothing to compare it with. Write: /trend {subject.title} vs TOPIC"))
    return Reply(
        answer=Listing(
            title=f"Compare {subject.title} with",
            summary=f"Any other: /trend {subject.title} vs TOPIC",
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
