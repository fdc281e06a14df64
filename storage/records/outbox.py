"""Records of what goes out: outcomes, deliveries, and who reviews alerts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.records.states import DeliveryKind, DeliveryState, HeldReason, OutcomeState, ReviewState


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was decided about a matched article in a channel."""

    channel_id: int
    article_id: int
    story_id: int
    state: OutcomeState
    reason: HeldReason | None = None
    delivery_id: int | None = None
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to post in a channel, and how far that is."""

    id: int
    channel_id: int
    kind: DeliveryKind
    subject: str
    """Unique together with channel and kind, so that nothing is posted twice."""
    key: str
    """Random, at most 25 characters: Discord's nonce, and the metadata of Slack's message."""
    story_id: int | None = None
    parent_id: int | None = None
    """The alert whose thread a note goes to."""
    body: dict[str, Any] | None = None
    """The serialized post; None for an alert and for a note that counts headlines: they are composed when sent."""
    state: DeliveryState = DeliveryState.PENDING
    reason: str | None = None
    due_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    external_ref: str | None = None
    """The platform's id of the posted message."""
    wanted_version: int = 1
    posted_version: int = 0
    """If `wanted_version` is greater, because the story of an alert grew, the message is edited."""
    created_at: datetime
    sent_at: datetime | None = None
    tried_at: datetime | None = None
    """When the last attempt to post it began. It is looked up around this time."""
    failing_since: datetime | None = None
    """Since when no attempt has had a clear result: neither posted nor refused for a known reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """That a person has claimed or reviewed a story's alert in a channel."""

    channel_id: int
    story_id: int
    state: ReviewState
    user_external_id: str
    name: str
    """The person's name, as the platform said it then."""
    at: datetime
