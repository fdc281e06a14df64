"""Announcement channels: posts are published as fast as Discord allows, also after a restart."""

from dataclasses import replace

import pytest

from bot.discord.http import ApiClient
from bot.discord.messenger import DiscordMessenger
from bot.discord.publish import HOUR_S, open_publisher
from handlers.answers.answer import Notice
from handlers.ports import PostError
from handlers.rules.refusals import RefusalKind, Scope
from storage.records import Channel, Platform
from tests.bot.discord.conftest import MovedClock, until
from tests.bot.discord.outbox import kind_of
from tests.support.answers import alert, digest
from tests.support.discord_faults import Fault
from tests.support.discord_guild import ANNOUNCEMENTS, BOT_ID, GUILD_ID
from tests.support.discord_limits import Bucket
from tests.support.discord_server import TOKEN, DiscordServer

PLACE = "80"
CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id=PLACE,
    name="news",
)
PUBLISH = "POST /api/v10/channels/{channel}/messages/{message}/crosspost"


@pytest.fixture
def news(server: DiscordServer) -> DiscordServer:
    server.kinds[PLACE] = ANNOUNCEMENTS
    return server


def published(server: DiscordServer) -> list[bool]:
    """Return whether each message of the channel is published."""
    return [bool(message["flags"] & 1) for message in server.messages[PLACE]]


async def test_alerts_and_digests_are_published_and_notices_are_not(
    news: DiscordServer, messenger: DiscordMessenger
) -> None:
    await messenger.post(CHANNEL, Notice(text="A source is silent."), key="k0")
    await messenger.post(CHANNEL, alert(), key="k1")
    await messenger.post(CHANNEL, replace(digest(0), chart=None), key="k2")

    await until(lambda: published(news) == [False, True, True])


async def test_messages_are_published_as_long_as_the_headers_say_that_requests_are_left(
    news: DiscordServer, messenger: DiscordMessenger, http_clock: MovedClock
) -> None:
    bucket = news.limits.buckets[PUBLISH] = Bucket(3, HOUR_S, http_clock)
    for number in range(5):
        await messenger.post(CHANNEL, alert(), key=f"k{number}")

    await until(lambda: sum(published(news)) == 3)

    assert published(news) == [True] * 3 + [False] * 2
    assert bucket.refused == 0


async def test_a_rate_limit_in_a_response_takes_precedence_over_the_assumed_limit(
    news: DiscordServer, messenger: DiscordMessenger
) -> None:
    news.faults[PUBLISH] = [Fault(status=429, retry_after=1800.0, headers={"Via": "1.1 x"})]

    await messenger.post(CHANNEL, alert(), key="k1")
    await until(lambda: any(path.endswith("crosspost") for _, path in news.calls))
    await messenger.post(CHANNEL, alert(), key="k2")
    ref = await messenger.post(CHANNEL, alert(), key="k3")
    await messenger.edit(CHANNEL, ref, alert(more=2))

    assert len([path for _, path in news.calls if path.endswith("crosspost")]) == 1
    assert published(news) == [False] * 3


async def test_after_a_restart_unpublished_messages_are_published(news: DiscordServer) -> None:
    news.faults[PUBLISH] = [Fault(status=500)] * 4

    async def run_bot(number: int) -> None:
        async with ApiClient(api_url=news.api_url) as client:
            await client.login(TOKEN)
            async with open_publisher(client.http, bot_id=BOT_ID) as publisher:
                messenger = DiscordMessenger(client, publisher, bot_id=BOT_ID)
                await messenger.post(CHANNEL, alert(), key=f"k{number}")
                if number == 4:
                    await until(lambda: all(published(news)))
                else:
                    await until(lambda: len(news.faults[PUBLISH]) == 3 - number)

    for number in range(5):
        await run_bot(number)

    assert published(news) == [True] * 5


async def test_an_edit_of_a_published_message_that_discord_refuses_waits_alone(
    news: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    news.faults["PATCH /api/v10/channels/{channel}/messages/{message}"] = [Fault(status=400, code=20022)]

    with pytest.raises(PostError) as caught:
        await messenger.edit(CHANNEL, ref, alert(more=2))

    assert kind_of(caught.value) is RefusalKind.UNTIL_TIME
    assert caught.value.refusal is not None
    assert caught.value.refusal.scope is Scope.MESSAGE, "other messages of the channel do not wait"
