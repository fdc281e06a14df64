"""200 kills over 1,000 posts on each platform, forum posts and threads included: nothing lost, nothing doubled.

`make torture` runs this, which takes a quarter of an hour. `make test` skips it.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from bot.core import SEEDS
from storage.store import open_store
from tests.support.bot_runner import BotRunner, open_bot_runner
from tests.support.discord_guild import FORUM
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.dropped_stories import Stories
from tests.support.faults import FaultInjection
from tests.support.kills import (
    TROUBLE,
    database_of,
    discord_channel,
    inbox_of,
    require_all_accounted_for,
    require_each_once,
    run_until_killed,
    run_until_quiet,
    setup_of,
    subscribe_by_command,
    subscribe_in_store,
)
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, slack_server

pytestmark = [
    pytest.mark.skipif(os.environ.get("TORTURE") != "1", reason="takes a quarter of an hour; see make torture"),
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
    require_each_once(stories, server.messages, "C{}".format)
    assert set(Counter(message["metadata"]["event_payload"]["key"] for message in posted).values()) == {1}
    require_all_accounted_for(ledger, stories, inbox_of(bot), posted=len(posted))
    assert len(posted) >= 1_000
    assert runner.kills >= KILLS


def alerts_of(server: DiscordServer) -> dict[str, list[dict[str, Any]]]:
    """Return the alerts by channel. The alerts of a forum are the first messages of its posts."""
    alerts = {discord_channel(number): list(server.messages[discord_channel(number)]) for number in CHANNELS}
    for id, post in server.forum_posts.items():
        alerts[post["parent_id"]].append(server.messages[id][0])
    return alerts


async def test_discord_gets_each_of_a_thousand_posts_once_across_200_kills(runner: BotRunner, tmp_path: Path) -> None:
    chance = random.Random(20261202)
    before = runner.kills
    async with discord_server() as server:
        server.kinds.update({discord_channel(number): FORUM for number in FORUMS})
        settings = {"DISCORD_TOKEN": DISCORD_TOKEN, "DISCORD_API_URL": server.api_url}
        bot = replace(setup_of(tmp_path / "bot", **settings), lease=LEASE)
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

    alerts = alerts_of(server)
    require_each_once(stories, alerts, discord_channel)
    ids = {message["id"] for said in alerts.values() for message in said}
    notes = [
        (place, json.dumps(note["embeds"][0]["description"]))
        for place, said in server.messages.items()
        for note in said
        if place in ids and note["id"] != place
    ]
    assert len(notes) == len(set(notes))
    examples = len(list((SEEDS / "articles").iterdir()))
    posted = len(ids) + len(notes)
    require_all_accounted_for(ledger, stories, inbox_of(bot), posted=posted, examples=examples)
    assert posted >= 1_000
    assert runner.kills - before >= KILLS
