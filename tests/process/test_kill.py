"""kill -9 at any point loses nothing and posts nothing twice. The real bot is killed many times, and posts are counted.

The whole process is killed: database, seeding, inbox, schedule, gateway, deliveries and web server, with the unmodified
SDK of the platform, which is a server on the loopback. It is killed at random times, and right after the server
received, stored or answered a post. The server also answers late, with errors, or not at all. One process is started by
the command `python -m bot run`, the others are forked from a process that has imported the bot.

Each safeguard was removed once to see these tests fail:
- storage/deliveries/claiming.py, `claim`: a row in `sending` is posted again without a lookup; alerts appear twice.
- handlers/delivery/retry.py, `judge_failure`: a post that may exist counts as not posted; alerts appear twice.
- handlers/delivery/attempt.py, `_find`: a found message counts as the newest version; an alert lacks "+1 source".
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core import SEEDS
from storage.store import open_store
from tests.support.bot_runner import BotRunner, open_bot_runner
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.discord_server import discord_server
from tests.support.dropped_stories import Stories
from tests.support.faults import STAGES, STORED, FaultInjection
from tests.support.kills import (
    ANY_TIME,
    TROUBLE,
    database_of,
    discord_channel,
    inbox_of,
    killed_at,
    require_all_accounted_for,
    require_each_once,
    run_until_killed,
    run_until_quiet,
    setup_of,
    subscribe_by_command,
    subscribe_in_store,
)
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, slack_server


@pytest.fixture(scope="module")
def runner() -> Iterator[BotRunner]:
    with open_bot_runner() as opened:
        yield opened


@pytest.mark.timeout(600)
async def test_a_bot_killed_at_random_points_loses_nothing_and_posts_nothing_twice(
    runner: BotRunner, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    channels = range(24)
    forked, calm = 46, 8
    before = runner.kills
    ways: Counter[str] = Counter()
    async with slack_server() as server:
        own = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": server.api_url}
        bot = setup_of(tmp_path / "bot", **own, WIREWATCH_EXAMPLES="false")
        stories = Stories(chance, inbox_of(bot), channels=len(channels))
        share = -(-stories.count // (forked - 14))
        trouble = server.trouble = FaultInjection(chance=random.Random(7), rate=TROUBLE)
        for seconds in (0.05, 0.3, 0.6):  # during the creation of its database
            await runner.start(bot)
            await asyncio.sleep(seconds)
            runner.kill()
            await runner.wait_killed()
        # Once by the command. What it has claimed when it is killed has the default lease of a minute.
        await runner.start_by_command(bot)
        await subscribe_by_command(server, channels)
        stories.drop(share)
        ways[await killed_at(STORED, 30, runner, trouble, chance)] += 1
        for number in range(forked):
            if number == forked - calm:
                trouble.rate = 0.0
            ways[await run_until_killed(runner, bot, stories, share, trouble, chance)] += 1
        ledger = await run_until_quiet(runner, bot)

    posted = [message for said in server.messages.values() for message in said]
    require_each_once(stories, server.messages, "C{}".format)
    notes = Counter((note["thread_ts"], json.dumps(note["blocks"])) for note in posted if "thread_ts" in note)
    assert len(notes) >= 10
    assert set(notes.values()) == {1}
    assert set(Counter(message["metadata"]["event_payload"]["key"] for message in posted).values()) == {1}
    require_all_accounted_for(ledger, stories, inbox_of(bot), posted=len(posted))

    assert runner.kills - before >= 50
    assert all(ways[how] for how in (ANY_TIME, *STAGES)), ways
    assert len(trouble.injected) >= 3, trouble.injected
    looked_up = [method for method, _ in server.calls if method in ("conversations.history", "conversations.replies")]
    assert len(looked_up) >= 20


@pytest.mark.timeout(400)
async def test_nothing_is_posted_twice_on_discord_with_or_without_nonce_enforcement(
    runner: BotRunner, tmp_path: Path
) -> None:
    chance = random.Random(20261123)
    channels, kills, calm = range(6), 10, 3
    ways: Counter[str] = Counter()
    async with discord_server() as server:
        bot = setup_of(tmp_path / "bot", DISCORD_TOKEN=DISCORD_TOKEN, DISCORD_API_URL=server.api_url)
        stories = Stories(chance, inbox_of(bot), channels=len(channels))
        async with open_store(database_of(bot)) as store:
            await subscribe_in_store(store, channels)
        server.trouble = FaultInjection(chance=random.Random(7), rate=TROUBLE)
        share = stories.count // (kills + 2)
        for number in range(kills):
            server.remembers_nonces = number % 3 == 0
            if number == kills - calm:
                server.trouble.rate = 0.0
            ways[await run_until_killed(runner, bot, stories, share, server.trouble, chance)] += 1
        await run_until_quiet(runner, bot)
        stories.drop(stories.count)  # further articles for posted alerts
        ledger = await run_until_quiet(runner, bot)

    require_each_once(stories, server.messages, discord_channel)
    alerts = {message["id"] for number in channels for message in server.messages[discord_channel(number)]}
    notes = [
        (place, json.dumps(note["embeds"][0]["description"]))
        for place, said in server.messages.items()
        for note in said
        if place in alerts
    ]
    assert len(notes) == len(set(notes)) >= 3
    assert len(alerts) + len(notes) == sum(map(len, server.messages.values()))
    examples = len(list((SEEDS / "articles").iterdir()))
    require_all_accounted_for(ledger, stories, inbox_of(bot), posted=len(alerts) + len(notes), examples=examples)

    assert len(ways) >= 3, ways
    looked_up = [path for method, path in server.calls if method == "GET" and path.endswith("/messages")]
    assert len(looked_up) >= 5
