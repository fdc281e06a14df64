"""The buttons under an alert: not relevant, follow and mute, each harmless when it is clicked twice."""

import pytest

from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Tone
from storage.store import Store
from tests.support.newsroom import Newsroom, button


class Posted:
    """A room where #general is subscribed to Huawei and a story about it has arrived."""

    def __init__(self, newsroom: Newsroom, channel_id: int, story_id: int, source_id: int) -> None:
        self.newsroom, self.channel_id, self.story_id, self.source_id = newsroom, channel_id, story_id, source_id

    async def click_twice(self, action: str) -> Notice:
        """Click twice, and return the second answer."""
        await self._click(action)
        return await self._click(action)

    async def _click(self, action: str) -> Notice:
        reply: Reply = await self.newsroom.click(action)
        assert isinstance(reply.answer, Notice) and reply.answer.tone is Tone.DONE and not reply.public
        return reply.answer

    async def muted(self) -> frozenset[str]:
        subjects = {f"story:{self.story_id}", f"source:{self.source_id}"}
        async with self.newsroom.store.read() as tx:
            return await tx.mutes.among(self.channel_id, subjects)


@pytest.fixture
async def posted(sqlite_store: Store) -> Posted:
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.ask("/subscribe huawei")
    ingested = await newsroom.add_article("Huawei opens a plant in Hungary")
    assert ingested.story_id is not None and ingested.article is not None
    return Posted(newsroom, (await newsroom.channel()).id, ingested.story_id, ingested.article.source_id)


async def test_a_story_is_marked_as_not_relevant_once_per_person(posted: Posted) -> None:
    answer = await posted.click_twice(f"irrelevant:{posted.story_id}")

    assert answer.text == "You have already marked this story as not relevant."
    async with posted.newsroom.store.read() as tx:
        workspace = await posted.newsroom.workspace()
        assert await tx.feedback.count([posted.story_id], workspace_id=workspace.id) == 1


async def test_a_muted_source_sends_no_alerts_until_it_is_unmuted(posted: Posted) -> None:
    muted = await posted.click_twice(f"mute:source:{posted.source_id}")
    silent = await posted.newsroom.add_article("Huawei sues the regulator in Sweden")
    unmuted = await posted.newsroom.click(button(muted, "Undo"))
    heard = await posted.newsroom.add_article("Huawei builds a school in Kenya")

    assert muted.text == "#general no longer gets alerts from Example Wire. Alerts already posted stay."
    assert isinstance(unmuted.answer, Notice)
    assert unmuted.answer.text == "#general gets alerts from this source again."
    assert (silent.deliveries, heard.deliveries) == (0, 1)


async def test_a_muted_story_can_be_unmuted(posted: Posted) -> None:
    muted = await posted.click_twice(f"mute:story:{posted.story_id}")
    before = await posted.muted()
    await posted.newsroom.click(button(muted, "Undo"))

    assert muted.text == "#general no longer gets alerts about this story. Alerts already posted stay."
    assert before == {f"story:{posted.story_id}"}
    assert await posted.muted() == frozenset()


async def test_a_story_is_followed_and_unfollowed(posted: Posted) -> None:
    await posted.click_twice(f"follow:{posted.story_id}:mention")
    async with posted.newsroom.store.read() as tx:
        followers = await tx.follows.to_mention(posted.channel_id, posted.story_id)
    await posted.click_twice(f"follow:{posted.story_id}:stop")

    assert followers == ("U1",)
    async with posted.newsroom.store.read() as tx:
        assert await tx.follows.to_mention(posted.channel_id, posted.story_id) == ()
