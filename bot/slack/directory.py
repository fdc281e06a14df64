"""Looks up in Slack what its payloads leave out: time zones, names of private channels, memberships. Caches answers."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar

from bot.slack.failures import FAILURES
from bot.slack.teams import SlackTeam

_PLACEHOLDER_NAMES: Final = frozenset({"privategroup", "directmessage", ""})
"""Names that a command's payload gives instead of the name of a private channel or of direct messages."""
_CACHE: Final = timedelta(hours=1)
_MEMBERSHIP_CACHE: Final = timedelta(minutes=5)
"""A person who leaves a channel can still change it for this long. Slack allows about 50 such calls a minute."""
_CACHE_SIZE: Final = 10_000
_PAGES: Final = 10

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack says about a person."""

    name: str
    time_zone: str | None
    """IANA name."""


class _Cache(Generic[T]):
    """Caches values by team and id for a limited time."""

    def __init__(self, max_age: timedelta) -> None:
        self._max_age_s = max_age.total_seconds()
        self._entries: dict[tuple[str, str], tuple[float, T]] = {}

    def get(self, team_id: str, id: str) -> tuple[T] | None:
        """Return the cached value in a tuple, or None if there is none or it is too old."""
        entry = self._entries.get((team_id, id))
        return (entry[1],) if entry is not None and time.monotonic() - entry[0] < self._max_age_s else None

    def put(self, team_id: str, id: str, value: T) -> T:
        if len(self._entries) >= _CACHE_SIZE:
            self._entries.clear()
        self._entries[team_id, id] = (time.monotonic(), value)
        return value

    def forget(self, team_id: str) -> None:
        """Remove everything about the team."""
        self._entries = {key: entry for key, entry in self._entries.items() if key[0] != team_id}


class Directory:
    """People and channels of every workspace. If Slack does not answer, people count as members of no channel."""

    def __init__(self) -> None:
        self._profiles: _Cache[Profile] = _Cache(_CACHE)
        self._names: _Cache[str] = _Cache(_CACHE)
        self._channels: _Cache[frozenset[str]] = _Cache(_MEMBERSHIP_CACHE)

    def forget(self, team_id: str) -> None:
        """Ask Slack again for the names and members of the team's channels, because one of them has changed."""
        self._names.forget(team_id)
        self._channels.forget(team_id)

    async def profile(self, team: SlackTeam, user_id: str) -> Profile:
        """Return the person's name and time zone. If Slack does not answer, the name is the user id."""
        cached = self._profiles.get(team.id, user_id)
        if cached is not None:
            return cached[0]
        try:
            user = (await team.client.users_info(user=user_id))["user"]
        except FAILURES:
            return Profile(name=user_id, time_zone=None)
        time_zone = str(user["tz"]) if user.get("tz") else None
        return self._profiles.put(team.id, user_id, Profile(name=str(user.get("name") or user_id), time_zone=time_zone))

    async def channel_name(self, team: SlackTeam, channel_id: str, given: str = "") -> str:
        """Return the name that people see. `given` is the name in the payload, used unless it is a placeholder."""
        if given not in _PLACEHOLDER_NAMES:
            return given
        cached = self._names.get(team.id, channel_id)
        if cached is not None:
            return cached[0]
        try:
            info = await team.client.conversations_info(channel=channel_id)
        except FAILURES:
            return given or channel_id
        return self._names.put(team.id, channel_id, str(info["channel"].get("name") or channel_id))

    async def is_member(self, team: SlackTeam, channel_id: str, user_id: str) -> bool:
        try:
            async for page in _pages(team.client.conversations_members, channel=channel_id):
                if user_id in page["members"]:
                    return True
        except FAILURES:
            return False
        return False

    async def channels_of(self, team: SlackTeam, user_id: str) -> frozenset[str]:
        """Return the ids of the channels that the person is a member of, as far as the bot can see them."""
        cached = self._channels.get(team.id, user_id)
        if cached is not None:
            return cached[0]
        found: set[str] = set()
        options = {"user": user_id, "types": "public_channel,private_channel", "exclude_archived": True}
        try:
            async for page in _pages(team.client.users_conversations, **options):
                found.update(channel["id"] for channel in page["channels"])
        except FAILURES:
            return frozenset(found)  # may be incomplete, so it is not cached
        return self._channels.put(team.id, user_id, frozenset(found))


async def _pages(method: Any, **arguments: Any) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the pages of a list method, at most `_PAGES` of them. Raises what slack_sdk raises."""
    cursor = ""
    for _ in range(_PAGES):
        page: Mapping[str, Any] = await method(limit=999, cursor=cursor, **arguments)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
