"""Discord permissions: which the bot needs in a channel, which it lacks, and which let a person change things."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, Final

# Channel types: https://discord.com/developers/docs/resources/channel#channel-object-channel-types
TEXT: Final = 0
VOICE: Final = 2
ANNOUNCEMENTS: Final = 5
THREADS: Final = frozenset({10, 11, 12})
STAGE: Final = 13
FORUM: Final = 15
MEDIA: Final = 16
POSTABLE: Final = (TEXT, VOICE, ANNOUNCEMENTS, STAGE, FORUM)
"""The types that the channel option offers. A media channel is not among them: it refuses posts without an image."""


class Permission(IntFlag):
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


NAMES: Final[Mapping[Permission, str]] = {
    Permission.VIEW_CHANNEL: "View Channel",
    Permission.SEND_MESSAGES: "Send Messages",
    Permission.EMBED_LINKS: "Embed Links",
    Permission.ATTACH_FILES: "Attach Files",
    Permission.READ_MESSAGE_HISTORY: "Read Message History",
    Permission.CREATE_PUBLIC_THREADS: "Create Public Threads",
    Permission.SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
}
"""The names in Discord's own settings, in the order of those settings."""
FOR_POSTS: Final = (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.EMBED_LINKS)


def required_in(kind: int) -> tuple[Permission, ...]:
    """Return what alerts, digests with a chart, and updates of alerts require in a channel of this type.

    In a forum, creating a post requires Send Messages and not Create Public Threads. Elsewhere, updates are replies to
    the alert where the bot may not use threads.
    """
    optional = {Permission.CREATE_PUBLIC_THREADS}
    if kind != FORUM:
        optional.add(Permission.SEND_MESSAGES_IN_THREADS)
    return tuple(permission for permission in NAMES if permission not in optional)


def missing_names(granted: int, required: tuple[Permission, ...] = FOR_POSTS) -> tuple[str, ...]:
    """Return the names of the required permissions that are not granted. An administrator has all of them."""
    if granted & Permission.ADMINISTRATOR:
        return ()
    return tuple(NAMES[permission] for permission in required if not granted & permission)


def may_mention_all(granted: int) -> bool:
    """Return whether these permissions allow mentioning roles that do not allow it to everyone."""
    return bool(granted & (Permission.MENTION_ALL | Permission.ADMINISTRATOR))


def may_manage(granted: int) -> bool:
    """Return whether these permissions allow changing what the channel gets."""
    return bool(granted & (Permission.MANAGE_CHANNELS | Permission.ADMINISTRATOR))


def explain_missing(names: tuple[str, ...]) -> str:
    """Return which permissions the bot lacks and who can grant them, without a full stop at the end."""
    quoted = [f'"{name}"' for name in names]
    listed = " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
    them = "it" if len(names) == 1 else "them"
    return f"I lack {listed} there. A server admin can grant {them} in the channel's permissions"


def resolved_channel(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the channel that an option names, as Discord resolved it; empty where no option names one."""
    channels = (data.get("resolved") or {}).get("channels") or {}
    return next(iter(channels.values()), {})
