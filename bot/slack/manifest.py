"""The Slack app's manifest, made from the table of commands."""

import json
from typing import Any, Final

from handlers.command_table import COMMANDS

SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "users:read",
)
EVENTS: Final = (
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
    "member_joined_channel",
    "tokens_revoked",
)


def manifest(events_url: str | None = None) -> dict[str, Any]:
    """The manifest. With `events_url`, for HTTP mode; without, for Socket Mode."""
    address = {"url": events_url} if events_url else {}
    return {
        "display_information": {
            "name": "Wirewatch",
            "description": "News alerts: nothing lost, nothing twice, nothing invented",
            "background_color": "#1f2a37",
        },
        "features": {
            "bot_user": {"display_name": "Wirewatch", "always_online": True},
            "slash_commands": [
                {
                    "command": f"/{command.name}",
                    "description": command.summary,
                    "usage_hint": command.usage,
                    # Channels and people arrive as <#C1|name>, so that "in #channel" names one for certain.
                    "should_escape": True,
                    **address,
                }
                for command in COMMANDS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {
                "bot_events": list(EVENTS),
                **({"request_url": events_url} if events_url else {}),
            },
            "interactivity": {"is_enabled": True, **({"request_url": events_url} if events_url else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": events_url is None,
            "token_rotation_enabled": False,
        },
    }


def manifest_json(events_url: str | None = None) -> str:
    """The manifest as indented JSON, to be pasted into Slack's form."""
    return json.dumps(manifest(events_url), indent=2)
