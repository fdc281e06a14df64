"""What Slack's payloads leave out: people's zones, names of private channels, who is a member of what. Kept a while."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar

from bot.slack.failures import FAILURES
from bot.slack.teams import Speaker

_NAMELESS: Final = frozenset({"privategroup", "directmessage", ""})
_KEPT: Final = timedelta(hours=1)
_CHANNELS_KEPT: Final = timedelta(minutes=5)
"""Who leaves a channel may still change it for as long; Slack allows about 50 such questions a minute."""
_MOST: Final = 10_000
_PAGES: Final = 10

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person, as Slack tells."""

    name: str
    zone: str | None
    """IANA name."""


class _Kept(Generic[T]):
    """Answers by team and id, for some time."""

    def __init__(self, kept: timedelta) -> None:
        self._kept_s = kept.total_seconds()
        self._held: dict[tuple[str, str], tuple[float, T]] = {}

    def get(self, team: str, id: str) -> tuple[T] | None:
        known = self._held.get((team, id))
        return (known[1],) if known is not None and time.monotonic() - known[0] < self._kept_s else None

    def put(self, team: str, id: str, value: T) -> T:
        if len(self._held) >= _MOST:
            self._held.clear()
        self._held[team, id] = (time.monotonic(), value)
        return value


class People:
    """Asks Slack, once for a while. Where Slack does not answer, nothing is granted."""

    def __init__(self) -> None:
        self._people: _Kept[Known] = _Kept(_KEPT)
        self._names: _Kept[str] = _Kept(_KEPT)
        self._channels: _Kept[frozenset[str]] = _Kept(_CHANNELS_KEPT)

    async def about(self, speaker: Speaker, user: str) -> Known:
        """The person's name and zone."""
        known = self._people.get(speaker.team_id, user)
        if known is not None:
            return known[0]
        try:
            told = (await speaker.client.users_info(user=user))["user"]
        except FAILURES:
            return Known(name=user, zone=None)
        zone = str(told["tz"]) if told.get("tz") else None
        return self._people.put(speaker.team_id, user, Known(name=str(told.get("name") or user), zone=zone))

    async def channel_name(self, speaker: Speaker, channel: str, given: str = "") -> str:
        """The name people see; Slack calls every private channel "privategroup" in a command's payload."""
        if given not in _NAMELESS:
            return given
        known = self._names.get(speaker.team_id, channel)
        if known is not None:
            return known[0]
        try:
            info = await speaker.client.conversations_info(channel=channel)
        except FAILURES:
            return given or channel
        return self._names.put(speaker.team_id, channel, str(info["channel"].get("name") or channel))

    async def is_member(self, speaker: Speaker, channel: str, user: str) -> bool:
        try:
            async for page in _pages(speaker.client.conversations_members, channel=channel):
                if user in page["members"]:
                    return True
        except FAILURES:
            return False
        return False

    async def channels_of(self, speaker: Speaker, user: str) -> frozenset[str]:
        """The channels that this person is in, among those that we see."""
        known = self._channels.get(speaker.team_id, user)
        if known is not None:
            return known[0]
        found: set[str] = set()
        asked = {"user": user, "types": "public_channel,private_channel", "exclude_archived": True}
        try:
            async for page in _pages(speaker.client.users_conversations, **asked):
                found.update(channel["id"] for channel in page["channels"])
        except FAILURES:
            return frozenset(found)  # perhaps not all: asked again the next time
        return self._channels.put(speaker.team_id, user, frozenset(found))


async def _pages(method: Any, **arguments: Any) -> AsyncIterator[Mapping[str, Any]]:
    """The pages of a list, up to a bound. Raises what slack_sdk raises."""
    cursor = ""
    for _ in range(_PAGES):
        page: Mapping[str, Any] = await method(limit=999, cursor=cursor, **arguments)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
