"""Decides whether a matched article becomes an alert in a channel, and if not, why. Also: who may see what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.records import SHARED, HeldReason, OutcomeState, Pace, Source, SourceKind, Subscription

OLD: Final = timedelta(days=7)
"""An article published this long before its feed was first read is stored and matched, but causes no alert."""
RESURFACED: Final = timedelta(days=60)
"""The same for an article published this long before its feed was last read without it. Official notices often appear
weeks after their date."""
UNDETERMINED: Final = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One matched article in one channel."""

    subscriptions: Sequence[Subscription]
    """The channel's subscriptions to the topics that matched."""
    language: str
    """The article's language. "und" passes every filter, so that a failed detection loses nothing."""
    workspace_languages: Collection[str] = ()
    """The filter of subscriptions without one of their own."""
    has_alert: bool = False
    """The channel already has an alert for the article's story."""
    is_muted: bool = False
    """The channel muted the story or the source."""
    is_old: bool = False
    """It is from its feed's past, see `is_old`, or the channel has had a sample of its new feed."""
    is_quiet: bool = False
    """It is now within the workspace's quiet hours."""
    is_burst: bool = False
    """The channel has had too many alerts in the last minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    state: OutcomeState
    reason: HeldReason | None = None


def decide(case: Case) -> Decision:
    """Decide whether the article becomes an alert, is merged into the story's alert, or is held.

    Settings of people take precedence over an existing alert of the story, and that over quiet hours and bursts.
    """
    active = [subscription for subscription in case.subscriptions if subscription.paused_reason is None]
    if not active:
        return _held(HeldReason.PAUSED)
    if case.is_muted:
        return _held(HeldReason.MUTED)
    accepting = [
        subscription
        for subscription in active
        if accepts_language(subscription.languages or case.workspace_languages, case.language)
    ]
    if not accepting:
        return _held(HeldReason.LANGUAGE)
    if case.has_alert:
        return Decision(state=OutcomeState.MERGED)
    if case.is_old:
        return _held(HeldReason.OLD)
    if all(subscription.pace is not Pace.INSTANT for subscription in accepting):
        return _held(HeldReason.PACE)
    if case.is_quiet:
        return _held(HeldReason.QUIET)
    if case.is_burst:
        return _held(HeldReason.BURST)
    return Decision(state=OutcomeState.ALERT)


def accepts_language(languages: Collection[str], language: str) -> bool:
    """Return whether an article in this language passes a filter. Everything passes an empty filter."""
    return not languages or language == UNDETERMINED or language in languages


def is_old(published_at: datetime, source: Source, now: datetime) -> bool:
    """Return whether an article is from its feed's past: from before it was first read, or an old one listed again."""
    if source.kind is not SourceKind.FEED:
        return False
    if source.first_read_at is None:
        return published_at < now - OLD
    return published_at < max(source.first_read_at - OLD, (source.last_success_at or now) - RESURFACED)


def is_first_reading(source: Source) -> bool:
    """Return whether its articles are the back catalogue of a new feed, of which each channel gets one sample."""
    return source.kind is SourceKind.FEED and source.first_read_at is None


def can_see(workspace_id: int, owner_id: int) -> bool:
    """Return whether a workspace may see what workspace `owner_id` owns. This rule keeps tenants apart."""
    return owner_id in (SHARED, workspace_id)


def _held(reason: HeldReason) -> Decision:
    return Decision(state=OutcomeState.HELD, reason=reason)
