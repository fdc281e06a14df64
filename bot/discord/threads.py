"""The threads below alerts, which hold their updates. A thread has the id of the message that it belongs to."""

from typing import Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.destinations import Destination
from bot.discord.failures import ALREADY_DONE, FAILURES, THREAD_LOCKED, look_up_error, no_updates, refusal, thread_error
from bot.discord.permissions import Permission

ARCHIVE_AFTER_MIN: Final = 4320
"""Three days, as long as a story grows. Discord allows 60, 1440, 4320 or 10080:
https://discord.com/developers/docs/resources/channel#thread-metadata-object
"""


def require_thread_permissions(destination: Destination, channel: str, *, exists: bool) -> None:
    """Check that the bot may post in the thread, and create it where it does not exist.

    This is checked before the request, because refused requests count against the bot.

    Raises: PostError with the missing permissions.
    """
    missing = destination.missing_of(Permission.SEND_MESSAGES_IN_THREADS)
    if not exists:
        missing = destination.missing_of(Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS)
    if missing:
        raise no_updates(channel, missing)


async def create_thread(http: HTTPClient, destination: Destination, channel: str, message: int, name: str) -> None:
    """Create the thread below a message. Does nothing where it exists. Raises: PostError."""
    path = "/channels/{channel_id}/messages/{message_id}/threads"
    route = Route("POST", path, channel_id=destination.id, message_id=message)
    try:
        await http.request(route, json={"name": name, "auto_archive_duration": ARCHIVE_AFTER_MIN})
    except discord.HTTPException as error:
        if error.code not in ALREADY_DONE:
            raise thread_error(error, channel, missing=("Create Public Threads",)) from error
    except FAILURES as error:
        # The thread may have been created. Trying again is harmless, because it is found then.
        raise look_up_error(error) from error


async def reopen_thread(http: HTTPClient, thread: int) -> None:
    """Reopen an archived thread, which accepts no edits. Raises: PostError where moderators locked it."""
    try:
        await http.request(Route("PATCH", "/channels/{channel_id}", channel_id=thread), json={"archived": False})
    except discord.Forbidden as error:
        raise refusal(THREAD_LOCKED) from error
