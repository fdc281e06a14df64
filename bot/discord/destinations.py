"""Where the posts of a channel go on Discord: the channel itself, a forum's posts, a person's direct messages."""

import asyncio
from dataclasses import dataclass
from typing import Final

import discord

from bot.discord.permissions import ANNOUNCEMENTS, FORUM, TEXT, Right, lacking, needed
from storage.records import Channel

DIRECT: Final = 1
"""A direct message's channel type."""
_MEMBER_S: Final = 3600.0
"""A member is not asked for again so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    id: int
    """Of the channel; for a person, of the direct messages with them."""
    kind: int
    """Discord's channel type."""
    granted: int | None = None
    """The bot's rights there; None: not known."""
    forum: discord.ForumChannel | None = None

    @property
    def has_threads(self) -> bool:
        """Updates of an alert go into a thread below it; elsewhere they answer it."""
        return self.kind in (TEXT, ANNOUNCEMENTS)

    @property
    def is_forum(self) -> bool:
        return self.kind == FORUM

    @property
    def lacks(self) -> tuple[str, ...]:
        """The rights that are known to be missing, by name."""
        return self.lacks_of(*needed(self.kind))

    def lacks_of(self, *wanted: Right) -> tuple[str, ...]:
        """The same, of these alone."""
        return () if self.granted is None else lacking(self.granted, wanted)


class Places:
    """Looks channels up in what the gateway told, else asks for them."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._direct: dict[str, int] = {}
        self._members: dict[tuple[str, str], float] = {}
        """(server, person) and until when, by the loop's clock, they count as members."""

    async def of(self, channel: Channel) -> Place:
        """Raises: what the library raises, for a channel that is gone or closed to us."""
        if channel.external_id.startswith("@"):
            person = channel.external_id[1:]
            await self.require_member(channel.workspace_external_id, person)
            return Place(id=await self._direct_messages(person), kind=DIRECT)
        id = int(channel.external_id)
        guild = self._client.get_guild(int(channel.workspace_external_id))
        found = guild.get_channel(id) if guild is not None else None
        if found is None:
            asked = await self._client.fetch_channel(id)
            if isinstance(asked, discord.abc.PrivateChannel):
                return Place(id=id, kind=DIRECT)
            return Place(id=id, kind=asked.type.value, forum=asked if isinstance(asked, discord.ForumChannel) else None)
        return Place(
            id=id,
            kind=found.type.value,
            granted=found.permissions_for(found.guild.me).value,
            forum=found if isinstance(found, discord.ForumChannel) else None,
        )

    def knows_thread(self, channel: Channel, id: str) -> bool:
        """It is there: no need to make it."""
        guild = self._client.get_guild(int(channel.workspace_external_id))
        return guild is not None and guild.get_thread(int(id)) is not None

    def tags_of(self, channel: Channel, thread: int) -> list[int] | None:
        """Ids of the tags of a forum's post; None: not known."""
        guild = self._client.get_guild(int(channel.workspace_external_id))
        found = guild.get_thread(thread) if guild is not None else None
        return None if found is None else [tag.id for tag in found.applied_tags]

    async def require_member(self, guild: str, person: str) -> None:
        """Who has left a server gets nothing of it any more. Raises: what the library raises, NotFound for them."""
        now = asyncio.get_running_loop().time()
        if self._members.get((guild, person), 0.0) <= now:
            await self._client.http.get_member(int(guild), int(person))
            self._members[guild, person] = now + _MEMBER_S

    async def _direct_messages(self, person: str) -> int:
        """Opening them again gives the same ones: https://discord.com/developers/docs/resources/user#create-dm"""
        if person not in self._direct:
            self._direct[person] = int((await self._client.http.start_private_message(person))["id"])
        return self._direct[person]
