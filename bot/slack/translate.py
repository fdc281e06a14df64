"""Slack's payloads as Requests. Decides nothing; asks Slack for the person's zone and a private channel's name."""

import html
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import FAILURES
from handlers.command_table import COMMANDS
from handlers.requests import Person, Request
from storage.records import Platform

# With should_escape, text carries <#C123|name>, <@U123|name>, <https://address|shown>.
_CHANNEL: Final = re.compile(r"(?:\bin\s+)?<#([A-Z0-9]+)(?:\|([^>]*))?>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"<((?:https?|mailto):[^|>\s]+)(?:\|[^>]*)?>")
_MENTION: Final = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_NAMELESS: Final = frozenset({"privategroup", "directmessage", ""})
_REMEMBER: Final = timedelta(hours=1)
_REMEMBERED: Final = 10_000
_NAMES: Final = frozenset(command.name for command in COMMANDS)


class Translator:
    """Turns payloads into Requests; keeps people's zones for an hour."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._zones: dict[str, tuple[datetime, str | None]] = {}
        self._names: dict[str, str] = {}

    async def command(self, payload: Mapping[str, Any], *, now: datetime) -> Request:
        """A slash command's payload."""
        return await self._request(
            team=payload["team_id"],
            team_name=payload.get("team_domain", ""),
            channel=payload["channel_id"],
            channel_name=payload.get("channel_name", ""),
            user=payload["user_id"],
            user_name=payload.get("user_name", ""),
            command=payload["command"].removeprefix("/"),
            text=payload.get("text", ""),
            now=now,
        )

    async def press(self, payload: Mapping[str, Any], *, now: datetime) -> Request:
        """A button's payload. The command's name is "press"; the action travels beside it."""
        team = payload.get("team") or {}
        channel = payload.get("channel") or {}
        user = payload.get("user") or {}
        return await self._request(
            team=team.get("id", user.get("team_id", "")),
            team_name=team.get("domain", ""),
            channel=channel.get("id", user.get("id", "")),
            channel_name=channel.get("name", ""),
            user=user["id"],
            user_name=user.get("username") or user.get("name", ""),
            command="press",
            text="",
            now=now,
        )

    async def mention(self, body: Mapping[str, Any], *, now: datetime) -> Request:
        """ "@Wirewatch brief huawei" as the command; where its first word is no command, /news."""
        event = body["event"]
        text = _MENTION.sub(" ", event.get("text", "")).strip()
        first, _, rest = text.partition(" ")
        name = first.lower().removeprefix("/")
        return await self._request(
            team=body.get("team_id") or event.get("team", ""),
            team_name="",
            channel=event["channel"],
            channel_name="",
            user=event.get("user", ""),
            user_name="",
            command=name if name in _NAMES else "news",
            text=rest if name in _NAMES else "",
            now=now,
        )

    async def _request(
        self,
        *,
        team: str,
        team_name: str,
        channel: str,
        channel_name: str,
        user: str,
        user_name: str,
        command: str,
        text: str,
        now: datetime,
    ) -> Request:
        words, target = _words(text)
        linked = target is not None and await self._is_member(target[0], user)
        return Request(
            platform=Platform.SLACK,
            workspace=team,
            workspace_name=team_name or team,
            channel=channel,
            channel_name=await self.channel_name(channel, channel_name),
            person=Person(
                external_id=user,
                name=user_name or user,
                may_manage=True,  # who speaks in a channel is a member of it
                manages=frozenset({target[0]}) if target is not None and linked else frozenset(),
                time_zone=await self._zone(user, now),
            ),
            command=command,
            words=words,
            target_channel=target,
            now=now,
        )

    async def channel_name(self, channel: str, given: str = "") -> str:
        """The name people see; Slack calls every private channel "privategroup" in a command's payload."""
        if given not in _NAMELESS:
            return given
        if channel not in self._names:
            try:
                info = await self._client.conversations_info(channel=channel)
                self._names[channel] = info["channel"].get("name") or "direct message"
            except FAILURES:
                return given or channel
        return self._names[channel]

    async def _is_member(self, channel: str, user: str) -> bool:
        cursor = ""
        for _ in range(10):
            try:
                page = await self._client.conversations_members(channel=channel, limit=1000, cursor=cursor)
            except FAILURES:
                return False
            if user in page["members"]:
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False
        return False

    async def _zone(self, user: str, now: datetime) -> str | None:
        known = self._zones.get(user)
        if known is not None and now - known[0] < _REMEMBER:
            return known[1]
        try:
            zone = (await self._client.users_info(user=user))["user"].get("tz")
        except FAILURES:
            return None
        if len(self._zones) >= _REMEMBERED:
            self._zones.clear()
        self._zones[user] = (now, zone)
        return str(zone) if zone else None


def _words(text: str) -> tuple[str, tuple[str, str] | None]:
    """What was typed, without Slack's escapes, and the channel that it names."""
    target: tuple[str, str] | None = None
    found = _CHANNEL.search(text)
    if found is not None:
        target = (found[1], found[2] or found[1])
        text = f"{text[: found.start()]} {text[found.end() :]}"
    text = _ADDRESS.sub(r"\1", text)
    return html.unescape(" ".join(text.split())), target
