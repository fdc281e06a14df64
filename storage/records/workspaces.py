"""Who reads, and where: workspaces, their channels, what a channel subscribes to, and the console's messages."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from storage.records.states import ChangeRule, ChannelState, Pace, Platform

SHARED: Final = 0
"""Workspace id of what every workspace may see: starter feeds, the inbox, the HTTP API, the catalogue's topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    id: int
    platform: Platform
    external_id: str
    """Slack team id, Discord guild id, or "local"."""
    name: str
    time_zone: str = "UTC"
    """IANA name."""
    quiet_from: time | None = None
    quiet_until: time | None = None
    """Local wall-clock times; both or neither. May cross midnight."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes that alerts are limited to; empty means all."""
    change_rule: ChangeRule = ChangeRule.MANAGERS
    created_at: datetime
    gone_at: datetime | None = None
    """Since when the platform has closed it to us as a whole."""
    gone_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    id: int
    workspace_id: int
    platform: Platform
    workspace_external_id: str
    external_id: str
    name: str
    state: ChannelState = ChannelState.ACTIVE
    gone_reason: str | None = None
    digest_time: time | None = None
    """Local wall-clock time of the digest; None: no digest."""
    digest_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays of the digest, Monday is 0."""
    digest_zone: str | None = None
    """IANA name; None: the workspace's zone."""
    digest_when_empty: bool = True
    """Post one line when there is nothing new."""
    next_digest_at: datetime | None = None
    last_digest_at: datetime | None = None

    @property
    def label(self) -> str:
        """What people call it: "#intel", or "@Ann" for somebody's direct messages."""
        return self.name if self.name.startswith(("#", "@")) else f"#{self.name}"

    @property
    def person(self) -> str | None:
        """External id of the person whose direct messages these are; None: a channel of the workspace."""
        return self.external_id[1:] if self.external_id.startswith("@") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    id: int
    channel_id: int
    topic_id: int
    pace: Pace
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes that it is limited to; empty means the workspace's."""
    paused_reason: str | None = None
    mention: str | None = None
    """Whom its alerts mention: "&1" is a Discord role, "S1" a Slack user group, else a person's external id."""
    mention_name: str | None = None
    """As people read it: "@desk"."""
    created_by: str
    """External id of the person."""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleMessage:
    """A message of the local workspace; a reply has the `thread_id` of the message it stands under."""

    id: int
    channel_id: int
    key: str
    thread_id: int | None = None
    body: dict[str, Any]
    posted_at: datetime
    changed_at: datetime
