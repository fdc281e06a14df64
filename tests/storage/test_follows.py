"""Follows: one for each person and story, in the mode that the person chose last."""

from datetime import datetime, timedelta

from storage.records import FollowMode
from storage.store import Store
from tests.support.stores import make_channel, make_story

MINUTE = timedelta(minutes=1)


async def test_the_mode_that_a_person_chose_last_counts(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        for user, mode in (("U2", FollowMode.MENTION), ("U1", FollowMode.MENTION), ("U1", FollowMode.DIGEST)):
            now += MINUTE
            await tx.follows.set(channel.id, story.id, user, now, mode=mode)

        assert await tx.follows.mode(channel.id, story.id, "U1") is FollowMode.DIGEST
        assert await tx.follows.mode(channel.id, story.id, "U3") is None
        assert await tx.follows.to_mention(channel.id, story.id) == ("U2",)
        assert await tx.follows.of_person(channel.workspace_id, "U1") == {story.id: (now, FollowMode.DIGEST)}
        assert await tx.follows.of_person(channel.workspace_id, "U1", mode=FollowMode.MENTION) == {}


async def test_a_person_unfollows_a_story_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        await tx.follows.set(channel.id, story.id, "U1", now)

        ended = [await tx.follows.remove(channel.workspace_id, story.id, "U1") for _ in range(2)]

        assert ended == [True, False]
        assert await tx.follows.mode(channel.id, story.id, "U1") is None
