"""Bolt's installation store over our database: tokens sealed, and renewed by one process at a time."""

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
    "Set the key of before, or let the workspace install the app again.",
)
_RENEW_BEFORE: Final = timedelta(hours=2)
"""The old token stays good until its end, so whoever does not renew goes on with it. Slack gives it 12 hours:
https://docs.slack.dev/authentication/using-token-rotation"""
_RENEWING: Final = timedelta(minutes=1)


class InstallStore(AsyncInstallationStore):
    """Installations by team. Org-wide ones are refused: a workspace is the tenant."""

    def __init__(self, store: Store, sealer: Sealer, rotator: AsyncTokenRotator, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._sealer = sealer
        self._rotator = rotator
        self._clock = clock

    async def async_save(self, installation: Installation) -> None:
        """Keep the bot's token. A workspace that had left is back. Raises: BoltError."""
        bot = installation.to_bot()
        if not bot.team_id or not bot.bot_token or installation.is_enterprise_install:
            raise BoltError("Install Wirewatch into a single workspace; an organisation as a whole is not supported.")
        await self.async_save_bot(bot)
        async with self._store.begin() as tx:
            home = await tx.workspaces.ensure(Platform.SLACK, bot.team_id, bot.team_name or "", now=self._clock())
            await restore_workspace(tx, home, self._clock(), added=True)
        logger.info("A Slack workspace installed the app")

    async def teams(self) -> tuple[str, ...]:
        """Ids of the workspaces that have installed us."""
        async with self._store.read() as tx:
            return await tx.installs.teams()

    async def async_save_bot(self, bot: Bot) -> None:
        async with self._store.begin() as tx:
            await tx.installs.save(str(bot.team_id), self._sealer.seal(_written(bot)), now=self._clock())

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The team's bot, its token renewed where it soon ends. Raises: SealError, SlackTokenRotationError."""
        async with self._store.read() as tx:
            sealed = await tx.installs.find(team_id or "")
        if sealed is None:
            return None
        bot = self._read(sealed, str(team_id))
        return await self._renewed(bot) if self._ends_soon(bot) else bot

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        async with self._store.begin() as tx:
            await tx.installs.remove(team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """A single person's: we keep none."""

    def _ends_soon(self, bot: Bot) -> bool:
        ends_at = bot.bot_token_expires_at
        return ends_at is not None and ends_at - self._clock().timestamp() < _RENEW_BEFORE.total_seconds()

    async def _renewed(self, bot: Bot) -> Bot:
        """By this process alone; while another is at it, the old token goes on."""
        now, team_id = self._clock(), str(bot.team_id)
        async with self._store.begin() as tx:
            sealed = await tx.installs.lease(team_id, now=now, until=now + _RENEWING)
        if sealed is None:
            return bot
        current = self._read(sealed, team_id)
        if not self._ends_soon(current):
            await self.async_save_bot(current)  # another was quicker; this gives the lease back
            return current
        try:
            renewed = await self._rotator.perform_bot_token_rotation(bot=current, minutes_before_expiration=2**20)
        except SlackTokenRotationError:
            if (current.bot_token_expires_at or 0) > now.timestamp():
                logger.warning("A Slack token could not be renewed; it is tried again, the old one is good until then")
                return current
            raise
        if renewed is None:
            return current
        await self.async_save_bot(renewed)
        return renewed

    def _read(self, sealed: bytes, team_id: str) -> Bot:
        held = json.loads(self._sealer.open(sealed))
        if held["team_id"] != team_id:
            raise SealError("A stored Slack token belongs to another workspace than its row.")
        return Bot(**held)


def _written(bot: Bot) -> str:
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
