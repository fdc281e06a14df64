"""Which matched article becomes an alert in which channel, and if not, why. Decides; touches nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.records import SHARED, HeldReason, OutcomeState, Pace, Source, SourceKind, Subscription

OLD: Final = timedelta(days=7)
"""Dated this long before its feed was first read: stored and matched, but no news."""
UNDETERMINED: Final = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One matched article in one channel."""

    subscriptions: Sequence[Subscription]
    """The channel's, to the topics that matched."""
    language: str
    """The article's; "und" passes every filter, for nothing may be lost on a guess."""
    workspace_languages: Collection[str] = ()
    has_alert: bool = False
    """The article's story already has an alert here."""
    is_muted: bool = False
    """The channel muted the story or the source."""
    is_old: bool = False
    is_quiet: bool = False
    is_burst: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    state: OutcomeState
    reason: HeldReason | None = None


def decide(case: Case) -> Decision:
    """What becomes of it. What people asked for comes first, then the story's alert, then the clock."""
    live = [one for one in case.subscriptions if one.paused_reason is None]
    if not live:
        return _held(HeldReason.PAUSED)
    if case.is_muted:
        return _held(HeldReason.MUTED)
    wanted = [one for one in live if reads(one.languages or case.workspace_languages, case.language)]
    if not wanted:
        return _held(HeldReason.LANGUAGE)
    if case.has_alert:
        return Decision(state=OutcomeState.MERGED)
    if case.is_old:
        return _held(HeldReason.OLD)
    if all(one.pace is not Pace.INSTANT for one in wanted):
        return _held(HeldReason.PACE)
    if case.is_quiet:
        return _held(HeldReason.QUIET)
    if case.is_burst:
        return _held(HeldReason.BURST)
    return Decision(state=OutcomeState.ALERT)


def reads(languages: Collection[str], language: str) -> bool:
    """Whether an article in this language passes a filter; an empty filter lets everything pass."""
    return not languages or language == UNDETERMINED or language in languages


def is_old(published_at: datetime, source: Source, now: datetime) -> bool:
    """Whether an article is of the back catalogue of its feed, not of what happens while we watch."""
    if source.kind is not SourceKind.FEED:
        return False
    return published_at < (source.first_read_at or now) - OLD


def sees(workspace_id: int, owner_id: int) -> bool:
    """Whether a workspace may see what `owner_id` owns: the one rule that keeps tenants apart."""
    return owner_id in (SHARED, workspace_id)


def _held(reason: HeldReason) -> Decision:
    return Decision(state=OutcomeState.HELD, reason=reason)
