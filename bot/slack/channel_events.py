"""Handles Slack's events about channels: closed, opened, renamed, given another id, shared with other organisations.

https://docs.slack.dev/reference/events
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot.slack.services import SlackServices
from handlers.workspaces.channel_changes import ChangedChannel
from storage.records import Platform

CHANNEL_GONE: Final = (
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
)
"""Events after which the bot cannot post in a channel. The table of refusals says what each means."""
_OPEN: Final = ("channel_unarchive", "group_unarchive")
_SHARED: Final = ("channel_shared", "channel_unshared")
_RENAMED: Final = ("channel_rename", "group_rename")
_ID_CHANGED: Final = "channel_id_changed"
CHANNEL_EVENTS: Final = (*CHANNEL_GONE, *_OPEN, *_SHARED, *_RENAMED, _ID_CHANGED)

Handler = Callable[[dict[str, Any], str], Awaitable[None]]
"""Called with the event and the id of its workspace."""


class ChannelEvents:
    """Keeps the stored channels as Slack reports them. Handling an event again changes nothing."""

    def __init__(self, services: SlackServices) -> None:
        self._services = services

    def handler(self, kind: str) -> Handler | None:
        """Return what handles this type of event; None if it is not about a channel."""
        if kind in CHANNEL_GONE:
            return self._gone
        if kind in (*_OPEN, *_SHARED):
            return self._check
        if kind in _RENAMED:
            return self._renamed
        return self._moved if kind == _ID_CHANGED else None

    async def _gone(self, event: dict[str, Any], team_id: str) -> None:
        self._services.translator.directory.forget(team_id)
        await self._services.commands.channel_gone(
            platform=Platform.SLACK,
            workspace=team_id,
            channel=event["channel"],
            event=event["type"],
            now=self._services.clock(),
        )

    async def _check(self, event: dict[str, Any], team_id: str) -> None:
        """Ask Slack whether the bot may post again in a channel where it could not. Its members may have changed."""
        self._services.translator.directory.forget(team_id)
        await self._check_channel(event["channel"], team_id)

    async def _renamed(self, event: dict[str, Any], team_id: str) -> None:
        self._services.translator.directory.forget(team_id)
        channel, name = event["channel"]["id"], str(event["channel"].get("name") or "")
        changed = ChangedChannel(platform=Platform.SLACK, workspace=team_id, channel=channel, name=name)
        await self._services.commands.channel_changed(changed)

    async def _moved(self, event: dict[str, Any], team_id: str) -> None:
        """Follow a channel to its new id. A post to the old id may have been refused meanwhile, so it is checked."""
        old, new = event["old_channel_id"], event["new_channel_id"]
        self._services.translator.directory.forget(team_id)
        changed = ChangedChannel(platform=Platform.SLACK, workspace=team_id, channel=old, new_id=new)
        await self._services.commands.channel_changed(changed)
        await self._check_channel(new, team_id)

    async def _check_channel(self, channel: str, team_id: str) -> None:
        await self._services.commands.check_channel(
            platform=Platform.SLACK, workspace=team_id, channel=channel, now=self._services.clock()
        )
