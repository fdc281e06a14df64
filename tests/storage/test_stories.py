"""Stories: merging moves everything that belongs to a story."""

from datetime import datetime, timedelta

from storage.records import (
    SHARED,
)
from storage.store import Store
from tests.support.stores import make_channel, make_story

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_merging_moves_mutes_follows_and_feedback(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        old, new = await make_story(tx, now, title="Old"), await make_story(tx, now, title="New")
        await tx.mutes.add(channel.id, f"story:{old.id}", "U1", now)
        await tx.follows.set(channel.id, old.id, "U2", now)
        await tx.follows.set(channel.id, old.id, "U1", now + MINUTE)
        await tx.follows.set(channel.id, new.id, "U1", now + DAY)
        await tx.feedback.add(channel.id, old.id, "U1", now)

        await tx.stories.merge(old.id, new.id, now)

        both = [f"story:{old.id}", f"story:{new.id}"]
        assert await tx.mutes.among(channel.id, both) == {f"story:{new.id}"}
        assert await tx.follows.to_mention(channel.id, new.id) == ("U2", "U1")
        assert await tx.follows.to_mention(channel.id, old.id) == ()
        assert await tx.feedback.count([new.id], workspace_id=channel.workspace_id) == 1


async def test_merging_moves_articles_through_a_chain_of_stories(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, second, third = [await make_story(tx, now, title=title) for title in ("A", "B", "C")]
        await tx.stories.merge(first.id, second.id, now + MINUTE)
        await tx.stories.merge(second.id, third.id, now + DAY)

        for story in (first, second, third):
            found = await tx.stories.get(story.id)
            assert found is not None
            assert found.id == third.id
        target = (await tx.stories.by_ids([third.id]))[third.id]
        assert (target.started_at, target.updated_at) == (now, now + DAY)
        assert len(await tx.articles.of_story(third.id, SHARED)) == 3
        await tx.stories.touch([third.id], now)
        assert (await tx.stories.by_ids([third.id]))[third.id].updated_at == now + DAY
