"""Bolt's installation store on our database. Tokens are encrypted, and renewed by one process at a time."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from slack_bolt.error import BoltError
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from handlers.workspaces.uninstall import restore_workspace
from storage.records import Platform
from storage.sealing import Purpose, Sealer, SealError
from storage.store import Store

logger = logging.getLogger(__name__)

TOKENS: Final = Purpose(
    info=b"wirewatch: tokens of slack workspaces",
    lost="The stored token of a Slack workspace was not encrypted with this WIREWATCH_SECRET_KEY. "
    "Set the previous key, or have the workspace install the app again.",
)
_RENEW_BEFORE: Final = timedelta(hours=2)
"""A token stays valid until it expires, so processes that do not renew it keep using it. Slack's tokens last 12 hours:
https://docs.slack.dev/authentication/using-token-rotation"""
_RENEWAL_LEASE: Final = timedelta(minutes=1)
"""After this time another process may renew the token, in case the first one was killed."""


class InstallStore(AsyncInstallationStore):
    """Stores one bot token for each workspace. It refuses org-wide installations, because a workspace is the tenant."""

    def __init__(self, store: Store, sealer: Sealer, rotator: AsyncTokenRotator, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._sealer = sealer
        self._rotator = rotator
        self._clock = clock

    async def async_save(self, installation: Installation) -> None:
        """Store the bot's token, and restore a workspace that had removed the app. Raises: BoltError."""
        bot = installation.to_bot()
        if not bot.team_id or not bot.bot_token or installation.is_enterprise_install:
            raise BoltError("Install Wirewatch in a single workspace. A whole organization is not supported.")
        await self.async_save_bot(bot)
        async with self._store.begin() as tx:
            home = await tx.workspaces.ensure(Platform.SLACK, bot.team_id, bot.team_name or "", now=self._clock())
            await restore_workspace(tx, home, self._clock(), added=True)
        logger.info("A Slack workspace installed the app")

    async def teams(self) -> tuple[str, ...]:
        """Return the ids of all workspaces that have installed the app."""
        async with self._store.read() as tx:
            return await tx.installs.teams()

    async def async_save_bot(self, bot: Bot) -> None:
        async with self._store.begin() as tx:
            await tx.installs.save(str(bot.team_id), self._sealer.seal(_serialize(bot)), now=self._clock())

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the workspace's bot, or None. A token that expires soon is renewed first.

        Raises: SealError, SlackTokenRotationError.
        """
        async with self._store.read() as tx:
            encrypted = await tx.installs.find(team_id or "")
        if encrypted is None:
            return None
        bot = self._read(encrypted, str(team_id))
        return await self._renew(bot) if self._expires_soon(bot) else bot

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        async with self._store.begin() as tx:
            await tx.installs.remove(team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Do nothing: no tokens of people are stored."""

    def _expires_soon(self, bot: Bot) -> bool:
        expires_at = bot.bot_token_expires_at
        return expires_at is not None and expires_at - self._clock().timestamp() < _RENEW_BEFORE.total_seconds()

    async def _renew(self, bot: Bot) -> Bot:
        """Renew the token. While another process renews it, return the bot with its present token."""
        now, team_id = self._clock(), str(bot.team_id)
        async with self._store.begin() as tx:
            encrypted = await tx.installs.lease(team_id, now=now, until=now + _RENEWAL_LEASE)
        if encrypted is None:
            return bot
        current = self._read(encrypted, team_id)
        if not self._expires_soon(current):
            await self.async_save_bot(current)  # another process has renewed it; saving releases the lease
            return current
        try:
            renewed = await self._rotator.perform_bot_token_rotation(bot=current, minutes_before_expiration=2**20)
        except SlackTokenRotationError:
            if (current.bot_token_expires_at or 0) > now.timestamp():
                logger.warning("A Slack token could not be renewed. It is still valid, and renewing it is tried again")
                return current
            raise
        if renewed is None:
            return current
        await self.async_save_bot(renewed)
        return renewed

    def _read(self, encrypted: bytes, team_id: str) -> Bot:
        values = json.loads(self._sealer.open(encrypted))
        if values["team_id"] != team_id:
            raise SealError("A stored Slack token belongs to a different workspace than its database row.")
        return Bot(**values)


def _serialize(bot: Bot) -> str:
    return json.dumps(
        {
            "app_id": bot.app_id,
            "team_id": bot.team_id,
            "team_name": bot.team_name,
            "bot_token": bot.bot_token,
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "bot_scopes": list(bot.bot_scopes or ()),
            "bot_refresh_token": bot.bot_refresh_token,
            "bot_token_expires_at": bot.bot_token_expires_at,
            "installed_at": bot.installed_at,
        }
    )
