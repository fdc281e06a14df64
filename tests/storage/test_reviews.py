"""Reviews: one person claims an alert, one reviews it; both follow their story and their channel."""

from datetime import datetime, timedelta

from storage.records import Review, ReviewState
from storage.store import Store
from tests.support.stores import make_channel, make_story

MINUTE = timedelta(minutes=1)


def review(channel_id: int, story_id: int, now: datetime, state: ReviewState, user: str = "U1") -> Review:
    return Review(channel_id=channel_id, story_id=story_id, state=state, user_external_id=user, name=f"@{user}", at=now)


async def test_an_alert_is_claimed_by_one_person_and_reviewed_by_one(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        claimed = review(channel.id, story.id, now, ReviewState.CLAIMED)
        reviewed = review(channel.id, story.id, now + MINUTE, ReviewState.REVIEWED, "U2")

        added = [await tx.reviews.add(each) for each in (claimed, reviewed, claimed)]
        other = await tx.reviews.add(review(channel.id, story.id, now, ReviewState.CLAIMED, "U3"))

        assert (added, other) == ([True, True, False], False)
        assert await tx.reviews.of(channel.id, story.id) == (claimed, reviewed)
        assert await tx.reviews.remove(channel.id, story.id, ReviewState.CLAIMED) == 1
        assert await tx.reviews.of(channel.id, story.id) == (reviewed,)


async def test_a_review_follows_its_story_and_its_channel(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, moved = await make_channel(tx, now, "C1"), await make_channel(tx, now, "C2")
        story, other = await make_story(tx, now), await make_story(tx, now, title="Other")
        await tx.reviews.add(review(moved.id, other.id, now, ReviewState.CLAIMED))

        await tx.stories.merge(other.id, story.id, now)
        await tx.channels.move(channel.workspace_id, "C1", "C2")

        (kept,) = await tx.reviews.of(channel.id, story.id)
        assert (kept.state, kept.user_external_id) == (ReviewState.CLAIMED, "U1")
