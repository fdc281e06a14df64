"""Finds the bot's own messages in the history of a channel or thread."""

from datetime import timedelta
from typing import Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.message import has_key
from handlers.ports import LookUp, not_now
from storage.records import Platform

_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 20
_CLOCK_SKEW: Final = timedelta(minutes=2)
"""How far Discord's clock and ours may differ."""


def snowflake_after(look_up: LookUp) -> int:
    """Return an id that is lower than those of all messages of the period."""
    return discord.utils.time_snowflake(look_up.since - _CLOCK_SKEW)


def snowflake_before(look_up: LookUp) -> int:
    """Return an id that is higher than those of all messages of the period."""
    return discord.utils.time_snowflake(look_up.until + _CLOCK_SKEW, high=True)


async def find_message(http: HTTPClient, channel_id: int, look_up: LookUp, *, bot_id: str) -> str | None:
    """Return the id of the bot's message with this key that was posted in the period; None where there is none.

    Raises: what the library raises, and PostError where there are too many messages to check.
    """
    after, before = snowflake_after(look_up), snowflake_before(look_up)
    route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
    for _ in range(_MAX_PAGES):
        page = await http.request(route, params={"limit": _PAGE_SIZE, "after": after})
        for message in page:
            if message["author"]["id"] == bot_id and has_key(message, look_up.key):
                return str(message["id"])
        after = max([after, *(int(message["id"]) for message in page)])
        if len(page) < _PAGE_SIZE or after > before:
            return None
    raise not_now(
        f"The channel has had over {_PAGE_SIZE * _MAX_PAGES} messages since, so the post could not be looked up.",
        platform=Platform.DISCORD,
    )
