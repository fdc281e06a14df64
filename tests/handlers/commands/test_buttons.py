"""Button clicks: each needs the same right as the command, and a stale, forged or repeated click does no harm."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Explanation, Notice
from handlers.answers.parts import Tone
from storage.records import SHARED
from storage.store import Store
from tests.support.newsroom import Newsroom, button


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


@pytest.mark.parametrize(
    "action",
    ["", ":", "brief", "brief:", "brief:999:7d", "brief:x:7d", "brief:q.unknown:7d", "why:x", "why:99999", "mute:x:1",
     "mute:story", "pace:1:hourly", "subscribe:1:hourly", "share:unknown", "markdown:unknown", "unsubscribe:77",
     "digest:hour:1:9999", "digest:nothing:1", "source:pause:99", "source:add:unknown", "save:unknown", "nonsense:1",
     "follow:99999", "irrelevant:-1", "topic:remove:99", "trend:1", "test:", "mute:source:99", "copy:١",
     "why:" + "9" * 40],
)  # fmt: skip
async def test_a_stale_or_forged_button_is_refused(newsroom: Newsroom, action: str) -> None:
    reply = await newsroom.click(action)

    assert isinstance(reply.answer, Notice) and reply.answer.tone is Tone.REFUSED


async def test_a_button_that_changes_something_needs_the_right(newsroom: Newsroom) -> None:
    async with newsroom.store.read() as tx:
        topic = await tx.topics.find(SHARED, "huawei")
    assert topic is not None

    reply = await newsroom.click(f"subscribe:{topic.id}:instant", may_manage=False)

    assert isinstance(reply.answer, Notice) and "Manage Channels" in reply.answer.text


async def test_why_can_be_clicked_without_any_right(newsroom: Newsroom) -> None:
    ingested = await newsroom.add_article("Huawei opens a plant in Hungary")
    assert ingested.article is not None

    reply = await newsroom.click(f"why:{ingested.article.id}", may_manage=False)

    assert isinstance(reply.answer, Explanation) and not reply.public


async def test_a_brief_of_another_workspace_cannot_be_shared(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant in Hungary")
    answer = await newsroom.ask("/brief huawei", workspace="other")

    reply = await newsroom.click(button(answer, "Share"))

    assert isinstance(reply.answer, Notice) and reply.answer.tone is Tone.REFUSED and not reply.public


async def test_the_topics_command_lists_topics_by_a_button_too(newsroom: Newsroom) -> None:
    typed = await newsroom.ask("/topics")

    clicked = await newsroom.click("show:topics")

    assert clicked.answer == typed


async def test_a_button_from_before_a_removal_says_that_the_topic_is_gone(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = semiconductor")
    await newsroom.add_article("Semiconductor exports fall in Korea", ago=timedelta(hours=1))
    brief = await newsroom.ask("/brief chips")
    await newsroom.ask("/topics remove chips")

    reply = await newsroom.click(button(brief, "30 days"))

    assert isinstance(reply.answer, Notice)
    assert reply.answer.text == (
        "That topic no longer exists; somebody may have removed it. /topics list shows all topics."
    )
