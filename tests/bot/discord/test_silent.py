"""Silent subscriptions: their alerts notify nobody on Discord, and an edit does not change that."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.delivery.deliver import Deliver
from storage.records import Platform
from tests.bot.discord.conftest import Bot, clock, ingest
from tests.support.discord_bodies import SUPPRESS_NOTIFICATIONS
from tests.support.discord_guild import CHANNEL_ID, FORUM


def subscribe(notify: str | None) -> dict[str, Any]:
    options = [{"name": "topic", "type": 3, "value": "huawei"}]
    if notify is not None:
        options.append({"name": "notify", "type": 3, "value": notify})
    return {"id": "9", "name": "subscribe", "type": 1, "options": options}


@pytest.mark.parametrize("kind", [0, FORUM], ids=["a channel", "a forum"])
@pytest.mark.parametrize(("choices", "silent"), [(["off"], True), (["off", None], True), (["off", "on"], False)])
async def test_alerts_notify_as_the_subscription_chooses(
    choices: list[str | None], silent: bool, kind: int, bot: Bot, messenger: DiscordMessenger
) -> None:
    for notify in choices:
        await bot.server.interact(2, subscribe(notify))
        answer = json.dumps(await bot.server.answer())
    bot.server.kinds[str(CHANNEL_ID)] = kind
    deliver = Deliver(bot.store, {Platform.DISCORD: messenger})

    await ingest(bot.store, "Huawei opens a plant in Hungary", "Example Wire")
    await deliver.run_once(clock())
    await ingest(bot.store, "Huawei opens a plant in Hungary today", "Daily Sample")
    await deliver.run_once(clock() + timedelta(minutes=1))

    assert ("Its alerts are silent" in answer) is silent
    bodies = [body.get("message", body) for route, body in bot.server.bodies if route.startswith("POST /channels")]
    assert bodies[0].get("flags", 0) == (SUPPRESS_NOTIFICATIONS if silent else 0)
    edits = [body for route, body in bot.server.bodies if route.endswith("messages/{message}")]
    assert edits and all("flags" not in body for body in edits)
