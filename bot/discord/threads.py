"""The updates of an alert: messages in its thread or forum post, or replies to it where the bot may use no thread.

The thread of an alert has the id of the alert's message.
"""

from dataclasses import dataclass
from typing import Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.destinations import DIRECT, Destination
from bot.discord.failures import (
    ALREADY_DONE,
    FAILURES,
    NO_THREADS,
    NOT_ALLOWED,
    THREAD_LOCKED,
    look_up_error,
    no_updates,
    post_error,
    refusal,
    thread_error,
)
from bot.discord.limits import THREAD_NAME, Json
from bot.discord.markdown import unescape
from bot.discord.message import SUPPRESS_NOTIFICATIONS, Message, plain
from bot.discord.permissions import Permission
from bot.discord.sending import create_message_route, send

ARCHIVE_AFTER_MIN: Final = 4320
"""Three days, as long as a story grows. Discord allows 60, 1440, 4320 or 10080:
https://discord.com/developers/docs/resources/channel#thread-metadata-object
"""
_IN_CHANNEL: Final = "/"
"""Between channel and message in the ref of a reply that is in the channel although its alert could have a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update to post."""

    destination: Destination
    channel: str
    """The channel's name."""
    alert: int
    """The id of the alert's message; in a forum, of its post."""
    thread_exists: bool
    """False: it is not known whether the alert has a thread."""
    message: Message
    body: Json


async def post_update(http: HTTPClient, update: Update) -> str:
    """Post the update and return its ref. Creates the alert's thread if there is none. Raises: PostError."""
    destination = update.destination
    if destination.is_forum:
        missing = destination.missing_of(Permission.SEND_MESSAGES_IN_THREADS)
        # A known lack is not tried, because refused requests count against the bot.
        posted = None if missing else await _post_in_thread(http, update)
        if posted is None:
            raise no_updates(update.channel, missing or ("Send Messages in Threads",))
        return posted
    if destination.has_threads and await _has_thread(http, update):
        posted = await _post_in_thread(http, update)
        if posted is not None:
            return posted
    return await _reply(http, update)


async def _has_thread(http: HTTPClient, update: Update) -> bool:
    """Return whether the bot may post in the alert's thread, which is created if there is none. Raises: PostError."""
    needed = [Permission.SEND_MESSAGES_IN_THREADS]
    if not update.thread_exists:
        needed.append(Permission.CREATE_PUBLIC_THREADS)
    if update.destination.missing_of(*needed):
        return False
    return update.thread_exists or await _create_thread(http, update)


async def _create_thread(http: HTTPClient, update: Update) -> bool:
    """Create the thread of the alert. Return False where Discord does not let the bot do it. Raises: PostError."""
    path = "/channels/{channel_id}/messages/{message_id}/threads"
    route = Route("POST", path, channel_id=update.destination.id, message_id=update.alert)
    name = await _thread_name(http, update)
    try:
        await http.request(route, json={"name": name, "auto_archive_duration": ARCHIVE_AFTER_MIN})
    except discord.HTTPException as error:
        if error.code in NO_THREADS:
            return False
        if error.code not in ALREADY_DONE:
            raise thread_error(error, until=update.destination.timed_out_until) from error
    except FAILURES as error:
        # The thread may have been created. Trying again is harmless, because it is found then.
        raise look_up_error(error) from error
    return True


async def _thread_name(http: HTTPClient, update: Update) -> str:
    """Return the headline of the story, which the alert shows; what the update is about where that cannot be read."""
    try:
        alert: Json = dict(await http.get_message(update.destination.id, update.alert))
    except FAILURES:
        return update.message.name
    titles = [unescape(embed["title"]) for embed in alert.get("embeds", ()) if embed.get("title")]
    return plain(titles[:1], THREAD_NAME) or update.message.name


async def _post_in_thread(http: HTTPClient, update: Update) -> str | None:
    """Return the message's id; None where Discord does not let the bot post in the thread. Raises: PostError."""
    destination = update.destination
    try:
        return str((await send(http, create_message_route(update.alert), update.body, update.message))["id"])
    except discord.HTTPException as error:
        if error.code in NOT_ALLOWED and destination.timed_out_until is None:
            return None
        raise thread_error(error, until=destination.timed_out_until) from error
    except FAILURES as error:
        raise post_error(error) from error


async def _reply(http: HTTPClient, update: Update) -> str:
    destination = update.destination
    reference: Json = {"message_id": str(update.alert), "fail_if_not_exists": False}
    body = update.body | {"message_reference": reference}
    if destination.kind != DIRECT and not update.message.mentions:
        body["flags"] = SUPPRESS_NOTIFICATIONS  # as a thread does, it notifies only those who follow the story
    try:
        sent = await send(http, create_message_route(destination.id), body, update.message)
    except FAILURES as error:
        raise post_error(error, missing=destination.missing, until=destination.timed_out_until) from error
    return ref_in_channel(destination, str(sent["id"]))


def ref_in_channel(destination: Destination, message: str) -> str:
    """Return the ref of an update that is a reply to its alert."""
    return f"{destination.id}{_IN_CHANNEL}{message}" if destination.has_threads else message


def place_of(destination: Destination, ref: str, thread: str | None) -> tuple[int, int]:
    """Return the ids of the channel or thread that contains a message, and of the message."""
    place, separator, message = ref.partition(_IN_CHANNEL)
    if separator:
        return int(place), int(message)
    if thread is not None and (destination.has_threads or destination.is_forum):
        return int(thread), int(ref)
    # A forum post is a thread, whose first message has the thread's own id.
    return (int(ref) if destination.is_forum else destination.id), int(ref)


async def reopen_thread(http: HTTPClient, thread: int) -> None:
    """Reopen an archived thread, which accepts no edits. Raises: PostError where moderators locked it."""
    try:
        await http.request(Route("PATCH", "/channels/{channel_id}", channel_id=thread), json={"archived": False})
    except discord.Forbidden as error:
        raise refusal(THREAD_LOCKED) from error
