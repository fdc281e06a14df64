"""Onboarding: a channel that the bot is added to gets one greeting."""

from datetime import timedelta

import pytest

from storage.store import Store
from tests.support.newsroom import NOW, Newsroom

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_a_channel_is_greeted_once_with_three_topics_to_subscribe_to(newsroom: Newsroom) -> None:
    request = newsroom.request()
    await newsroom.add_article("ZTE opens a plant", ago=HOUR)

    first = await newsroom.commands.greet(request.platform, "acme", "Acme", "C1", "general", NOW)
    second = await newsroom.commands.greet(request.platform, "acme", "Acme", "C1", "general", NOW + DAY)

    assert (first, second) == (True, False)
    channel = await newsroom.channel()
    async with newsroom.store.begin() as tx:
        delivery = await tx.deliveries.claim(channel.id, now=NOW, lease=HOUR)
    assert delivery is not None and delivery.body is not None
    assert [button["label"] for button in delivery.body["buttons"]] == ["ZTE", "Huawei", "5G", "All topics"]


@pytest.mark.parametrize("use", ["/subscribe huawei", "/digest at 08:30"])
async def test_a_channel_that_is_in_use_is_not_greeted(use: str, newsroom: Newsroom) -> None:
    await newsroom.ask(use)

    assert not await newsroom.commands.greet(newsroom.request().platform, "acme", "Acme", "C1", "general", NOW)
