"""/topics test: what a query would have caught in the stored last 30 days, what it just missed, before it is saved."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.answers import Button, Notice, Reply, Row, Tone, TopicTest
from handlers.brief_command import reference
from handlers.calls import Call, Tools
from handlers.charts import mentions_chart
from handlers.find import found_row
from handlers.stories.trend import posts_a_week
from handlers.subjects import LOOKED_AT, Subject, find_subject, matching, read_query, readable, resolver
from handlers.subscribe import topic_for
from handlers.topic_proposals import narrower, positive_leaves, wider, without
from handlers.topics.evaluate import evaluate, holds
from handlers.topics.names import topic_tree
from handlers.topics.query import Tree, required_groups
from handlers.topics.reading import Reading
from storage.records import Article, Evidence
from storage.store import Tx

DAYS: Final = 30
_EXAMPLES: Final = 3
_MISSES: Final = 4
_GROUPS: Final = 6
"""Groups of a query that are left out in turn to look for near misses."""
_LOOKED_AT: Final = 150
"""Candidates for a near miss, for each group left out."""
_SHARED: Final = 200
"""The newest hits over which shares are counted."""
_LEAVES: Final = 12
_ASKED: Final = 40
"""Words that are asked for whether they ever occurred."""

Hits = Sequence[tuple[Article, tuple[Evidence, ...], float]]


async def test(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    async with tools.store.read() as tx:
        subject = await find_subject(tx, call.workspace.id, call.option("query"))
    return await test_subject(tools, call, subject)


async def test_subject(tools: Tools, call: Call, subject: Subject) -> Reply:
    """The test of a topic that is there, or of a query that may become one."""
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        if subject.topic is not None:
            tree = topic_tree(subject.topic, resolve=resolver(topics))
        else:
            tree = subject.tree or read_query(subject.query, topics)
        since, until = call.now - timedelta(days=DAYS), call.now + timedelta(seconds=1)
        hits = await matching(tx, call.workspace.id, tree, since=since, until=until)
        hits = [hit for hit in hits if _at(hit[0]) >= since]
        misses = await _near_misses(tx, call, tree, {article.id for article, _, _ in hits}, since, until)
        never = await _never_seen(tx, call.workspace.id, tree)
    shares = await asyncio.to_thread(_shares, tree, hits[:_SHARED])
    lacking = Counter(miss[1] for miss in misses).most_common(1)
    proposals = (
        ("Narrow", narrower(tree, dict(shares)) if hits else None),
        ("Widen", wider(tree, lacking[0][0] if lacking else None)),
    )
    buttons = await _buttons(tools, call, subject, proposals)
    return Reply(
        answer=TopicTest(
            query=subject.query,
            days=DAYS,
            articles=len(hits),
            posts_a_week=_forecast(hits, call.now),
            near_misses=tuple(_miss_row(article, leaf, call) for article, leaf in misses[:_MISSES]),
            examples=tuple(found_row(article, evidence, call) for article, evidence, _ in hits[:_EXAMPLES]),
            shares=shares,
            never_seen=never,
            chart=mentions_chart(
                [(subject.title, [_at(article) for article, _, _ in hits])], until=call.now, zone=call.zone, days=DAYS
            ),
            buttons=buttons,
        )
    )


def _at(article: Article) -> datetime:
    return min(article.published_at, article.received_at)


def _forecast(hits: Hits, now: datetime) -> float:
    """Stories a week; what was watched for less than a week counts as a week."""
    starts: dict[int, datetime] = {}
    for article, _, _ in hits:
        story = article.story_id or -article.id
        starts[story] = min(_at(article), starts.get(story, now))
    first = min(starts.values(), default=now)
    just_after = now + timedelta(microseconds=1)
    is_cut = len(hits) > LOOKED_AT // 2  # then older ones were not looked at
    began = first if is_cut else min(first, now - timedelta(days=7))
    posts = posts_a_week(list(starts.values()), now=just_after, first_at=began)
    return round(posts or 0.0, 2)


async def _near_misses(
    tx: Tx, call: Call, tree: Tree, hit: set[int], since: datetime, until: datetime
) -> list[tuple[Article, str]]:
    """Articles that lack one leaf only, the newest first, each with what it lacks."""
    groups = required_groups(tree)
    if len(groups) < 2:
        return []
    ids: set[int] = set()
    for left_out in range(min(len(groups), _GROUPS)):
        rest = [group for place, group in enumerate(groups) if place != left_out]
        ids.update(await tx.search.candidates(rest, call.workspace.id, since=since, until=until, limit=_LOOKED_AT))
    articles = await tx.articles.by_ids(sorted(ids - hit, reverse=True)[: _LOOKED_AT * 2])
    return await asyncio.to_thread(_missed, tree, list(articles.values()))


def _missed(tree: Tree, articles: Sequence[Article]) -> list[tuple[Article, str]]:
    found = []
    for article in articles:
        evaluation = evaluate(tree, readable(article))
        if not evaluation.matches and len(evaluation.missing) == 1:
            found.append((article, evaluation.missing[0]))
    return found


def _miss_row(article: Article, leaf: str, call: Call) -> Row:
    row = found_row(article, (), call)
    return Row(title=row.title, url=row.url, detail=f"lacks {leaf} · {row.detail}")


def _shares(tree: Tree, hits: Hits) -> tuple[tuple[str, float], ...]:
    """Of each word the share of the hits that would be lost without it; words that everything needs are left out."""
    if not hits:
        return ()
    readings = [Reading(readable(article)) for article, _, _ in hits]
    shares = []
    for leaf in list(positive_leaves(tree))[:_LEAVES]:
        rest = without(tree, leaf)
        if rest is None:
            continue
        alone = sum(not holds(rest, reading) for reading in readings) / len(readings)
        if alone:
            shares.append((leaf.text, alone))
    return tuple(sorted(shares, key=lambda share: (-share[1], share[0])))


async def _never_seen(tx: Tx, workspace_id: int, tree: Tree) -> tuple[str, ...]:
    """Words and phrases of the query that no stored article holds."""
    unseen = []
    for leaf in list(positive_leaves(tree))[:_ASKED]:
        groups = required_groups(leaf)
        if groups and not await tx.search.candidates(groups, workspace_id, since=None, limit=1):
            unseen.append(leaf.text)
    return tuple(dict.fromkeys(unseen))


async def _buttons(
    tools: Tools, call: Call, subject: Subject, proposals: Sequence[tuple[str, str | None]]
) -> tuple[Button, ...]:
    buttons = []
    async with tools.store.begin() as tx:
        ref = await reference(tx, call, subject)
        if subject.topic is None:
            buttons.append(Button(label="Save", action=f"save:{ref}", primary=True))
        else:
            buttons.append(Button(label="Brief", action=f"brief:{ref}:30d", primary=True))
        for label, query in proposals:
            if query and query != subject.query:
                proposed = Subject(topic=None, title=query, query=query)
                buttons.append(Button(label=label, action=f"test:{await reference(tx, call, proposed)}"))
    return tuple(buttons)


async def save(tools: Tools, call: Call, subject: Subject) -> Reply:
    """The query as a topic of the workspace's own; a second press finds it there. Raises: UserError."""
    topic = subject.topic or await topic_for(tools, call, subject)
    return Reply(
        answer=Notice(
            text=f'"{topic.title}" is a topic of this workspace. Give it a name of your own: /topics add NAME = QUERY',
            tone=Tone.DONE,
            code=topic.query,
            buttons=(
                Button(label="Subscribe", action=f"subscribe:{topic.id}:instant", primary=True),
                Button(label="Brief", action=f"brief:{topic.id}:30d"),
            ),
        )
    )
