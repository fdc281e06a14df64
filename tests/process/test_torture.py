"""200 kills over 1,000 posts on each platform, forum posts and threads included: nothing lost, nothing doubled.

`make torture` runs this, which takes two to four minutes. `make test` skips it.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from storage.records import DeliveryState, Ledger
from storage.store import open_store
from storage.tables import deliveries
from tests.support.bot_runner import BotRunner, BotSetup, open_bot_runner
from tests.support.discord_guild import FORUM
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.discord_server import discord_server
from tests.support.dropped_stories import Stories
from tests.support.faults import FaultInjection
from tests.support.kills import (
    TROUBLE,
    database_of,
    discord_channel,
    inbox_of,
    run_until_killed,
    run_until_quiet,
    setup_of,
    subscribe_by_command,
    subscribe_in_store,
)
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, slack_server

pytestmark = [
    pytest.mark.skipif(os.environ.get("TORTURE") != "1", reason="takes minutes; see make torture"),
    pytest.mark.timeout(7200),
]

KILLS: Final = 200
CALM: Final = 20
"""The last kills come without other faults."""
LEASE: Final = 6.0
"""In seconds: with this many channels, composing an alert can take a second on a busy machine."""
CHANNELS: Final = range(190)
FORUMS: Final = CHANNELS[::4]


@pytest.fixture(scope="module")
def runner() -> Iterator[BotRunner]:
    with open_bot_runner() as opened:
        yield opened


async def test_slack_gets_each_of_a_thousand_posts_once_across_200_kills(runner: BotRunner, tmp_path: Path) -> None:
    chance = random.Random(20261201)
    async with slack_server() as server:
        own = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": server.api_url}
        bot = replace(setup_of(tmp_path / "bot", **own, WIREWATCH_EXAMPLES="false"), lease=LEASE)
        stories = Stories(chance, inbox_of(bot), channels=len(CHANNELS))
        share = -(-stories.count // (KILLS - 2 * CALM))
        server.trouble = FaultInjection(chance=random.Random(7))
        await runner.start(bot)
        await subscribe_by_command(server, CHANNELS)
        server.trouble.rate = TROUBLE
        for number in range(KILLS):
            if number == KILLS - CALM:
                server.trouble.rate = 0.0
            await run_until_killed(runner, bot, stories, share, server.trouble, chance)
        ledger = await run_until_quiet(runner, bot)

    posted = [message for said in server.messages.values() for message in said]
    keys = Counter(message["metadata"]["event_payload"]["key"] for message in posted)
    await require_each_delivery_once(bot, keys)
    require_all_ingested(ledger, stories)
    assert len(posted) >= 1_000
    assert runner.kills >= KILLS


def key_of_message(message: dict[str, Any]) -> str:
    """Return the key of the delivery: the address of an embed without a title carries it, or the ids of the buttons."""
    address = str(message["embeds"][0].get("url", ""))
    if address.startswith("https://wirewatch.invalid/"):
        return address.rpartition("#")[2]
    return str(message["components"][0]["components"][0]["custom_id"]).split("#")[1]


async def require_each_delivery_once(bot: BotSetup, keys: Counter[str]) -> None:
    """Require that every delivery is posted, and that each is one message."""
    async with open_store(database_of(bot)) as store, store.read() as tx:
        rows = (await tx.connection.execute(select(deliveries.c.key, deliveries.c.state))).all()
    assert {row.state for row in rows} == {DeliveryState.SENT}
    assert set(keys.values()) == {1}, "nothing is doubled"
    assert keys.keys() == {row.key for row in rows}, "nothing is lost"


def require_all_ingested(ledger: Ledger, stories: Stories) -> None:
    """Require that every file was read once. Some of so many stories are taken for one, so alerts are not counted."""
    assert ledger.agrees
    assert ledger.arrivals == stories.count
    assert ledger.failed == stories.empty


async def test_discord_gets_each_of_a_thousand_posts_once_across_200_kills(runner: BotRunner, tmp_path: Path) -> None:
    chance = random.Random(20261202)
    before = runner.kills
    async with discord_server() as server:
        server.kinds.update({discord_channel(number): FORUM for number in FORUMS})
        own = {"DISCORD_TOKEN": DISCORD_TOKEN, "DISCORD_API_URL": server.api_url}
        bot = replace(setup_of(tmp_path / "bot", **own, WIREWATCH_EXAMPLES="false"), lease=LEASE)
        stories = Stories(chance, inbox_of(bot), channels=len(CHANNELS))
        async with open_store(database_of(bot)) as store:
            await subscribe_in_store(store, CHANNELS)
        server.trouble = FaultInjection(chance=random.Random(7), rate=TROUBLE)
        share = -(-stories.count // (KILLS - 2 * CALM))
        for number in range(KILLS):
            server.remembers_nonces = number % 3 == 0
            if number == KILLS - CALM:
                server.trouble.rate = 0.0
            await run_until_killed(runner, bot, stories, share, server.trouble, chance)
        ledger = await run_until_quiet(runner, bot)

    posted = [server.created[message["id"]] for said in server.messages.values() for message in said]
    await require_each_delivery_once(bot, Counter(map(key_of_message, posted)))
    require_all_ingested(ledger, stories)
    assert len(posted) >= 1_000
    assert runner.kills - before >= KILLS
