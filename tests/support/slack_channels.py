"""The channels and people of a local Slack: who is where, and where the app may post."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]


def refusal(error: str) -> Body:
    return {"ok": False, "error": error}


@dataclass
class SlackChannels:
    """Channels and people, as tests set them."""

    messages: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))
    """Posted messages by channel."""
    members: dict[str, list[str]] = field(default_factory=dict)
    """The members of a channel."""
    member_of: dict[str, list[str]] = field(default_factory=dict)
    """The channels of a person."""
    outside: set[str] = field(default_factory=set)
    """Public channels that the app is not in. It can join them."""
    hidden: set[str] = field(default_factory=set)
    """Private channels that the app is not in. Slack acts as if they did not exist."""
    archived: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    """The names of channels, if a test sets them."""
    private: set[str] = field(default_factory=set)
    """Private channels that the app is in."""
    creators: dict[str, str] = field(default_factory=dict)
    """The person who created a channel."""
    people: dict[str, Body] = field(default_factory=dict)
    """What users.info says about people, besides the fields that everybody has."""

    def refusal_of(self, channel: str) -> Body | None:
        """Return Slack's answer to a post in a channel where the app may not post."""
        errors = {"not_in_channel": self.outside, "channel_not_found": self.hidden, "is_archived": self.archived}
        return next((refusal(error) for error, found in errors.items() if channel in found), None)

    def turn_private(self, channel: str) -> None:
        """Make a public channel private. An app that is not in it no longer sees it."""
        if channel in self.outside:
            self.outside.remove(channel)
            self.hidden.add(channel)
        self.private.add(channel)

    def change_id(self, old: str, new: str) -> Body:
        """Give a channel another id, as Slack does when it is shared, and return the event."""
        self.messages[new] = self.messages.pop(old, [])
        for channels in (self.outside, self.archived, self.private):
            if old in channels:
                channels.remove(old)
                channels.add(new)
        self.hidden.add(old)
        return {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new, "event_ts": "1"}

    def channel_info(self, channel: str) -> Body:
        if channel in self.hidden:
            return refusal("channel_not_found")
        state = {
            "name": self.names.get(channel, "private-intel"),
            "is_member": channel not in self.outside,
            "is_archived": channel in self.archived,
            "is_private": channel in self.private,
            "creator": self.creators.get(channel, "U9"),
        }
        return {"ok": True, "channel": {"id": channel} | state}

    def channels_of(self, user: str) -> list[Body]:
        return [{"id": id, "creator": self.creators.get(id, "U9")} for id in self.member_of.get(user, [])]

    def user_info(self, user: str, team: str) -> Body:
        common = {"id": user, "team_id": team, "name": "ada", "tz": "Europe/Berlin"}
        return {"ok": True, "user": common | self.people.get(user, {})}
