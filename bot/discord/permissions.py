"""Rights: what the bot needs in a channel, which of it is missing, and where a person may change things."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, Final

# Channel types: https://discord.com/developers/docs/resources/channel#channel-object-channel-types
TEXT: Final = 0
ANNOUNCEMENTS: Final = 5
THREADS: Final = frozenset({10, 11, 12})
FORUM: Final = 15
POSTABLE: Final = (TEXT, ANNOUNCEMENTS, FORUM)
"""Offered by the channel option. A media channel refuses posts without a picture."""


class Right(IntFlag):
    """https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags"""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_ALL = 1 << 17
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


NAMES: Final[Mapping[Right, str]] = {
    Right.VIEW_CHANNEL: "View Channel",
    Right.SEND_MESSAGES: "Send Messages",
    Right.EMBED_LINKS: "Embed Links",
    Right.ATTACH_FILES: "Attach Files",
    Right.READ_MESSAGE_HISTORY: "Read Message History",
    Right.CREATE_PUBLIC_THREADS: "Create Public Threads",
    Right.SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
}
"""As Discord's own settings call them, in the order in which a person finds them there."""
_FOR_POSTS: Final = (Right.VIEW_CHANNEL, Right.SEND_MESSAGES, Right.EMBED_LINKS)


def needed(kind: int) -> tuple[Right, ...]:
    """What alerts, digests with their chart, and updates in threads take in a channel of this type.

    In a forum, beginning a post takes Send Messages.
    """
    return tuple(right for right in NAMES if kind != FORUM or right is not Right.CREATE_PUBLIC_THREADS)


def lacking(granted: int, wanted: tuple[Right, ...] = _FOR_POSTS) -> tuple[str, ...]:
    """Names of the rights that are wanted and not granted."""
    return () if granted & Right.ADMINISTRATOR else tuple(NAMES[right] for right in wanted if not granted & right)


def may_mention_all(granted: int) -> bool:
    """Who has this may also mention roles that do not allow it to everyone."""
    return bool(granted & (Right.MENTION_ALL | Right.ADMINISTRATOR))


def may_manage(granted: int) -> bool:
    """Who has this may change what the channel gets."""
    return bool(granted & (Right.MANAGE_CHANNELS | Right.ADMINISTRATOR))


def listed(names: tuple[str, ...]) -> str:
    """ "View Channel", "Send Messages" and "Embed Links", each in quotes."""
    quoted = [f'"{name}"' for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def grant(names: tuple[str, ...]) -> str:
    """What is missing, and what to do about it."""
    return f"I lack {listed(names)} there. A server admin can grant it in the channel's permissions"


def resolved_channel(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The channel that an option names, as Discord resolved it; empty where none is named."""
    channels = (data.get("resolved") or {}).get("channels") or {}
    return next(iter(channels.values()), {})
