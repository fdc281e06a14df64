"""Looks up in Slack what its payloads leave out: time zones, names of private channels, memberships. Caches answers."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar

from bot.slack.failures import FAILURES, error_name
from bot.slack.teams import SlackTeam
from handlers.commands.request import Role

_PLACEHOLDER_NAMES: Final = frozenset({"privategroup", "directmessage", ""})
"""Names that a command's payload gives instead of the name of a private channel or of direct messages."""
_CACHE: Final = timedelta(hours=1)
_RIGHTS_CACHE: Final = timedelta(minutes=5)
"""A person who leaves a channel or loses a right keeps it for this long. Slack allows about 50 such calls a minute."""
_CACHE_SIZE: Final = 10_000
_PAGES: Final = 10
_CHANNEL_TYPES: Final = ("public_channel,private_channel,mpim", "public_channel,private_channel")
"""Types of channels to list. An app that was installed before it asked for mpim:read may list those without mpim."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack says about a person."""

    name: str
    time_zone: str | None = None
    """IANA name."""
    role: Role = Role.UNKNOWN
    is_admin: bool = False
    """An admin or owner of the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memberships:
    """The ids of channels that a person belongs to, and of those that the person created."""

    channels: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()


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
        self._profiles: _Cache[Profile] = _Cache(_RIGHTS_CACHE)
        self._infos: _Cache[Mapping[str, Any]] = _Cache(_CACHE)
        self._memberships: _Cache[Memberships] = _Cache(_RIGHTS_CACHE)

    def forget(self, team_id: str) -> None:
        """Ask Slack again for the names and members of the team's channels, because one of them has changed."""
        self._infos.forget(team_id)
        self._memberships.forget(team_id)

    async def profile(self, team: SlackTeam, user_id: str) -> Profile:
        """Return what the person is. If Slack does not answer, the name is the user id and the role is unknown."""
        cached = self._profiles.get(team.id, user_id)
        if cached is not None:
            return cached[0]
        try:
            user = (await team.client.users_info(user=user_id))["user"]
        except FAILURES:
            return Profile(name=user_id)
        return self._profiles.put(team.id, user_id, _to_profile(user, user_id, team.id))

    async def channel_name(self, team: SlackTeam, channel_id: str, given: str = "") -> str:
        """Return the name that people see. `given` is the name in the payload, used unless it is a placeholder."""
        if given not in _PLACEHOLDER_NAMES:
            return given
        info = await self._info(team, channel_id)
        return given or channel_id if info is None else str(info.get("name") or channel_id)

    async def creator(self, team: SlackTeam, channel_id: str) -> str:
        """Return the user id of the person who created the channel; empty if Slack does not say."""
        return str((await self._info(team, channel_id) or {}).get("creator") or "")

    async def _info(self, team: SlackTeam, channel_id: str) -> Mapping[str, Any] | None:
        """Return what Slack says about a channel; None if it does not answer."""
        cached = self._infos.get(team.id, channel_id)
        if cached is not None:
            return cached[0]
        try:
            info = (await team.client.conversations_info(channel=channel_id))["channel"]
        except FAILURES:
            return None
        return self._infos.put(team.id, channel_id, info)

    async def is_member(self, team: SlackTeam, channel_id: str, user_id: str) -> bool:
        try:
            async for page in _pages(team.client.conversations_members, channel=channel_id):
                if user_id in page["members"]:
                    return True
        except FAILURES:
            return False
        return False

    async def memberships(self, team: SlackTeam, user_id: str) -> Memberships:
        """Return the channels that the person is a member of, as far as the bot can see them."""
        cached = self._memberships.get(team.id, user_id)
        if cached is not None:
            return cached[0]
        found: dict[str, bool] = {}
        options = {"user": user_id, "exclude_archived": True}
        if team.is_in_organisation:  # the organisation's token is valid in many workspaces
            options["team_id"] = team.id
        for types in _CHANNEL_TYPES:
            try:
                async for page in _pages(team.client.users_conversations, types=types, **options):
                    found.update({channel["id"]: channel.get("creator") == user_id for channel in page["channels"]})
                return self._memberships.put(team.id, user_id, _to_memberships(found))
            except FAILURES as error:
                if error_name(error) != "missing_scope":
                    break
        return _to_memberships(found)  # may be incomplete, so it is not cached


def _to_profile(user: Mapping[str, Any], user_id: str, team_id: str) -> Profile:
    """Return the profile of a person in this team: https://docs.slack.dev/reference/objects/user-object

    In an Enterprise organisation, `team_id` may be another team of the organisation, and `enterprise_user` lists the
    teams that the person belongs to.
    """
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}
    role = Role.MEMBER
    if user.get("is_stranger") or team_id not in teams:
        role = Role.STRANGER
    elif user.get("is_restricted") or user.get("is_ultra_restricted"):
        role = Role.GUEST
    is_admin = any(user.get(right) for right in ("is_admin", "is_owner", "is_primary_owner"))
    return Profile(
        name=str(user.get("name") or user_id),
        time_zone=str(user["tz"]) if user.get("tz") else None,
        role=role,
        is_admin=is_admin and role is Role.MEMBER,
    )


def _to_memberships(created: Mapping[str, bool]) -> Memberships:
    return Memberships(channels=frozenset(created), created=frozenset(id for id, is_own in created.items() if is_own))


async def _pages(method: Any, **arguments: Any) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the pages of a list method, at most `_PAGES` of them. Raises what slack_sdk raises."""
    cursor = ""
    for _ in range(_PAGES):
        page: Mapping[str, Any] = await method(limit=999, cursor=cursor, **arguments)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
