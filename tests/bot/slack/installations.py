"""Workspaces that install the app over OAuth, for several test files."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from bot.slack.installs import TOKENS, InstallStore
from bot.slack.oauth import OAuthApp
from bot.slack.teams import web_client
from storage.records import Channel, Platform
from storage.sealing import Sealer
from storage.store import Store
from tests.support.slack_server import CLIENT_ID, CLIENT_SECRET, SlackServer

KEY = "a-secret-key-of-at-least-32-characters"
TOKEN = "xoxb-second-team-0000000001"
OAUTH_APP = OAuthApp(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, secret_key=KEY)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def fixed_clock() -> datetime:
    return NOW


def granted(token: str = TOKEN, *, team: str = "T2", **more: Any) -> dict[str, Any]:
    """What Slack returns for a code."""
    return {"access_token": token, "bot_user_id": f"U{team}", "team": {"id": team, "name": f"Team {team}"}} | more


def granted_to_organisation(token: str = TOKEN, *, organisation: str = "E1") -> dict[str, Any]:
    """What Slack returns for a code if an Enterprise organisation installs the app as a whole."""
    return {
        "access_token": token,
        "bot_user_id": "UORG",
        "team": None,
        "enterprise": {"id": organisation, "name": "Org"},
        "is_enterprise_install": True,
        "authed_user": {"id": "U7"},
    }


def channel(team: str) -> Channel:
    return Channel(
        id=1, workspace_id=1, platform=Platform.SLACK, workspace_external_id=team, external_id="C1", name="intel"
    )


def install_store(store: Store, server: SlackServer, session: aiohttp.ClientSession, key: str = KEY) -> InstallStore:
    client = web_client(None, api_url=server.api_url, session=session)
    rotator = AsyncTokenRotator(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)
    return InstallStore(store, Sealer(key, purpose=TOKENS), rotator, fixed_clock)


def installation(team: str = "T2", *, expires_at: datetime | None = None) -> Installation:
    return Installation(
        team_id=team,
        team_name=f"Team {team}",
        bot_token=TOKEN,
        bot_user_id=f"U{team}",
        bot_refresh_token=None if expires_at is None else "xoxe-first",
        bot_token_expires_at=None if expires_at is None else int(expires_at.timestamp()),
        user_id="U1",
    )
