"""Discord's errors as PostErrors, in words that a server admin can act on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import discord

from bot.discord.http import TokenRevoked
from bot.discord.permissions import explain_missing
from handlers.ports import PostError, not_now, refused
from handlers.rules.refusal_table import find_refusal
from storage.records import Platform

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
TAG_REQUIRED: Final = 40067
THREAD_LOCKED: Final = 160005
NOT_A_TEXT_CHANNEL: Final = 50008
TIMED_OUT: Final = "communication_disabled"
"""The table's name for 50013 while a moderator has timed the bot out, for which Discord has no code."""
_ALREADY_PUBLISHED: Final = 40033
WRONG_CHANNEL_TYPE: Final = 50024
NOT_ALLOWED: Final = frozenset({MISSING_ACCESS, MISSING_PERMISSIONS})
NO_THREADS: Final = NOT_ALLOWED | {WRONG_CHANNEL_TYPE, 160006, 160007}
"""Refusals of a thread after which a reply may still be possible. The last two: there are too many open threads."""
ALREADY_DONE: Final = frozenset({_ALREADY_PUBLISHED, THREAD_EXISTS})
_PROXY_WAIT: Final = timedelta(minutes=5)
"""The wait after an answer of a proxy in front of Discord that blocks the bot's address."""


def refusal(code: int | str, reason: str | None = None, *, until: datetime | None = None) -> PostError:
    """Return the error for Discord's JSON error code, with another reason than in the table if one is given."""
    found = find_refusal(Platform.DISCORD, str(code))
    return refused(found if reason is None else replace(found, reason=reason), until=until)


def post_error(error: Exception, *, missing: tuple[str, ...] = (), until: datetime | None = None) -> PostError:
    """Return the library's exception as a PostError.

    `missing` are the permissions that the bot lacks, by name. `until` is when a time-out by a moderator ends (UTC).
    """
    if isinstance(error, TokenRevoked):
        return not_now("Discord no longer accepts DISCORD_TOKEN.", platform=Platform.DISCORD)
    if isinstance(error, discord.RateLimited):
        return refused(find_refusal(Platform.DISCORD, "429"), retry_after=timedelta(seconds=error.retry_after))
    if isinstance(error, discord.HTTPException):
        return _answered(error, missing, until)
    if isinstance(error, aiohttp.ClientConnectorError):
        return not_now("Discord cannot be reached.", platform=Platform.DISCORD)
    # After a time-out, a broken connection or an answer of a proxy, Discord may have posted the message.
    return PostError(f"Discord did not confirm the request: {str(error) or type(error).__name__}.")


def _answered(error: discord.HTTPException, missing: tuple[str, ...], until: datetime | None) -> PostError:
    if error.status >= 500:
        return PostError(f"Discord failed with {error.status}.")
    if error.status == 401:
        # Pending deliveries wait until whoever runs the bot sets a new token.
        return not_now("Discord no longer accepts DISCORD_TOKEN.", platform=Platform.DISCORD)
    if error.code == 0 and error.status in (403, 404):
        # Discord's own refusals have a code: this one comes from a proxy in front of it.
        return PostError(f"Discord answered {error.status} without a code.", retry_after=_PROXY_WAIT)
    if error.code in NOT_ALLOWED:
        if until is not None:
            return refusal(TIMED_OUT, until=until)
        return refusal(error.code, explain_missing(missing) if missing else None)
    known = refusal(error.code or error.status)
    if known.refusal is not None and not known.refusal.is_known and error.text:
        return refusal(error.code or error.status, f"Discord refused this message: {error.text[:300]}")
    return known


def look_up_error(error: Exception, **details: Any) -> PostError:
    """Return the PostError for a failed request that changes nothing on Discord, and that can therefore be repeated.

    `details` are those of `post_error`.
    """
    failed = post_error(error, **details)
    if failed.refusal is not None:
        return failed
    return not_now(str(failed), platform=Platform.DISCORD, retry_after=failed.retry_after)


def thread_error(error: discord.HTTPException, *, until: datetime | None) -> PostError:
    """Return an error in an alert's thread as a PostError. A missing thread concerns this note alone.

    `until` is when a time-out by a moderator ends (UTC).
    """
    if error.code == UNKNOWN_CHANNEL:
        return refusal(UNKNOWN_MESSAGE, "its thread was deleted")
    return post_error(error, until=until)


def no_updates(channel: str, missing: tuple[str, ...]) -> PostError:
    """Return the error for a forum where the bot may post alerts but lacks permissions for their updates."""
    return refusal(UNKNOWN_MESSAGE, f"I can't add updates in #{channel}: {explain_missing(missing)}")
