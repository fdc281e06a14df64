"""Calls that our own time limit cuts leave nothing closed: all later calls to the same routes pass."""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta

from bot.discord.messenger import DiscordMessenger
from handlers.ports import LookUp, PostError
from storage.records import Channel, Platform
from tests.support.answers import alert
from tests.support.discord_guild import CHANNEL_ID, GUILD_ID, OTHER_ID
from tests.support.discord_limits import Bucket
from tests.support.discord_server import DiscordServer

CUT = 2_000
AT_ONCE = 20
LATER = 20
CREATE = "POST /api/v10/channels/{channel}/messages"
EDIT = "PATCH /api/v10/channels/{channel}/messages/{message}"
HISTORY = "GET /api/v10/channels/{channel}/messages"
CHANNELS = tuple(
    Channel(
        id=number,
        workspace_id=1,
        platform=Platform.DISCORD,
        workspace_external_id=str(GUILD_ID),
        external_id=str(external_id),
        name=str(number),
    )
    for number, external_id in enumerate((CHANNEL_ID, OTHER_ID), start=1)
)


def look_up(key: str) -> LookUp:
    now = datetime.now(UTC)
    return LookUp(key=key, thread=None, since=now - timedelta(minutes=1), until=now, now=now)


async def call(messenger: DiscordMessenger, kind: int, channel: Channel, refs: dict[int, str], key: str) -> None:
    """Post, edit or look up a message."""
    if kind == 0:
        await messenger.post(channel, alert(), key=key)
    elif kind == 1:
        await messenger.edit(channel, refs[channel.id], alert(more=6))
    else:
        await messenger.find(channel, look_up(key))


async def test_calls_cut_at_random_times_leave_all_later_ones_free(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    for route in (CREATE, EDIT, HISTORY):
        server.limits.buckets[route] = Bucket(limit=30, window_s=0.05, clock=time.monotonic)
    refs = {channel.id: await messenger.post(channel, alert(), key=f"first{channel.id}") for channel in CHANNELS}
    chance = random.Random(24)
    began = time.perf_counter()
    await call(messenger, 0, CHANNELS[0], refs, "measured")
    usual = time.perf_counter() - began
    cut = 0

    async def cut_calls(worker: int) -> None:
        nonlocal cut
        number = 0
        while cut < CUT:
            number += 1
            channel, kind = chance.choice(CHANNELS), chance.randrange(3)
            try:
                async with asyncio.timeout(chance.uniform(0, usual * AT_ONCE / 4)):
                    await call(messenger, kind, channel, refs, f"{worker} {number}")
            except TimeoutError:
                cut += 1
            except PostError:
                pass  # a short limit of the server

    await asyncio.gather(*map(cut_calls, range(AT_ONCE)))
    await asyncio.sleep(0.1)

    for number in range(LATER):
        for channel in CHANNELS:
            for kind in range(3):
                async with asyncio.timeout(5):
                    await call(messenger, kind, channel, refs, f"later {number}")
