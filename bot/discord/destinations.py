"""Where the posts of a channel go on Discord: the channel itself, a forum, or a person's direct messages."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import discord

from bot.discord.permissions import ANNOUNCEMENTS, FORUM, TEXT, Permission, missing_names, required_in
from storage.records import Channel

DIRECT: Final = 1
"""The channel type of direct messages."""
_MEMBERSHIP_S: Final = 3600.0
"""How long a confirmed membership is remembered, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    id: int
    """The channel's id; for a person, the id of the direct messages with them."""
    kind: int
    """Discord's channel type."""
    granted: int | None = None
    """The bot's permissions there; None where they are not known."""
    forum: discord.ForumChannel | None = None
    timed_out_until: datetime | None = None
    """When a time-out of the bot by a moderator ends (UTC); None if there is none."""

    @property
    def has_threads(self) -> bool:
        """Whether updates of an alert go into a thread; elsewhere they are replies to it."""
        return self.kind in (TEXT, ANNOUNCEMENTS)

    @property
    def is_forum(self) -> bool:
        return self.kind == FORUM

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of all required permissions that the bot lacks; empty where they are not known."""
        return self.missing_of(*required_in(self.kind))

    def missing_of(self, *required: Permission) -> tuple[str, ...]:
        """Return the names of those of these permissions that the bot lacks; empty where they are not known."""
        return () if self.granted is None else missing_names(self.granted, required)


class Destinations:
    """Finds destinations in what the gateway has sent; asks Discord's API for the others."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._direct: dict[str, int] = {}
        self._members: dict[tuple[str, str], float] = {}
        """(server, person) and until when they count as a member, by the event loop's clock."""

    async def find(self, channel: Channel) -> Destination:
        """Return the channel's destination.

        Raises: what the library raises, for a channel that is gone or closed to the bot.
        """
        if channel.external_id.startswith("@"):
            person = channel.external_id[1:]
            await self.require_member(channel.workspace_external_id, person)
            return Destination(id=await self._direct_messages(person), kind=DIRECT)
        id = int(channel.external_id)
        guild = self._client.get_guild(int(channel.workspace_external_id))
        cached = guild.get_channel(id) if guild is not None else None
        if cached is None:
            fetched = await self._client.fetch_channel(id)
            if isinstance(fetched, discord.abc.PrivateChannel):
                return Destination(id=id, kind=DIRECT)
            forum = fetched if isinstance(fetched, discord.ForumChannel) else None
            return Destination(id=id, kind=fetched.type.value, forum=forum)
        return cached_destination(cached)

    def has_thread(self, channel: Channel, id: str) -> bool:
        """Return whether the gateway has sent this thread. False does not mean that it does not exist."""
        guild = self._client.get_guild(int(channel.workspace_external_id))
        return guild is not None and guild.get_thread(int(id)) is not None

    def tags_of(self, channel: Channel, thread: int) -> list[int] | None:
        """Return the ids of the tags of a forum post; None where the gateway has not sent the post."""
        guild = self._client.get_guild(int(channel.workspace_external_id))
        cached = guild.get_thread(thread) if guild is not None else None
        return None if cached is None else [tag.id for tag in cached.applied_tags]

    async def require_member(self, guild: str, person: str) -> None:
        """Check that the person is in the server: somebody who left it gets nothing from it.

        Raises: discord.NotFound for somebody who is not, and what else the library raises.
        """
        now = asyncio.get_running_loop().time()
        if self._members.get((guild, person), 0.0) <= now:
            await self._client.http.get_member(int(guild), int(person))
            self._members[guild, person] = now + _MEMBERSHIP_S

    async def _direct_messages(self, person: str) -> int:
        """Return the id of the direct messages with a person. Opening them twice gives the same id:
        https://discord.com/developers/docs/resources/user#create-dm
        """
        if person not in self._direct:
            self._direct[person] = int((await self._client.http.start_private_message(person))["id"])
        return self._direct[person]


def cached_destination(channel: discord.abc.GuildChannel) -> Destination:
    """Return the destination for a channel that the gateway has sent."""
    return Destination(
        id=channel.id,
        kind=channel.type.value,
        granted=channel.permissions_for(channel.guild.me).value,
        timed_out_until=_time_out(channel.guild.me),
        forum=channel if isinstance(channel, discord.ForumChannel) else None,
    )


def _time_out(member: discord.Member) -> datetime | None:
    until = member.timed_out_until
    return until if until is not None and until > discord.utils.utcnow() else None
