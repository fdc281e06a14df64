"""/topics test: what a query would have matched in the last 30 days, and what it nearly matched, before it is saved."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from handlers.answers.answer import Notice, Reply, TopicTest
from handlers.answers.charts import days_chart, full_days
from handlers.answers.parts import Button, Row, Tone
from handlers.commands.brief import subject_ref
from handlers.commands.call import Call, Tools
from handlers.commands.find import article_row, article_rows
from handlers.commands.subscribe import create_query_topic
from handlers.queries.backtest import Backtest, article_budget, backtest, effective_time, never_seen, shares
from handlers.queries.forecasts import MatchedArticle, alert_times, grouping_in
from handlers.queries.proposals import narrower, wider
from handlers.queries.subjects import Subject, find_subject, read_query, readable, resolver
from handlers.stories.features import encode_features
from handlers.stories.same_report import ReportedArticle
from handlers.stories.trend import per_day, posts_a_week
from handlers.topics.index.evaluate import evaluate
from handlers.topics.query.names import topic_tree
from handlers.topics.query.query import Tree
from storage.records import Article, Grouping, Topic

DAYS: Final = 30
_MAX_EXAMPLES: Final = 3
_MAX_MISSES: Final = 4
_MAX_SHARES: Final = 12
_TRIED: Final = 100
"""The newest matches and near misses that proposals are tried on; fewer for costly queries."""
_TRIED_AT_LEAST: Final = 25


async def test(tools: Tools, call: Call) -> Reply:
    """Test a query, or a topic by its name. Raises: UserError, QueryError."""
    async with tools.store.read() as tx:
        subject = await find_subject(tx, call.workspace.id, call.option("query"))
    return await test_subject(tools, call, subject)


async def test_subject(tools: Tools, call: Call, subject: Subject) -> Reply:
    """Test a topic, or a query that may become one."""
    since, until = call.now - timedelta(days=DAYS), call.now + timedelta(seconds=1)
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        if subject.topic is not None:
            tree = topic_tree(subject.topic, resolve=resolver(topics))
        else:
            tree = subject.tree or read_query(subject.query, topics)
        seen = await backtest(tx, call.workspace.id, tree, since=since, until=until)
        never = await never_seen(tx, call.workspace.id, tree)
        grouping = Grouping.NORMAL
        if subject.topic is not None:
            grouping = await grouping_in(tx, call.channel.id, subject.topic.id)
    leaf_shares, proposals = await asyncio.to_thread(_shares_and_proposals, tree, seen, topics)
    examples, misses, days = await asyncio.to_thread(_rows_and_days, tree, seen, call)
    return Reply(
        answer=TopicTest(
            query=subject.query,
            days=DAYS,
            articles=len(seen.matched) * seen.weight,
            estimated=seen.weight > 1,
            posts_a_week=await asyncio.to_thread(_forecast, seen, grouping, call.now),
            near_misses=misses,
            examples=examples,
            shares=leaf_shares[:_MAX_SHARES],
            never_seen=never,
            chart=days_chart([(subject.title, days)], until=call.now, zone=call.zone),
            buttons=_buttons(tools, call, subject, proposals),
        )
    )


def _rows_and_days(
    tree: Tree, seen: Backtest, call: Call
) -> tuple[tuple[Row, ...], tuple[Row, ...], Mapping[date, int]]:
    """Return rows of matches and of near misses with what they lack, and the matches per local day. CPU-bound."""
    times, end = [effective_time(article) for article in seen.matched], call.now + timedelta(microseconds=1)
    examples = [(article, evaluate(tree, readable(article)).evidence) for article in seen.matched[:_MAX_EXAMPLES]]
    days = per_day(times, since=full_days(call.now, call.zone, DAYS), until=end, zone=call.zone)
    return (
        article_rows(examples, call),
        tuple(_miss_row(article, leaf, call) for article, leaf in seen.near_misses[:_MAX_MISSES]),
        {day: count * seen.weight for day, count in days.items()},
    )


def _shares_and_proposals(
    tree: Tree, seen: Backtest, topics: Sequence[Topic]
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, str | None], ...]]:
    """Return the share of matches that each leaf alone finds, and the queries of the buttons Narrow and Widen."""
    leaf_shares = shares(tree, seen.matched)
    lacking = Counter(leaf for _, leaf in seen.near_misses).most_common(1)
    tried = article_budget(_TRIED, tree, at_least=_TRIED_AT_LEAST)
    caught = [readable(article) for article in seen.matched[:tried]]
    missed = [readable(article) for article, _ in seen.near_misses[:tried]]
    resolve = resolver(topics)
    narrow = narrower(tree, dict(leaf_shares), matched=caught, resolve=resolve)
    wide = wider(tree, lacking[0][0] if lacking else None, matched=caught, near_misses=missed, resolve=resolve)
    return leaf_shares, (("Narrow", narrow), ("Widen", wide))


def _forecast(seen: Backtest, grouping: Grouping, now: datetime) -> float:
    """Return alerts per week. A period shorter than a week counts as a week. CPU-bound for strict grouping."""
    matched = [
        MatchedArticle(
            effective_time(article),
            article.story_id or -article.id,
            _report(article) if grouping is Grouping.STRICT else None,
        )
        for article in seen.matched
    ]
    times = alert_times(matched, grouping)
    began = min([now - timedelta(days=7), *times])
    posts = posts_a_week(times, now=now + timedelta(microseconds=1), first_at=began)
    return round((posts or 0.0) * seen.weight, 2)


def _report(article: Article) -> ReportedArticle:
    features = encode_features(article.title, article.text, article.language, outlet=article.publisher)
    return ReportedArticle(article.title, article.publisher, features)


def _miss_row(article: Article, leaf: str, call: Call) -> Row:
    row = article_row(article, (), call)
    return Row(title=row.title, url=row.url, detail=f"lacks {leaf} · {row.detail}")


def _buttons(
    tools: Tools, call: Call, subject: Subject, proposals: Sequence[tuple[str, str | None]]
) -> tuple[Button, ...]:
    buttons = []
    ref = subject_ref(tools, call, subject)
    if subject.topic is None:
        buttons.append(Button(label="Save", action=f"save:{ref}", primary=True))
    else:
        buttons.append(Button(label="Brief", action=f"brief:{ref}:30d", primary=True))
    for label, query in proposals:
        if query and query != subject.query:
            proposed = Subject(topic=None, title=query, query=query)
            buttons.append(Button(label=label, action=f"test:{subject_ref(tools, call, proposed)}"))
    return tuple(buttons)


async def save(tools: Tools, call: Call, subject: Subject) -> Reply:
    """Save the query as a topic of the workspace; a second click finds the same topic. Raises: UserError."""
    topic = subject.topic or await create_query_topic(tools, call, subject)
    return Reply(
        answer=Notice(
            text=f'"{topic.title}" is now a topic of this workspace. To name it yourself: /topics add NAME = QUERY',
            tone=Tone.DONE,
            code=topic.query,
            buttons=(
                Button(label="Subscribe", action=f"subscribe:{topic.id}:instant", primary=True),
                Button(label="Brief", action=f"brief:{topic.id}:30d"),
            ),
        )
    )
