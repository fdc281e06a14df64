"""What Discord's refusals mean for a post, in words that an admin can act upon."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp
import discord

from bot.discord.http import TokenRevoked
from bot.discord.permissions import grant
from handlers.ports import PostError, PostFailure

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)
"""All that a call through the library raises when it fails."""

# JSON error codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
ACKNOWLEDGED: Final = 40060
MISSING_ACCESS: Final = 50001
MISSING_RIGHTS: Final = 50013
ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
_UNKNOWN_GUILD: Final = 10004
_OLD_EDITS: Final = 30046
_ALREADY_PUBLISHED: Final = 40033
_TAG_REQUIRED: Final = 40067
_DIRECT_REFUSED: Final = 50007
_LOCKED: Final = 160005
_TOO_MANY_THREADS: Final = frozenset({160006, 160007})
DONE_BEFORE: Final = frozenset({_ALREADY_PUBLISHED, THREAD_EXISTS})
_GONE: Final[Mapping[int, str]] = {
    UNKNOWN_CHANNEL: "it was deleted",
    MISSING_ACCESS: grant(("View Channel",)),
    50008: "it is not a text channel",
    MISSING_RIGHTS: grant(("Send Messages", "Embed Links")),
    _TAG_REQUIRED: "this forum wants a tag on every post and has none named like the topic. A server admin can add "
    "one, or grant me Manage Channels so that I add it",
    UNKNOWN_MEMBER: "this person has left the server",
    _DIRECT_REFUSED: "this person takes no direct messages from me",
}
_CLOUDFLARE: Final = timedelta(minutes=5)
_UNNAMED: Final = timedelta(minutes=15)
_EDITS_OPEN: Final = timedelta(minutes=10)


def gone(reason: str) -> PostError:
    """The channel is closed to us. The reason follows a "can't post in #intel:" wherever people read it."""
    return PostError(f"{reason}.", failure=PostFailure.CHANNEL_GONE)


def post_error(error: Exception, *, rights: tuple[str, ...] = ()) -> PostError:
    """The library's failure in our words; `rights` are those known to be missing in the channel."""
    if isinstance(error, TokenRevoked):
        return PostError("Discord no longer accepts DISCORD_TOKEN.", failure=PostFailure.LATER)
    if isinstance(error, discord.RateLimited):
        wait = timedelta(seconds=error.retry_after)
        return PostError("Discord asks to wait.", failure=PostFailure.LATER, retry_after=wait)
    if isinstance(error, discord.HTTPException):
        return _refused(error, rights)
    if isinstance(error, aiohttp.ClientConnectorError):
        return PostError("Discord cannot be reached.", failure=PostFailure.LATER)
    # A time-out or a broken connection: Discord may have posted it.
    return PostError(f"Discord did not confirm: {type(error).__name__}.", failure=PostFailure.PERHAPS)


def _refused(error: discord.HTTPException, rights: tuple[str, ...]) -> PostError:
    if error.code == _OLD_EDITS:
        return PostError(
            "Discord takes no more edits of an old message now.",
            failure=PostFailure.LATER,
            retry_after=_EDITS_OPEN,
            only_this=True,
        )
    if error.status == 429:
        return PostError("Discord asks to wait.", failure=PostFailure.LATER, retry_after=_told(error) or _CLOUDFLARE)
    if error.status >= 500:
        return PostError(f"Discord failed with {error.status}.", failure=PostFailure.PERHAPS)
    if error.status == 401:
        # Whoever runs the bot has to act; what is owed waits until then.
        return PostError("Discord no longer accepts DISCORD_TOKEN.", failure=PostFailure.LATER)
    if error.code == _UNKNOWN_GUILD:
        return PostError("I was removed from the server.", failure=PostFailure.WORKSPACE_GONE)
    if error.code == UNKNOWN_MESSAGE:
        return PostError("The message was deleted.", failure=PostFailure.REFUSED)
    if error.code in (ARCHIVED, _LOCKED):
        return PostError("Its thread is locked.", failure=PostFailure.REFUSED)
    if error.code == 0 and error.status in (403, 404):
        # Whatever stands before Discord says so, not Discord: it names its refusals.
        return PostError(f"Discord answers {error.status}.", failure=PostFailure.LATER, retry_after=_UNNAMED)
    if error.code in _GONE or error.status in (403, 404):
        known = error.code in (MISSING_ACCESS, MISSING_RIGHTS) and rights
        reason = grant(rights) if known else _GONE.get(error.code, f"Discord answers {error.status}")
        return gone(reason)
    return PostError(f"Discord refuses this message: {error.text[:300]}", failure=PostFailure.REFUSED)


def _told(error: discord.HTTPException) -> timedelta | None:
    """How long to wait, as the header says; in seconds."""
    told = error.response.headers.get("Retry-After", "")
    return timedelta(seconds=int(told)) if told.isascii() and told.isdigit() and len(told) < 7 else None


def thread_error(error: discord.HTTPException, channel: str, *, rights: tuple[str, ...]) -> PostError:
    """A failure in an alert's thread: it ends this note alone, for the channel is open."""
    if error.code in _TOO_MANY_THREADS:
        return PostError(f"#{channel} has as many open threads as Discord allows.", failure=PostFailure.REFUSED)
    if error.code in (MISSING_ACCESS, MISSING_RIGHTS):
        return rights_error(channel, rights)
    if error.code == UNKNOWN_CHANNEL:
        return PostError("Its thread was deleted.", failure=PostFailure.REFUSED)
    return post_error(error)


def rights_error(channel: str, rights: tuple[str, ...]) -> PostError:
    """The alert stands; its updates cannot."""
    return PostError(f"I can't add updates in #{channel}: {grant(rights)}.", failure=PostFailure.REFUSED)
