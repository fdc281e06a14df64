"""Records of who reads: workspaces, channels, subscriptions, and the console's messages."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from storage.records.states import ChangeRule, ChannelState, Grouping, Pace, Platform

SHARED: Final = 0
"""Workspace id of what all workspaces see: starter feeds, the inbox, the HTTP API, and the topics of the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A Slack team, a Discord server or the local console: the tenant."""

    id: int
    platform: Platform
    external_id: str
    """Slack team id, Discord guild id, or "local"."""
    name: str
    time_zone: str = "UTC"
    """IANA name."""
    quiet_from: time | None = None
    quiet_until: time | None = None
    """Quiet hours in local wall-clock time: both are set or neither is. They may cross midnight."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the languages of alerts; empty means all."""
    change_rule: ChangeRule = ChangeRule.MANAGERS
    created_at: datetime
    gone_at: datetime | None = None
    """When it removed the bot; None while it has not."""
    gone_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where a workspace reads: a channel, or the direct messages with a person."""

    id: int
    workspace_id: int
    platform: Platform
    workspace_external_id: str
    external_id: str
    name: str
    state: ChannelState = ChannelState.ACTIVE
    gone_reason: str | None = None
    """Why the bot cannot post there; None for an active channel."""
    blocked_at: datetime | None = None
    """Since when the platform refuses posts (UTC). It stays set until a post succeeds again."""
    blocked_until: datetime | None = None
    """When the block ends by itself (UTC); None if it is not known, or if somebody has to act."""
    recheck_at: datetime | None = None
    """When to check next whether the bot may post again (UTC)."""
    digest_time: time | None = None
    """Local wall-clock time of the digest; None for no digest."""
    digest_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays of the digest; Monday is 0."""
    digest_zone: str | None = None
    """IANA name; None for the workspace's time zone."""
    digest_when_empty: bool = True
    """Whether to post a line if there is nothing new."""
    next_digest_at: datetime | None = None
    last_digest_at: datetime | None = None

    @property
    def label(self) -> str:
        """The name for people: "#intel", or "@Ann" for direct messages."""
        return self.name if self.name.startswith(("#", "@")) else f"#{self.name}"

    @property
    def person(self) -> str | None:
        """External id of the person if these are direct messages; None for other channels."""
        return self.external_id[1:] if self.external_id.startswith("@") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A topic that a channel gets."""

    id: int
    channel_id: int
    topic_id: int
    pace: Pace
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of its languages; empty means those of the workspace."""
    paused_reason: str | None = None
    mention: str | None = None
    """Whom its alerts mention: "&1" is a Discord role, "S1" a Slack user group, else a person's external id."""
    mention_name: str | None = None
    """The name of `mention` for people: "@desk"."""
    grouping: Grouping = Grouping.NORMAL
    silent: bool = False
    """Its alerts notify nobody, on platforms that have such messages (Discord)."""
    created_by: str
    """External id of the person who subscribed."""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleMessage:
    """A message in the console. A reply has the id of the message that it answers as `thread_id`."""

    id: int
    channel_id: int
    key: str
    thread_id: int | None = None
    body: dict[str, Any]
    posted_at: datetime
    changed_at: datetime
