"""The health of a feed after a poll: failures, silence and recovery, each reported to a channel once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from handlers.answers.errors import FetchError, WirewatchError
from handlers.answers.parts import Button
from handlers.answers.times import counted
from handlers.ingest.feed_moves import follow_redirect
from handlers.ingest.feed_reports import FeedReport, enqueue_report
from handlers.rules.retry_times import poll_after_failure
from handlers.rules.silence import is_silent
from storage.records import Source, SourceState
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

REPORTED_AFTER: Final = 3
"""Consecutive failed polls before the failure is reported: about a quarter of an hour."""
RATE_LIMIT_REPORTED_AFTER: Final = 6
"""The same if the server only asks to wait (429): some hours."""
MISSING_FOR: Final = timedelta(days=7)
"""A feed whose server answers 404 for so long counts as gone."""
GONE_RETRY: Final = timedelta(hours=12)
"""When to try again after the first answer 410."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedPoll:
    """A poll that failed at `at` (UTC)."""

    source: Source
    error: WirewatchError
    at: datetime
    chance: float
    """From 0 to 1; spreads retries."""


async def after_failures(tx: Tx, polls: Sequence[FailedPoll]) -> None:
    """Store failed polls of different feeds.

    Reports the third failure of a feed in a row once, and each of the first two answers 410: the first changes nothing,
    because servers give it by mistake, too, and the second pauses the feed.
    """
    current = await tx.polls.locked(poll.source.id for poll in polls)
    changes = []
    for poll in polls:
        source, error = current.get(poll.source.id, poll.source), poll.error
        change = _after(source, poll)
        is_first_gone = change.gone_since is not None and source.gone_since is None
        report = _report_of(source, error, change, is_first_gone=is_first_gone)
        if report is not None:
            await enqueue_report(tx, source, report, poll.at)
            change = replace(change, trouble_reported=True)
        changes.append(change)
        if change.state is not source.state:
            logger.warning("Feed %s is %s and no longer polled: %s", source.id, change.state, error)
        elif change.failures == 1:
            logger.warning("Feed %s could not be read and will be retried: %s", source.id, error)
    await tx.polls.store_failed(changes)


def _after(source: Source, poll: FailedPoll) -> Source:
    """Return the source as it is after the poll, before any report."""
    now, error = poll.at, poll.error
    status = error.status if isinstance(error, FetchError) else None
    retry_after_s = error.retry_after if isinstance(error, FetchError) else None
    retry_after = None if retry_after_s is None else timedelta(seconds=retry_after_s)
    since = source.trouble_since or now
    failed = replace(source, failures=source.failures + 1, error=str(error), trouble_since=since, last_polled_at=now)
    if status == 410:
        failed = replace(failed, gone_since=source.gone_since or now)
        if source.gone_since is not None:
            return replace(failed, state=SourceState.PAUSED, next_poll_at=None)
        retry_after = max(retry_after or timedelta(0), GONE_RETRY)
    elif status == 404 and source.failures > 0 and now - since >= MISSING_FOR:
        return replace(failed, state=SourceState.GONE, next_poll_at=None)
    if source.state is not SourceState.ACTIVE:
        return failed
    at = poll_after_failure(now, failures=failed.failures, jitter=poll.chance, retry_after=retry_after)
    return replace(failed, next_poll_at=at)


