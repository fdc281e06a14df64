"""A command as it arrives: who, where, which words. The same for all platforms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.ports import Attachment
from storage.records import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    external_id: str
    name: str
    may_manage: bool
    """May change what this channel gets (Discord: Manage Channels; Slack: channel member; console: always)."""
    time_zone: str | None = None
    """IANA name, where the platform tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    platform: Platform
    workspace: str
    """External id."""
    workspace_name: str
    channel: str
    """External id of the channel it was said in."""
    channel_name: str
    person: Person
    command: str
    """A name of COMMANDS, without the slash."""
    words: str = ""
    """What followed the command, as typed. Ignored where `options` is given."""
    options: Mapping[str, str] | None = None
    """Typed options by name (Discord); a subcommand stands under "do"."""
    target_channel: tuple[str, str] | None = None
    """(external id, name) of another channel it is about, already resolved by the platform (`in #channel`)."""
    attachments: tuple[Attachment, ...] = field(default=())
    now: datetime
