"""Finds the bot's own messages in the history of a channel or thread."""

from datetime import datetime
from typing import Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.message import has_key
from handlers.ports import PostError, PostFailure

_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 20


async def find_message(http: HTTPClient, channel_id: int, key: str, *, since: datetime, bot_id: str) -> str | None:
    """Return the id of the bot's message with this key that was posted after `since`; None where there is none.

    Raises: what the library raises, and PostError where there are too many messages to check.
    """
    after = discord.utils.time_snowflake(since)
    route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
    for _ in range(_MAX_PAGES):
        page = await http.request(route, params={"limit": _PAGE_SIZE, "after": after})
        for message in page:
            if message["author"]["id"] == bot_id and has_key(message, key):
                return str(message["id"])
        if len(page) < _PAGE_SIZE:
            return None
        after = max(int(message["id"]) for message in page)
    raise PostError(
        f"The channel has had over {_PAGE_SIZE * _MAX_PAGES} messages since, so the post could not be looked up.",
        failure=PostFailure.REFUSED,
    )
