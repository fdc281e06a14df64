"""Discord's errors as PostErrors, in words that a server admin can act on."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp
import discord

from bot.discord.http import TokenRevoked
from bot.discord.permissions import explain_missing
from handlers.ports import PostError, PostFailure

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)
"""All exceptions that a call of Discord's API through the library may raise."""

# JSON error codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
ALREADY_ACKNOWLEDGED: Final = 40060
MISSING_ACCESS: Final = 50001
MISSING_PERMISSIONS: Final = 50013
THREAD_ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
_UNKNOWN_GUILD: Final = 10004
_TOO_MANY_OLD_EDITS: Final = 30046
_ALREADY_PUBLISHED: Final = 40033
_TAG_REQUIRED: Final = 40067
_DIRECT_REFUSED: Final = 50007
_THREAD_LOCKED: Final = 160005
_TOO_MANY_THREADS: Final = frozenset({160006, 160007})
ALREADY_DONE: Final = frozenset({_ALREADY_PUBLISHED, THREAD_EXISTS})
_GONE: Final[Mapping[int, str]] = {
    UNKNOWN_CHANNEL: "it was deleted",
    MISSING_ACCESS: explain_missing(("View Channel",)),
    50008: "it is not a text channel",
    MISSING_PERMISSIONS: explain_missing(("Send Messages", "Embed Links")),
    _TAG_REQUIRED: "this forum requires a tag on every post and has none with the topic's name. A server admin can add "
    "one, or grant me Manage Channels so that I can add it",
    UNKNOWN_MEMBER: "this person has left the server",
    _DIRECT_REFUSED: "this person does not accept direct messages from me",
}
"""Errors that close the channel to the bot, with the reason."""
_CLOUDFLARE_WAIT: Final = timedelta(minutes=5)
_PROXY_WAIT: Final = timedelta(minutes=15)
_OLD_EDITS_WAIT: Final = timedelta(minutes=10)


def channel_gone(reason: str) -> PostError:
    """Return the error for a channel that is closed to the bot. The reason completes "I can't post in #intel: "."""
    return PostError(f"{reason}.", failure=PostFailure.CHANNEL_GONE)


def post_error(error: Exception, *, missing: tuple[str, ...] = ()) -> PostError:
    """Return the library's exception as a PostError. `missing` are the permissions that the bot lacks, by name."""
    if isinstance(error, TokenRevoked):
        return PostError("Discord no longer accepts DISCORD_TOKEN.", failure=PostFailure.LATER)
    if isinstance(error, discord.RateLimited):
        wait = timedelta(seconds=error.retry_after)
        return PostError("Discord asks the bot to wait.", failure=PostFailure.LATER, retry_after=wait)
    if isinstance(error, discord.HTTPException):
        return _refused(error, missing)
    if isinstance(error, aiohttp.ClientConnectorError):
        return PostError("Discord cannot be reached.", failure=PostFailure.LATER)
    # After a time-out or a broken connection Discord may have posted the message.
    return PostError(f"Discord did not confirm the request: {type(error).__name__}.", failure=PostFailure.PERHAPS)


def _refused(error: discord.HTTPException, missing: tuple[str, ...]) -> PostError:
    if error.code == _TOO_MANY_OLD_EDITS:
        return PostError(
            "Discord accepts no more edits of old messages for now.",
            failure=PostFailure.LATER,
            retry_after=_OLD_EDITS_WAIT,
            only_this=True,
        )
    if error.status == 429:
        wait = _retry_after(error) or _CLOUDFLARE_WAIT
        return PostError("Discord asks the bot to wait.", failure=PostFailure.LATER, retry_after=wait)
    if error.status >= 500:
        return PostError(f"Discord failed with {error.status}.", failure=PostFailure.PERHAPS)
    if error.status == 401:
        # Pending deliveries wait until whoever runs the bot sets a new token.
        return PostError("Discord no longer accepts DISCORD_TOKEN.", failure=PostFailure.LATER)
    if error.code == _UNKNOWN_GUILD:
        return PostError("I was removed from the server.", failure=PostFailure.WORKSPACE_GONE)
    if error.code == UNKNOWN_MESSAGE:
        return PostError("The message was deleted.", failure=PostFailure.REFUSED)
    if error.code in (THREAD_ARCHIVED, _THREAD_LOCKED):
        return PostError("Its thread is locked.", failure=PostFailure.REFUSED)
    if error.code == 0 and error.status in (403, 404):
        # Discord's own refusals carry a code: this one comes from a proxy in front of it.
        return PostError(f"Discord answered {error.status}.", failure=PostFailure.LATER, retry_after=_PROXY_WAIT)
    if error.code in _GONE or error.status in (403, 404):
        if error.code in (MISSING_ACCESS, MISSING_PERMISSIONS) and missing:
            return channel_gone(explain_missing(missing))
        return channel_gone(_GONE.get(error.code, f"Discord answered {error.status}"))
    return PostError(f"Discord refused this message: {error.text[:300]}", failure=PostFailure.REFUSED)


def _retry_after(error: discord.HTTPException) -> timedelta | None:
    """Return the wait in the Retry-After header, which is in seconds."""
    header = error.response.headers.get("Retry-After", "")
    return timedelta(seconds=int(header)) if header.isascii() and header.isdigit() and len(header) < 7 else None


def thread_error(error: discord.HTTPException, channel: str, *, missing: tuple[str, ...]) -> PostError:
    """Return an error in an alert's thread as a PostError. It ends this note alone, because the channel is open."""
    if error.code in _TOO_MANY_THREADS:
        return PostError(f"#{channel} has as many open threads as Discord allows.", failure=PostFailure.REFUSED)
    if error.code in (MISSING_ACCESS, MISSING_PERMISSIONS):
        return no_updates(channel, missing)
    if error.code == UNKNOWN_CHANNEL:
        return PostError("Its thread was deleted.", failure=PostFailure.REFUSED)
    return post_error(error)


def no_updates(channel: str, missing: tuple[str, ...]) -> PostError:
    """Return the error for a channel where the bot may post alerts but lacks permissions for their updates."""
    return PostError(f"I can't add updates in #{channel}: {explain_missing(missing)}.", failure=PostFailure.REFUSED)
