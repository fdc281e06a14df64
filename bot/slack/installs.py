"""Bolt's installation store on our database. Tokens are encrypted, and renewed by one process at a time."""

import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

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


_ORGANISATION: Final = "organisation"
"""Key of the id of the Enterprise organisation whose token a workspace uses, in the row of the workspace."""


class InstallStore(AsyncInstallationStore):
    """Stores a bot token for each workspace, and for each Enterprise organisation that installed the app as a whole.

    A workspace of such an organisation gets a row that refers to the organisation, once something arrives from it.
    """

    def __init__(self, store: Store, sealer: Sealer, rotator: AsyncTokenRotator, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._sealer = sealer
        self._rotator = rotator
        self._clock = clock

    async def async_save(self, installation: Installation) -> None:
        """Store the bot's token, and restore a workspace that had removed the app. Raises: BoltError."""
        bot = installation.to_bot()
        if not _key(bot) or not bot.bot_token:
            raise BoltError("Slack's answer names neither a workspace nor an organisation.")
        await self.async_save_bot(bot)
        if not bot.is_enterprise_install:
            await self._restore(str(bot.team_id), bot.team_name or "")
        logger.info("A Slack workspace or organisation installed the app")

    async def teams(self) -> tuple[str, ...]:
        """Return the ids of all workspaces and organisations that have installed the app."""
        async with self._store.read() as tx:
            return await tx.installs.teams()

    async def teams_of(self, organisation: str) -> tuple[str, ...]:
        """Return the ids of the workspaces that use the organisation's token, as far as rows can be decrypted."""
        teams = []
        for team_id in await self.teams():
            with contextlib.suppress(SealError):
                stored = await self._stored(team_id)
                if stored is not None and stored.get(_ORGANISATION) == organisation:
                    teams.append(team_id)
        return tuple(teams)

    async def async_save_bot(self, bot: Bot) -> None:
        await self._save(_key(bot), _values(bot))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the workspace's bot, or None. A token that expires soon is renewed first.

        A workspace without a token of its own uses that of its organisation, if that has installed the app. Raises:
        SealError, SlackTokenRotationError.
        """
        stored = await self._stored(team_id or enterprise_id or "")
        if stored is None and team_id and enterprise_id and await self._stored(enterprise_id) is not None:
            stored = {"team_id": team_id, _ORGANISATION: enterprise_id}
            await self._save(team_id, stored)
            await self._restore(team_id, "")
        if stored is not None and _ORGANISATION in stored:
            stored = await self._stored(stored[_ORGANISATION])
        if stored is None:
            return None
        bot = Bot(**stored)
        bot = await self._renew(bot) if self._expires_soon(bot) else bot
        if bot.is_enterprise_install:
            bot.team_id = team_id
        return bot

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
        now, key = self._clock(), _key(bot)
        async with self._store.begin() as tx:
            encrypted = await tx.installs.lease(key, now=now, until=now + _RENEWAL_LEASE)
        if encrypted is None:
            return bot
        current = Bot(**self._read(encrypted, key))
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

    async def _restore(self, team_id: str, name: str) -> None:
        async with self._store.begin() as tx:
            home = await tx.workspaces.ensure(Platform.SLACK, team_id, name, now=self._clock())
            await restore_workspace(tx, home, self._clock(), added=True)

    async def _save(self, key: str, values: Mapping[str, Any]) -> None:
        async with self._store.begin() as tx:
            await tx.installs.save(key, self._sealer.seal(json.dumps(values)), now=self._clock())

    async def _stored(self, key: str) -> dict[str, Any] | None:
        """Return what is stored for a workspace or an organisation. Raises: SealError."""
        async with self._store.read() as tx:
            encrypted = await tx.installs.find(key)
        return None if encrypted is None else self._read(encrypted, key)

    def _read(self, encrypted: bytes, key: str) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self._sealer.open(encrypted))
        is_whole = bool(values.get("is_enterprise_install"))
        if values["enterprise_id" if is_whole else "team_id"] != key:
            raise SealError("A stored Slack token belongs to a different workspace than its database row.")
        return values


def _key(bot: Bot) -> str:
    """Return the id of the row: that of the organisation if it installed the app as a whole, else the workspace's."""
    return str((bot.enterprise_id if bot.is_enterprise_install else bot.team_id) or "")


def _values(bot: Bot) -> dict[str, Any]:
    return {
        "app_id": bot.app_id,
        "enterprise_id": bot.enterprise_id,
        "is_enterprise_install": bool(bot.is_enterprise_install),
        "team_id": None if bot.is_enterprise_install else bot.team_id,
        "team_name": bot.team_name,
        "bot_token": bot.bot_token,
        "bot_id": bot.bot_id,
        "bot_user_id": bot.bot_user_id,
        "bot_scopes": list(bot.bot_scopes or ()),
        "bot_refresh_token": bot.bot_refresh_token,
        "bot_token_expires_at": bot.bot_token_expires_at,
        "installed_at": bot.installed_at,
    }
