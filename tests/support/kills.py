"""Runs bots that are killed at random points, and counts what they posted."""

import asyncio
import html
import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import update

from storage.records import DeliveryState, Ledger, Pace, Platform
from storage.store import Store, open_store
from storage.tables import channels, deliveries
from storage.topics import NewTopic
from tests.support.bot_runner import BotRunner, BotSetup
from tests.support.discord_guild import GUILD_ID
from tests.support.dropped_stories import CORRECTED, Stories, topic_word
from tests.support.faults import STAGES, FaultInjection
from tests.support.slack_server import SlackServer

LEASE: Final = 1.5
"""In seconds. A call to the platform may take a third of it."""
TROUBLE: Final = 0.18
"""The share of requests with which the server causes trouble."""
ANY_TIME: Final = "any time"


def setup_of(folder: Path, **settings: str) -> BotSetup:
    """Return the setup of a new bot with these settings."""
    data = folder / "data"
    (data / "inbox").mkdir(parents=True)
    own = {"WIREWATCH_DATA_DIR": str(data), "PORT": "0", "WIREWATCH_STARTER_FEEDS": "false"}
    return BotSetup(folder=str(folder), environment=own | settings, lease=LEASE)


def inbox_of(bot: BotSetup) -> Path:
    return Path(bot.folder) / "data" / "inbox"


def database_of(bot: BotSetup) -> str:
    return f"sqlite:///{Path(bot.folder) / 'data' / 'wirewatch.sqlite3'}"


async def killed_at(how: str, within: float, runner: BotRunner, trouble: FaultInjection, chance: random.Random) -> str:
    """Kill the running process at a certain point of one of its posts, at the latest after `within` seconds."""
    died = asyncio.Event()
    left = chance.randint(1, 3)

    def at(point: str) -> None:
        nonlocal left
        if point == how and not died.is_set():
            left -= 1
            if left <= 0:
                runner.kill()
                died.set()

    trouble.on_stage = at
    try:
        async with asyncio.timeout(within):
            await died.wait()
    except TimeoutError:
        how = ANY_TIME
        died.set()
        runner.kill()
    await runner.wait_killed()
    return how


async def run_until_killed(
    runner: BotRunner, bot: BotSetup, stories: Stories, share: int, trouble: FaultInjection, chance: random.Random
) -> str:
    """Run the bot with further files until it is killed. A slow machine gets enough time to post alerts for them."""
    how, limit = chance.choice((ANY_TIME, *STAGES)), 10.0 if stories.files else 2.5
    stories.drop(share)
    await runner.start(bot)
    return await killed_at(how, chance.uniform(0.05, 1.2) if how == ANY_TIME else limit, runner, trouble, chance)


async def run_until_quiet(runner: BotRunner, bot: BotSetup) -> Ledger:
    """Run the bot undisturbed until there is nothing left to do, then stop it with SIGTERM."""
    async with open_store(database_of(bot)) as store:
        await _let_time_pass(store)
        await runner.start(bot)
        await _quiet(store, inbox_of(bot))
        assert await runner.stop() == 0
        async with store.read() as tx:
            return await tx.ledger.totals()


async def _let_time_pass(store: Store) -> None:
    """Make all waiting deliveries due now: after many failures they wait for minutes, which the test need not."""
    async with store.begin() as tx:
        now = datetime.now(UTC)
        await tx.connection.execute(update(deliveries).where(deliveries.c.due_at > now).values(due_at=now))
        await tx.connection.execute(update(channels).where(channels.c.next_post_at > now).values(next_post_at=now))


async def _quiet(store: Store, inbox: Path) -> None:
    while True:
        await asyncio.sleep(0.2)
        if await asyncio.to_thread(lambda: any(path.is_file() for path in inbox.iterdir())):
            continue
        async with store.read() as tx:
            if await tx.deliveries.next_due_at(datetime.now(UTC)) is None:
                return


def require_each_once(
    stories: Stories, messages: Mapping[str, Sequence[dict[str, Any]]], place: Callable[[int], str]
) -> None:
    """Require that each story has one alert in its channel with the newest text, and that nothing else is posted."""
    for channel in sorted({story.channel for story in stories.expected}):
        posted = [message for message in messages[place(channel)] if "thread_ts" not in message]
        texts = [html.unescape(json.dumps(message, ensure_ascii=False)) for message in posted]
        expected = [story for story in stories.expected if story.channel == channel]
        found = {story.title: [text for text in texts if story.title in text] for story in expected}
        assert {title: len(matching) for title, matching in found.items()} == {story.title: 1 for story in expected}
        assert len(posted) == len(expected)
        for story in expected:
            (text,) = found[story.title]
            assert ("+1 report" in text) is story.has_second_report, story
            assert (f"{story.title}, {CORRECTED}" in text) is story.is_corrected, story


def require_all_accounted_for(ledger: Ledger, stories: Stories, inbox: Path, *, posted: int, examples: int = 0) -> None:
    """Every file and every post, in the ledger and in the folders."""
    assert ledger.agrees
    assert ledger.deliveries == ledger.deliveries_by_state[DeliveryState.SENT]
    assert ledger.arrivals == stories.count + examples
    assert ledger.failed == stories.empty
    assert [path.name for path in inbox.iterdir() if path.is_file()] == []
    assert len(list((inbox / "done").iterdir())) == stories.count - stories.empty
    failed = {path.name for path in (inbox / "failed").iterdir()}
    reasons = {name for name in failed if name.endswith(".why")}
    assert len(reasons) == stories.empty
    assert {f"{name}.why" for name in failed - reasons} == reasons
    if not examples:
        corrected = sum(story.is_corrected for story in stories.expected)
        second_reports = sum(story.has_second_report for story in stories.expected)
        assert ledger.deliveries == posted
        assert ledger.duplicate == stories.copied + corrected
        assert ledger.alert == ledger.ended.sent == len(stories.expected)
        assert ledger.merged == ledger.ended.merged == second_reports


async def subscribe_by_command(server: SlackServer, channels: range) -> None:
    """Subscribe with commands sent through the socket, one after another."""
    await asyncio.wait_for(server.connected.wait(), 60)
    for channel in channels:
        where = {"channel_id": f"C{channel}", "channel_name": f"c{channel}"}
        await server.send("slash_commands", server.command("subscribe", topic_word(channel), **where), f"e{channel}")
        assert f"#c{channel} now gets" in json.dumps(await server.reply())


async def subscribe_in_store(store: Store, channels: range) -> None:
    now = datetime.now(UTC)
    async with store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "Wire", now=now)
        for number in channels:
            word = topic_word(number)
            channel = await tx.channels.ensure(home.id, discord_channel(number), f"c{number}", now=now)
            topic = await tx.topics.add(NewTopic(workspace_id=home.id, name=word, title=word, query=word), now)
            assert topic is not None
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="5", now=now
            )


def discord_channel(number: int) -> str:
    return str(7000 + number)
