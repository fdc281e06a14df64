"""What a channel sees of a story: the articles that were decided to belong to it there, as far as they are visible."""

from datetime import datetime

from storage.records import OutcomeState
from storage.store import Store
from tests.support.stores import make_article, make_channel, make_story


async def test_the_outcome_in_a_channel_outweighs_the_shared_story(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        here, there = await make_channel(tx, now, "here"), await make_channel(tx, now, "there")
        story, other = await make_story(tx, now, title="One"), await make_story(tx, now, title="Two")
        moved = await make_article(tx, now, "Moved", story_id=story.id)
        await tx.outcomes.add(
            channel_id=here.id,
            article_id=moved.id,
            story_id=other.id,
            state=OutcomeState.ALERT,
            decided_at=now,
        )

        titles = {
            (channel.name, id): [article.title for article in await tx.channel_stories.articles(channel, id)]
            for channel in (here, there)
            for id in (story.id, other.id)
        }
        members = await tx.channel_stories.members([here, there], {story.id, other.id})
        features = await tx.channel_stories.features(here, other.id)

    assert titles == {
        ("here", story.id): ["One"],
        ("here", other.id): ["Two", "Moved"],
        ("there", story.id): ["One", "Moved"],
        ("there", other.id): ["Two"],
    }
    assert len(features) == 2
    assert [(member.title, member.alert_since is not None) for member in members[here.id, other.id]] == [
        ("Two", False),
        ("Moved", True),
    ]
    assert [member.title for member in members[there.id, story.id]] == ["One", "Moved"]


async def test_a_channel_sees_no_article_of_another_workspace(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, other = await make_channel(tx, now), await make_channel(tx, now, workspace="other")
        story = await make_story(tx, now)
        await make_article(tx, now, "Private", workspace_id=other.workspace_id, story_id=story.id)

        own = await tx.channel_stories.members([channel, other], {story.id})

    assert [member.title for member in own[channel.id, story.id]] == ["Lead"]
    assert [member.title for member in own[other.id, story.id]] == ["Lead", "Private"]
