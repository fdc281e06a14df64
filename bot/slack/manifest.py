"""The manifest of the Slack app, generated from the table of commands.

https://docs.slack.dev/reference/app-manifest
"""

import json
from typing import Any, Final

from handlers.commands.table import ALIAS, COMMANDS

CHECK: Final = "check"
"""callback_id of the message shortcut."""
SCOPES: Final = (
    "app_mentions:read",
    "channels:history",  # to find our own message after a crash
    "channels:join",  # public channels in which somebody subscribes
    "channels:read",
    "chat:write",
    "commands",
    "files:read",  # documents that people share
    "files:write",  # charts
    "groups:history",
    "groups:read",
    "im:history",  # direct messages to the bot
    "im:write",
    "mpim:history",  # the same in messages of several people
    "mpim:read",
    "users:read",  # people's time zones
)
EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "file_shared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
    "team_access_revoked",
    "tokens_revoked",
)
EVENTS_PATH: Final = "/slack/events"
REDIRECT_PATH: Final = "/slack/oauth_redirect"


def manifest(host: str | None = None, *, socket: bool = True, oauth: bool = False) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or with `socket=False` for HTTP mode.

    With `oauth`, workspaces can install the app themselves. `host` is the bot's public address, https://..., which
    HTTP mode and OAuth need.
    """
    base = (host or "").rstrip("/")
    events_url = None if socket else base + EVENTS_PATH
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
                    "description": "Which topics this message or its files match, and where",
                }
            ],
            "slash_commands": _slash_commands(events_url),
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [base + REDIRECT_PATH]} if oauth else {}),
        },
        "settings": _settings(events_url, oauth=oauth),
    }


def _slash_commands(events_url: str | None) -> list[dict[str, Any]]:
    alias = (ALIAS, "Any command, where another app has one of the same name", "COMMAND ...")
    return [
        {
            "command": f"/{name}",
            "description": summary,
            "usage_hint": usage,
            # Channels and people arrive as <#C1|name>, so "in #channel" names exactly one channel.
            "should_escape": True,
            **({} if events_url is None else {"url": events_url}),
        }
        for name, summary, usage in (*((each.name, each.summary, each.usage) for each in COMMANDS), alias)
    ]


def _settings(events_url: str | None, *, oauth: bool) -> dict[str, Any]:
    requests = {} if events_url is None else {"request_url": events_url}
    menus = {} if events_url is None else {"message_menu_options_url": events_url}
    return {
        "event_subscriptions": {"bot_events": list(EVENTS), **requests},
        "interactivity": {"is_enabled": True, **requests, **menus},
        "org_deploy_enabled": oauth,
        "socket_mode_enabled": events_url is None,
        "token_rotation_enabled": oauth,
    }


def manifest_json(host: str | None = None, *, socket: bool = True, oauth: bool = False) -> str:
    """Return the manifest as indented JSON, to paste into Slack's form. The arguments are those of `manifest`."""
    return json.dumps(manifest(host, socket=socket, oauth=oauth), indent=2)