def _report_of(source: Source, error: WirewatchError, failed: Source, *, is_first_gone: bool) -> FeedReport | None:
    """Return the report of a failed poll, if there is something new to report. `failed`: the source after it."""
    since = failed.trouble_since or failed.created_at
    match None if failed.state is source.state else failed.state:
        case SourceState.GONE:
            return FeedReport(event="gone", since=since, text=f"{source.title} is gone: {error} I no longer poll it.")
        case SourceState.PAUSED:
            text = f"{source.title} is paused: {error} It was the second such answer."
            buttons = (
                Button(label="Resume", action=f"source:resume:{source.id}"),
                Button(label="Remove", action=f"source:remove:{source.id}"),
            )
            return FeedReport(event="gone", since=since, text=text, buttons=buttons)
    if is_first_gone:
        hours = int(GONE_RETRY.total_seconds() // 3600)
        text = (
            f"{source.title} fails: {error} That may be a mistake: I try again in {hours} hours, and pause the feed if "
            "the answer is the same."
        )
        return FeedReport(event="first gone", since=since, text=text, buttons=_buttons(source))
    status = error.status if isinstance(error, FetchError) else None
    reported_after = RATE_LIMIT_REPORTED_AFTER if status == 429 else REPORTED_AFTER
    if failed.failures < reported_after or source.trouble_reported:
        return None
    text = _failing(source, error, failed.failures)
    return FeedReport(event="trouble", since=since, text=text, buttons=_buttons(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFeed:
    """A feed that was read, or has not changed since."""

    fields: Mapping[str, Any]
    """The fields of the source that change."""
    new: int = 0
    """New entries."""
    redirects_to: str | None = None
    """Where its server redirects permanently."""
    has_known_entries: bool = True
    """At least one of its entries was known before its server began to redirect it."""
    renamed: int = 0
    """Entries with new addresses or ids, if these are most of the feed."""
    listed: frozenset[int] | None = None
    """The articles that it lists; None if they are those of the last reading."""


async def after_success(store: Store, source: Source, read: ReadFeed, *, now: datetime) -> Source:
    """Store a successful poll, and return the updated source.

    Reports a recovery, an unusually long silence, new names of its entries and a new address, once each.
    """
    async with store.begin() as tx:
        current = await tx.sources.get(source.id) or source
        fields = {
            **read.fields,
            "failures": 0,
            "error": None,
            "trouble_since": None,
            "gone_since": None,
            "last_polled_at": now,
            "last_success_at": now,
            "leased_until": None,
        }
        if current.state is not SourceState.ACTIVE:  # paused or removed during the poll
            fields.pop("next_poll_at", None)
        fields |= await _report_silence(tx, current, fields, new=read.new, now=now)
        if read.renamed:
            entries = counted(read.renamed, "entry", "entries")
            text = (
                f"{current.title} gave {entries} new addresses or ids, so I recognized them by their headlines and "
                "texts. None is posted again."
            )
            await enqueue_report(tx, current, FeedReport(event="renamed", since=now, text=text), now)
        if read.listed is not None:
            await tx.listings.put(source.id, read.listed)
        fields |= await follow_redirect(
            tx, current, redirects_to=read.redirects_to, has_known_entries=read.has_known_entries, now=now
        )
        return await tx.sources.update(source.id, **fields)


def is_uneventful(source: Source, read: ReadFeed, *, now: datetime) -> bool:
    """Return whether a reading without new entries has nothing to report about the feed, and no trouble to end."""
    had_trouble = source.failures or source.error or source.trouble_since or source.trouble_reported
    is_moving = read.redirects_to is not None or source.moved_to is not None
    is_settled = source.state is SourceState.ACTIVE and not (had_trouble or is_moving or source.gone_since)
    return is_settled and not is_silent(source.last_arrival_at, source.usual_gap, now)


async def _report_silence(
    tx: Tx, source: Source, fields: Mapping[str, Any], *, new: int, now: datetime
) -> dict[str, Any]:
    """Report that the feed is silent, or back, if that is new. Returns the fields of the source that change by it."""
    gap: timedelta | None = fields.get("usual_gap", source.usual_gap)
    arrived_at: datetime | None = fields.get("last_arrival_at", source.last_arrival_at)
    if not new and arrived_at is not None and gap is not None and is_silent(arrived_at, gap, now):
        error = _silent(arrived_at, gap, now)
        if not source.trouble_reported:
            text = f"{source.title} {error} Its server responds normally. I will tell you when new entries arrive."
            report = FeedReport(event="trouble", since=arrived_at, text=text, buttons=_buttons(source))
            await enqueue_report(tx, source, report, now)
        return {"error": error, "trouble_since": source.trouble_since or now, "trouble_reported": True}
    if source.trouble_reported:
        entries = counted(new, "new entry", "new entries")
        since = source.trouble_since or now
        text = f"{source.title} is back{f': {entries} caught up' if new else ''}."
        await enqueue_report(tx, source, FeedReport(event="recovered", since=since, text=text), now)
    return {"trouble_reported": False}


def _failing(source: Source, error: WirewatchError, failures: int) -> str:
    last = (
        "It was never read."
        if source.last_success_at is None
        else f"Last read {source.last_success_at:%d %b %H:%M} UTC."
    )
    return (
        f"{source.title} fails: {error} Tried {failures} times. {last} I keep trying and will tell you when it is back."
    )


def _silent(last_arrival: datetime, gap: timedelta, now: datetime) -> str:
    return f"has been silent for {_span(now - last_arrival)} (usually {_rate(gap)})."


def _span(time: timedelta) -> str:
    hours = int(time.total_seconds() // 3600)
    return f"{hours} h" if hours < 96 else f"{hours // 24} days"


def _rate(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    for size, name in ((1, "an hour"), (24, "a day"), (168, "a week")):
        if hours <= size:
            return f"{round(size / max(hours, 1 / 60))} {name}"
    return f"one every {round(hours / 24)} days"


def _buttons(source: Source) -> tuple[Button, ...]:
    return (
        Button(label="Retry", action=f"source:retry:{source.id}"),
        Button(label="Pause", action=f"source:pause:{source.id}"),
    )
