"""A server with people, roles and channels of every kind, as Discord's gateway describes it."""

from typing import Any

from tests.support.discord_server import ANNOUNCEMENTS, BOT_ID, CHANNEL_ID, EVERYTHING, FORUM, GUILD_ID, TEXT

OTHER_ID, FORUM_ID, NEWS_ID = 78, 79, 80
MANAGER_ROLE = 500
"""Manages #other alone, by an overwrite there."""
VIEW, MANAGE = 1 << 10, 1 << 4


def channel(id: int, name: str, kind: int = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": str(id), "type": kind, "name": name, "position": id, "permission_overwrites": [], **more}


def overwrite(id: int, *, allow: int = 0, deny: int = 0, kind: int = 0) -> dict[str, Any]:
    """Of a role (0) or a member (1)."""
    return {"id": str(id), "type": kind, "allow": str(allow), "deny": str(deny)}


def guild(*, bot_may: int = EVERYTHING, **more: Any) -> dict[str, Any]:
    """The bot has these rights everywhere, by a role of its own."""
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
        ],
        "members": [bot | {"roles": ["600"], "flags": 0}],
        "threads": [],
        **more,
    }
