"""What goes out: what was decided for each channel, and the deliveries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.records.states import DeliveryKind, DeliveryState, HeldReason, OutcomeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    channel_id: int
    article_id: int
    story_id: int
    state: OutcomeState
    reason: HeldReason | None = None
    delivery_id: int | None = None
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    id: int
    channel_id: int
    kind: DeliveryKind
    subject: str
    """Unique with (channel, kind): the reason nothing is posted twice."""
    key: str
    """At most 25 characters, random: Discord's nonce, Slack's message metadata."""
    story_id: int | None = None
    parent_id: int | None = None
    """The alert whose thread a note goes to."""
    body: dict[str, Any] | None = None
    """The frozen post of a digest, note or notice; None for an alert, which is composed when it is sent."""
    state: DeliveryState = DeliveryState.PENDING
    reason: str | None = None
    due_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    external_ref: str | None = None
    """The platform's id of the posted message."""
    wanted_version: int = 1
    posted_version: int = 0
    """An alert whose story grew has wanted > posted: the message is edited."""
    created_at: datetime
    sent_at: datetime | None = None
