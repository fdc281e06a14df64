"""Corrections of stories belong to one workspace, follow merges, and go with what they name."""

from datetime import datetime

from storage.store import Store
from tests.support.stores import make_channel, make_story, make_workspace


async def test_a_correction_counts_in_its_workspace_only(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        here, there = await make_channel(tx, now), await make_channel(tx, now, workspace="other")
        story, target = await make_story(tx, now, title="One"), await make_story(tx, now, title="Two")
        await tx.story_corrections.put(here.workspace_id, {story.lead_article_id: target.id}, by="U1", now=now)

        assert [article.title for article in await tx.channel_stories.articles(here, target.id)] == ["One", "Two"]
        assert await tx.channel_stories.articles(here, story.id) == ()
        assert [article.title for article in await tx.channel_stories.articles(there, target.id)] == ["Two"]
        members = await tx.channel_stories.members([here, there], {story.id, target.id})
        assert {key: [member.title for member in found] for key, found in members.items()} == {
            (here.id, target.id): ["One", "Two"],
            (there.id, story.id): ["One"],
            (there.id, target.id): ["Two"],
        }
        assert await tx.story_corrections.exist(here.workspace_id)
        assert not await tx.story_corrections.exist(there.workspace_id)


async def test_a_second_correction_replaces_the_first_and_a_merge_moves_it(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        workspace = await make_workspace(tx, now)
        story, one, two, three = [await make_story(tx, now, title=title) for title in "ABCD"]
        await tx.story_corrections.put(workspace.id, {story.lead_article_id: one.id}, by="U1", now=now)
        await tx.story_corrections.put(workspace.id, {story.lead_article_id: two.id}, by="U2", now=now)
        await tx.stories.merge(two.id, three.id, now)

        found = await tx.story_corrections.of_articles([story.lead_article_id])

    assert found == {story.lead_article_id: {workspace.id: three.id}}


async def test_corrections_go_with_their_workspace(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        workspace = await make_workspace(tx, now)
        story = await make_story(tx, now)
        own = await tx.stories.add(workspace_id=workspace.id, lead_article_id=story.lead_article_id, now=now)
        await tx.story_corrections.put(workspace.id, {story.lead_article_id: own.id}, by="U1", now=now)

        await tx.workspaces.remove(workspace.id)

        assert not await tx.story_corrections.exist()
