"""Versions of answers: a change of a topic's articles or matches changes the version of that topic only."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from storage.articles import Revision
from storage.records import SHARED, Article, Match, Topic
from storage.store import Store, Tx
from tests.support.stores import make_article, make_story, make_topic, make_workspace

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """Two topics with one match each. The article of `topic` belongs to a story."""

    topic: Topic
    other: Topic
    article: Article
    elsewhere: Article
    story_id: int
    now: datetime


def _match(article: Article, topic: Topic) -> Match:
    return Match(article_id=article.id, topic_id=topic.id, evidence=(), score=1.0, trace={})


async def _store_two_topics(store: Store, now: datetime) -> _Stored:
    async with store.begin() as tx:
        topic, other = await make_topic(tx, now, "huawei"), await make_topic(tx, now, "zte")
        article, elsewhere = await make_article(tx, now, "One"), await make_article(tx, now, "Two")
        story = await make_story(tx, now)
        await tx.articles.set_stories({article.id: story.id})
        await tx.matches.add_many([_match(article, topic), _match(elsewhere, other)])
    return _Stored(topic=topic, other=other, article=article, elsewhere=elsewhere, story_id=story.id, now=now)


async def _new_match(tx: Tx, stored: _Stored) -> None:
    await tx.matches.add_many([_match(await make_article(tx, stored.now, "Three"), stored.topic)])


async def _match_of_another_topic(tx: Tx, stored: _Stored) -> None:
    third = await make_topic(tx, stored.now, "5g")
    await tx.matches.add_many([_match(stored.article, third)])


async def _revised(tx: Tx, stored: _Stored) -> None:
    revision = Revision(title="One", text="Reworded.", highlights=(), features=b"")
    await tx.articles.revise(stored.article.id, revision, revised_at=stored.now)


async def _completed(tx: Tx, stored: _Stored) -> None:
    await tx.articles.complete(stored.article.id, {"published_at": stored.now - DAY})


async def _moved(tx: Tx, stored: _Stored) -> None:
    await tx.articles.set_stories({stored.article.id: (await make_story(tx, stored.now, title="Other")).id})


async def _merged(tx: Tx, stored: _Stored) -> None:
    await tx.stories.merge(stored.story_id, (await make_story(tx, stored.now, title="Other")).id, stored.now)


async def _no_longer_matching(tx: Tx, stored: _Stored) -> None:
    await tx.matches.replace_for_article(stored.article.id, ())


async def _backfilled(tx: Tx, stored: _Stored) -> None:
    await tx.matches.replace_for_topic(stored.topic.id, (), among=[stored.article.id])


async def _rematched(tx: Tx, stored: _Stored) -> None:
    await tx.matches.replace_for_topic(stored.topic.id, ())


CHANGES: dict[str, Callable[[Tx, _Stored], Awaitable[None]]] = {
    "a new match": _new_match,
    "the article matches another topic too": _match_of_another_topic,
    "the article is revised": _revised,
    "its date becomes known": _completed,
    "it moves to another story": _moved,
    "its story is merged": _merged,
    "it no longer matches": _no_longer_matching,
    "the topic is backfilled": _backfilled,
    "the topic is matched again": _rematched,
}


async def _versions(store: Store, stored: _Stored, *topics: Topic) -> list[tuple[str, ...] | None]:
    async with store.read() as tx:
        asked = [*([topic.id] for topic in topics), None]
        return [await tx.answer_versions.current(SHARED, ids, now=stored.now + DAY) for ids in asked]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_of_a_topics_answers_changes_its_version_only(
    store: Store, now: datetime, change: Callable[[Tx, _Stored], Awaitable[None]]
) -> None:
    stored = await _store_two_topics(store, now)
    topics = [stored.topic] if change is _match_of_another_topic else [stored.topic, stored.other]
    before = await _versions(store, stored, *topics)

    async with store.begin() as tx:
        await change(tx, stored)

    after = await _versions(store, stored, *topics)
    assert None not in (*before, *after)
    assert after[0] != before[0] and after[-1] != before[-1]
    assert after[1:-1] == before[1:-1]


async def test_other_changes_change_no_version_but_an_edited_topic_changes_all(store: Store, now: datetime) -> None:
    stored = await _store_two_topics(store, now)
    before = await _versions(store, stored, stored.topic)

    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        await tx.drafts.save(home.id, {"query": "x"}, now)
        await tx.stories.touch([stored.story_id], now + DAY)
    same = await _versions(store, stored, stored.topic)
    async with store.begin() as tx:
        await tx.topics.update(stored.other.id, title="Other")

    assert same == before
    assert all(new != old for new, old in zip(await _versions(store, stored, stored.topic), before, strict=True))


async def test_a_change_that_is_rolled_back_changes_no_version(store: Store, now: datetime) -> None:
    stored = await _store_two_topics(store, now)
    before = await _versions(store, stored, stored.topic)

    with pytest.raises(RuntimeError):
        async with store.begin() as tx:
            await _new_match(tx, stored)
            raise RuntimeError

    assert await _versions(store, stored, stored.topic) == before


async def test_an_answer_without_the_newest_article_has_no_version(store: Store, now: datetime) -> None:
    stored = await _store_two_topics(store, now)

    async with store.read() as tx:
        early = await tx.answer_versions.current(
            SHARED, [stored.topic.id], now=stored.article.received_at - timedelta(seconds=1)
        )
        at_once = await tx.answer_versions.current(SHARED, [stored.topic.id], now=stored.article.received_at + DAY)

    assert early is None and at_once is not None
