"""The result of an attempt to deliver. `attempt.py` and `retry.py` return results, and `settle.py` stores them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    ref: str
    """The platform's id of the message."""
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The delivery failed for now; the next attempt is at `due_at` (UTC)."""

    reason: str
    due_at: datetime
    may_be_posted: bool
    """The message may be posted already: the next attempt looks for it first."""
    blocks_channel: bool = True
    """The whole channel waits until `due_at`, which keeps its messages in order. False for an edit that waits alone."""
    failing_since: datetime | None = None
    """Since when no attempt has had a clear result (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """The message can never be sent."""

    reason: str
    is_reported: bool = True
    """Whether a line in the channel reports that an alert or a digest was not posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The platform refuses posts to the channel, or to the whole workspace, for now. The delivery is kept."""

    reason: str
    until: datetime | None
    """When this ends by itself (UTC), if it is known."""
    whole_workspace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The platform no longer lets the bot post to the channel, or to any channel of the workspace."""

    reason: str
    whole_workspace: bool


Result = Sent | Edited | Retry | Dead | Blocked | Gone
