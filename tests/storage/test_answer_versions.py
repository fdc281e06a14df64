"""Versions of what answers hang on: whatever changes what a topic tells changes its version, and no other topic's."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from storage.records import SHARED, Article, Match, Topic
from storage.store import Store, Tx
from tests.support.stores import make_article, make_story, make_topic, make_workspace

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """Two topics, each with a match of its own; the article of `topic` belongs to a story."""

    topic: Topic
    other: Topic
    article: Article
    elsewhere: Article
    story_id: int
    now: datetime


def _match(article: Article, topic: Topic) -> Match:
    return Match(article_id=article.id, topic_id=topic.id, evidence=(), score=1.0, trace={})


async def _stored(store: Store, now: datetime) -> _Stored:
    async with store.begin() as tx:
        topic, other = await make_topic(tx, now, "huawei"), await make_topic(tx, now, "zte")
        article, elsewhere = await make_article(tx, now, "One"), await make_article(tx, now, "Two")
        story = await make_story(tx, now)
        await tx.articles.set_stories({article.id: story.id})
        await tx.matches.add_many([_match(article, topic), _match(elsewhere, other)])
    return _Stored(topic=topic, other=other, article=article, elsewhere=elsewhere, story_id=story.id, now=now)


async def _new_match(tx: Tx, one: _Stored) -> None:
    await tx.matches.add_many([_match(await make_article(tx, one.now, "Three"), one.topic)])


async def _of_another_topic_too(tx: Tx, one: _Stored) -> None:
    third = await make_topic(tx, one.now, "5g")
    await tx.matches.add_many([_match(one.article, third)])


async def _revised(tx: Tx, one: _Stored) -> None:
    await tx.articles.revise(one.article.id, title="One", text="Anew.", highlights=(), features=b"", revised_at=one.now)


async def _completed(tx: Tx, one: _Stored) -> None:
    await tx.articles.complete(one.article.id, {"published_at": one.now - DAY})


async def _moved(tx: Tx, one: _Stored) -> None:
    await tx.articles.set_stories({one.article.id: (await make_story(tx, one.now, title="Other")).id})


async def _merged(tx: Tx, one: _Stored) -> None:
    await tx.stories.merge(one.story_id, (await make_story(tx, one.now, title="Other")).id, one.now)


async def _matched_no_more(tx: Tx, one: _Stored) -> None:
    await tx.matches.replace_for_article(one.article.id, ())


async def _backfilled(tx: Tx, one: _Stored) -> None:
    await tx.matches.replace_for_topic(one.topic.id, (), among=[one.article.id])


async def _matched_anew(tx: Tx, one: _Stored) -> None:
    await tx.matches.replace_for_topic(one.topic.id, ())


CHANGES: dict[str, Callable[[Tx, _Stored], Awaitable[None]]] = {
    "a new match": _new_match,
    "the article matches another topic too": _of_another_topic_too,
    "the article is worded anew": _revised,
    "its time is told": _completed,
    "it belongs to another story": _moved,
    "its story becomes another": _merged,
    "it matches no more": _matched_no_more,
    "the topic's past is worked off": _backfilled,
    "the topic is matched anew": _matched_anew,
}


async def _versions(store: Store, one: _Stored, *topics: Topic) -> list[tuple[str, ...] | None]:
    async with store.read() as tx:
        asked = [*([topic.id] for topic in topics), None]
        return [await tx.answer_versions.current(SHARED, ids, now=one.now + DAY) for ids in asked]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_changes_a_topics_answers_changes_its_version(
    store: Store, now: datetime, change: Callable[[Tx, _Stored], Awaitable[None]]
) -> None:
    one = await _stored(store, now)
    topics = [one.topic] if change is _of_another_topic_too else [one.topic, one.other]
    before = await _versions(store, one, *topics)

    async with store.begin() as tx:
        await change(tx, one)

    after = await _versions(store, one, *topics)
    assert None not in (*before, *after)
    assert after[0] != before[0] and after[-1] != before[-1]
    assert after[1:-1] == before[1:-1]


async def test_what_changes_no_article_changes_no_version_but_topics_do(store: Store, now: datetime) -> None:
    one = await _stored(store, now)
    before = await _versions(store, one, one.topic)

    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        await tx.drafts.save(home.id, {"query": "x"}, now)
        await tx.stories.touch([one.story_id], now + DAY)
    same = await _versions(store, one, one.topic)
    async with store.begin() as tx:
        await tx.topics.update(one.other.id, title="Other")

    assert same == before
    assert all(new != old for new, old in zip(await _versions(store, one, one.topic), before, strict=True))


async def test_a_change_that_is_undone_changes_no_version(store: Store, now: datetime) -> None:
    one = await _stored(store, now)
    before = await _versions(store, one, one.topic)

    with pytest.raises(RuntimeError):
        async with store.begin() as tx:
            await _new_match(tx, one)
            raise RuntimeError

    assert await _versions(store, one, one.topic) == before


async def test_an_answer_that_leaves_out_what_stands_already_has_no_version(store: Store, now: datetime) -> None:
    one = await _stored(store, now)

    async with store.read() as tx:
        early = await tx.answer_versions.current(
            SHARED, [one.topic.id], now=one.article.received_at - timedelta(seconds=1)
        )
        at_once = await tx.answer_versions.current(SHARED, [one.topic.id], now=one.article.received_at + DAY)

    assert early is None and at_once is not None
