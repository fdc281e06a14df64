"""Forums that require a tag: a fitting one is chosen, or the reason is given before anything is promised."""

from dataclasses import replace

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Alert, Notice
from handlers.answers.parts import TopicMark
from handlers.ports import PostError
from storage.records import Channel, Platform
from tests.bot.discord.conftest import Opening
from tests.support.answers import alert
from tests.support.discord_guild import EVERYTHING, FORUM, GUILD_ID, guild
from tests.support.discord_server import REQUIRE_TAG, DiscordServer

FORUM_ID = "79"
CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id=FORUM_ID,
    name="stories",
)


@pytest.fixture
def forum(server: DiscordServer) -> DiscordServer:
    server.kinds[FORUM_ID] = FORUM
    return server


def tags(server: DiscordServer, ref: str) -> list[str]:
    return [str(tag) for tag in server.forum_posts[ref]["applied_tags"]]


def with_topics(*titles: str) -> Alert:
    return replace(alert(), topics=tuple(TopicMark(title=title, color="#123456") for title in titles))


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (["Politics", "News"], "2"),
        (["Politics", "Other", "Updates"], "3"),
        (["Politics", "Sports"], "1"),
        ([f"T{n}" for n in range(20)], "1"),
    ],
    ids=["a tag for news", "the best general tag", "the first", "a full forum"],
)
async def test_a_forum_that_requires_a_tag_gets_a_fitting_one(
    named: list[str], expected: str, forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.requires_tags.add(FORUM_ID)
    forum.tags[FORUM_ID] = [{"id": str(n), "name": name} for n, name in enumerate(named, 1)]

    alert_ref = await messenger.post(CHANNEL, with_topics("Chips"), key="k1")
    notice_ref = await messenger.post(CHANNEL, Notice(text="A source is silent."), key="k2")

    assert [tags(forum, ref) for ref in (alert_ref, notice_ref)] == [[expected]] * 2


async def test_a_full_forum_gives_the_tag_that_shares_a_word_with_the_topic(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.requires_tags.add(FORUM_ID)
    names = ["News", *(f"T{n}" for n in range(18)), "Huawei & ZTE"]
    forum.tags[FORUM_ID] = [{"id": str(n), "name": name} for n, name in enumerate(names, 1)]

    ref = await messenger.post(CHANNEL, with_topics("Huawei"), key="k1")

    assert tags(forum, ref) == ["20"]


@pytest.mark.parametrize("manages", [True, False])
async def test_a_forum_that_requires_a_tag_and_has_none_is_known_before_anything_is_promised(
    manages: bool, forum: DiscordServer, opening: Opening
) -> None:
    forum.requires_tags.add(FORUM_ID)
    forum.tags[FORUM_ID] = []
    described = guild(bot_may=EVERYTHING if manages else EVERYTHING & ~(1 << 4))
    described["channels"][2] |= {"available_tags": [], "flags": REQUIRE_TAG}
    forum.socket.guilds = [described]
    async with opening() as gateway:
        await gateway.ready()
        if manages:
            await gateway.messenger.check(CHANNEL)
            ref = await gateway.messenger.post(CHANNEL, Notice(text="A source is silent."), key="k1")
            assert [tag["name"] for tag in forum.tags[FORUM_ID] if tag["id"] in tags(forum, ref)] == ["News"]
        else:
            with pytest.raises(PostError, match="requires a tag"):
                await gateway.messenger.check(CHANNEL)


async def test_a_media_channel_is_refused_before_anything_is_promised(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.kinds[FORUM_ID] = 16

    with pytest.raises(PostError, match="media channel"):
        await messenger.check(CHANNEL)
