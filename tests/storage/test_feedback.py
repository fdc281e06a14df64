"""Feedback: "Not relevant" counts once for each person and story."""

from datetime import datetime

from storage.store import Store
from tests.support.stores import make_channel, make_story, make_workspace


async def test_a_person_finds_a_story_not_relevant_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        other = await make_workspace(tx, now, "other")

        assert [await tx.feedback.add(channel.id, story.id, "U1", now) for _ in range(2)] == [True, False]
        assert await tx.feedback.add(channel.id, story.id, "U2", now)
        assert await tx.feedback.count([story.id], workspace_id=channel.workspace_id) == 2
        assert await tx.feedback.count([story.id], workspace_id=other.id) == 0
