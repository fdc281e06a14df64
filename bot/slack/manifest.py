"""The Slack app's manifest, made from the table of commands."""

import json
from typing import Any, Final

from handlers.commands.table import COMMANDS

CHECK: Final = "check"
"""callback_id of the message shortcut."""
SCOPES: Final = (
    "app_mentions:read",
    "channels:history",  # to find our own message again after a crash
    "channels:read",
    "chat:write",
    "commands",
    "files:read",  # documents that people drop
    "files:write",  # charts
    "groups:history",
    "groups:read",
    "im:history",  # what is written to the bot
    "im:write",
    "users:read",  # people's time zones
)
EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "file_shared",
    "group_archive",
    "group_deleted",
    "group_left",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
EVENTS_PATH: Final = "/slack/events"
REDIRECT_PATH: Final = "/slack/oauth_redirect"


def manifest(host: str | None = None, *, socket: bool = True, many: bool = False) -> dict[str, Any]:
    """The manifest. `host` is the bot's public address, https://...: HTTP mode (`socket=False`) needs it, and so does
    being installed by `many` workspaces."""
    base = (host or "").rstrip("/")
    address = {} if socket else {"url": base + EVENTS_PATH}
    requests = {} if socket else {"request_url": base + EVENTS_PATH}
    options = {} if socket else {"message_menu_options_url": base + EVENTS_PATH}
    return {
        "display_information": {
            "name": "Wirewatch",
            "description": "News alerts: nothing lost, nothing twice, nothing invented",
            "background_color": "#1f2a37",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Wirewatch", "always_online": True},
            "shortcuts": [
                {
                    "name": "Check against topics",
                    "type": "message",
                    "callback_id": CHECK,
                    "description": "Which topics this message or its files hit, and where",
                }
            ],
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
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [base + REDIRECT_PATH]} if many else {}),
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **requests},
            "interactivity": {"is_enabled": True, **requests, **options},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": many,
        },
    }


def manifest_json(host: str | None = None, *, socket: bool = True, many: bool = False) -> str:
    """The manifest as indented JSON, to be pasted into Slack's form."""
    return json.dumps(manifest(host, socket=socket, many=many), indent=2)
