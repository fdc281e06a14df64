"""Articles: read back as they were stored, and seen only by those who may see them."""

from datetime import datetime, timedelta

from storage.articles import Revision
from storage.records import (
    Evidence,
    Match,
    SourceKind,
)
from storage.sources import NewSource
from storage.store import Store
from tests.support.stores import make_article, make_story, make_topic, make_workspace

DAY = timedelta(days=1)


def _match(article_id: int, topic_id: int, *, score: float = 1.0) -> Match:
    evidence = Evidence(field="title", start=0, end=6, text="Huawei")
    return Match(
        article_id=article_id, topic_id=topic_id, evidence=(evidence,), score=score, trace={"any": [True, "华为"]}
    )


async def test_an_article_is_read_back_as_it_was_stored(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        stored = await make_article(tx, now, "Huawei 华为 «plant» 🚀")

        assert await tx.articles.get(stored.id) == stored
        assert list(await tx.articles.by_ids([99, stored.id])) == [stored.id]
        assert stored.highlights == ("One point",)
        assert stored.published_at == now
        assert stored.published_at.tzinfo is not None


async def test_a_revision_changes_the_wording_and_nothing_else(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        stored = await make_article(tx, now)
        revised = await tx.articles.revise(
            stored.id, Revision(title="New", text="New text", highlights=[], features=b"2"), revised_at=now + DAY
        )

        assert (revised.title, revised.highlights, revised.revised_at) == ("New", (), now + DAY)
        assert (revised.url, revised.received_at) == (stored.url, now)


async def test_no_workspace_sees_the_articles_of_another(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        story, topic = await make_story(tx, now), await make_topic(tx, now)
        secret = await make_article(tx, now, "Secret", workspace_id=theirs.id, received_at=now + DAY, story_id=story.id)
        await tx.matches.add_many([_match(story.lead_article_id, topic.id)])
        await tx.matches.add_many([_match(secret.id, topic.id)])

        seen = [article.id for article in await tx.articles.recent(mine.id, since=now - DAY, limit=9)]
        assert seen == [story.lead_article_id]
        assert [article.id for article in await tx.articles.of_story(story.id, mine.id)] == seen
        assert len(await tx.articles.of_story(story.id, theirs.id)) == 2
        assert await tx.articles.by_url(mine.id, secret.url or "") is None
        assert await tx.articles.by_url(theirs.id, secret.url or "") is not None
        assert await tx.articles.last_received_at(mine.id) == now
        assert await tx.articles.count(mine.id, now) == 1
        assert await tx.matches.article_ids(topic.id, mine.id, since=None) == tuple(seen)
        assert await tx.matches.article_ids(topic.id, theirs.id, since=None) == (secret.id, *seen)
        assert await tx.matches.times(topic.id, mine.id, since=None) == (now,)
        assert await tx.matches.counts(mine.id, since=None) == {topic.id: 1}
        assert await tx.matches.counts(theirs.id, since=None, until=now + DAY) == {topic.id: 1}
        assert await tx.matches.first_received_at(topic.id, theirs.id) == now
        await tx.sources.ensure(
            NewSource(workspace_id=theirs.id, kind=SourceKind.FEED, url="https://x", title="X"), now
        )
        assert len(await tx.sources.visible(mine.id)) == 1
