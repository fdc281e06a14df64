"""Retention: articles that have reached their age, and why some of them stay longer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StayReason(StrEnum):
    """Why an article stays longer than others. The first that applies counts."""

    PENDING = "pending"  # a post about its story is not sent yet; it stays until that has ended
    POSTED = "posted"  # it stands in a posted alert
    FOLLOWED = "followed"  # somebody follows its story
    MUTED = "muted"  # a channel has muted its story
    CORRECTED = "corrected"  # a person moved it to another story, or found its story not relevant
    DIGEST = "digest"  # a digest quotes its story


@dataclass(frozen=True, slots=True, kw_only=True)
class OldArticle:
    """An article that has reached its age."""

    id: int
    received_at: datetime
    story_id: int | None
    """Its story for all workspaces. Single channels and workspaces may have assigned it to another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldArrival:
    """An arrival that has reached its age."""

    id: int
    source_id: int
    is_failed: bool
    article_id: int | None


@dataclass(frozen=True, slots=True)
class OldDigest:
    """A digest that has reached its age."""

    id: int
