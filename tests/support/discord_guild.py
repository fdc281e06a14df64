"""A Discord server with people, roles and channels of every type, as Discord's gateway describes it."""

from typing import Any

BOT_ID = 1000
APPLICATION_ID = 1000
GUILD_ID = 42
CHANNEL_ID, OTHER_ID, FORUM_ID, NEWS_ID, VOICE_ID = 77, 78, 79, 80, 81
MANAGER_ROLE = 500
"""A role that manages #other, by an overwrite in that channel."""
TEXT, DIRECT, VOICE, ANNOUNCEMENTS, THREAD, STAGE, FORUM, MEDIA = 0, 1, 2, 5, 11, 13, 15, 16
VIEW, MANAGE = 1 << 10, 1 << 4
SEND, EMBED, ATTACH, HISTORY = 1 << 11, 1 << 14, 1 << 15, 1 << 16
CREATE_THREADS, SEND_IN_THREADS = 1 << 35, 1 << 38
EVERYTHING = (1 << 53) - 1 & ~8
"""All permissions except that of an administrator."""


def channel(id: int, name: str, kind: int = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": str(id), "type": kind, "name": name, "position": id, "permission_overwrites": [], **more}


def overwrite(id: int, *, allow: int = 0, deny: int = 0, kind: int = 0) -> dict[str, Any]:
    """Return a permission overwrite of a role (kind 0) or a member (kind 1)."""
    return {"id": str(id), "type": kind, "allow": str(allow), "deny": str(deny)}


def member(id: str = "5", *, permissions: int = 1 << 4, name: str = "ada") -> dict[str, Any]:
    """Return a person in the server, with these permissions in the channel of the interaction."""
    return {
        "user": {"id": id, "username": name, "discriminator": "0", "global_name": name.title(), "avatar": None},
        "permissions": str(permissions),
        "roles": [],
        "joined_at": "2020-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def guild(*, bot_may: int = EVERYTHING, **more: Any) -> dict[str, Any]:
    """Return the server. The bot has the permissions `bot_may` in all channels, by its own role."""
    roles = [
        {"id": str(GUILD_ID), "name": "@everyone", "permissions": str(VIEW), "position": 0},
        {"id": "600", "name": "wirewatch", "permissions": str(bot_may), "position": 2},
        {"id": str(MANAGER_ROLE), "name": "desk", "permissions": "0", "position": 1},
    ]
    bot = {"user": {"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None}}
    return {
        "id": str(GUILD_ID),
        "name": "The Desk",
        "owner_id": "1",
        "member_count": 2,
        "system_channel_id": str(CHANNEL_ID),
        "roles": roles,
        "channels": [
            channel(CHANNEL_ID, "intel"),
            channel(OTHER_ID, "other", permission_overwrites=[overwrite(MANAGER_ROLE, allow=MANAGE)]),
            channel(FORUM_ID, "stories", FORUM, available_tags=[], flags=0),
            channel(NEWS_ID, "news", ANNOUNCEMENTS),
            channel(VOICE_ID, "lounge", VOICE, bitrate=64_000, user_limit=0),
        ],
        "members": [bot | {"roles": ["600"], "flags": 0}],
        "threads": [],
        **more,
    }


def interaction(id: str, channel: dict[str, Any], kind: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return an interaction by a member in #intel, described by `channel`."""
    return {
        "id": id,
        "application_id": str(APPLICATION_ID),
        "type": kind,
        "token": f"token-{id}",
        "version": 1,
        "guild_id": str(GUILD_ID),
        "channel_id": str(CHANNEL_ID),
        "channel": channel | {"name": "intel", "permissions": "0"},
        "app_permissions": str(EVERYTHING),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(GUILD_ID)},
        "context": 0,
        "attachment_size_limit": 10_000_000,
        "member": member(),
        "data": data,
    }


def posted(flags: int) -> dict[str, Any]:
    """Return a message of the bot in #intel, as it comes with a click on one of its buttons."""
    embeds = [] if flags & 1 << 15 else [{"description": "before"}]
    return {
        "id": "700",
        "channel_id": str(CHANNEL_ID),
        "author": {"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None},
        "content": "",
        "embeds": embeds,
        "components": [],
        "attachments": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "pinned": False,
        "type": 0,
        "flags": flags,
    }
