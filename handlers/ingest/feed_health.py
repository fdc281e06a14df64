"""The health of a feed after a poll: failures, silence and recovery, each reported to a channel once."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from handlers.answers.answer import Notice
from handlers.answers.errors import FetchError, WirewatchError
from handlers.answers.parts import Button, Link
from handlers.answers.serialize import serialize
from handlers.answers.times import counted
from handlers.rules.pacing import is_silent, poll_after_failure
from storage.addresses import without_credentials
from storage.deliveries import NewDelivery
from storage.records import SHARED, Channel, ChannelState, DeliveryKind, Platform, Source, SourceState
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

REPORTED_AFTER: Final = 3
"""Consecutive failed polls before the failure is reported: about a quarter of an hour."""
RATE_LIMIT_REPORTED_AFTER: Final = 6
"""The same if the server only asks to wait (429): some hours."""
MISSING_FOR: Final = timedelta(days=7)
"""A feed whose server answers 404 for so long counts as gone."""


async def after_failure(store: Store, source: Source, error: WirewatchError, *, now: datetime, chance: float) -> Source:
    """Store a failed poll and return the updated source. Reports the third in a row, or the end of the feed, once.

    `chance` is in 0..1 and spreads retries.
    """
    status = error.status if isinstance(error, FetchError) else None
    retry_after_s = error.retry_after if isinstance(error, FetchError) else None
    async with store.begin() as tx:
        current = await tx.sources.get(source.id) or source
        failures = current.failures + 1
        since = current.trouble_since or now
        gone = status == 410 or (status == 404 and current.failures > 0 and now - since >= MISSING_FOR)
        fields: dict[str, Any] = {
            "failures": failures,
            "error": str(error),
            "trouble_since": since,
            "last_polled_at": now,
            "leased_until": None,
        }
        if gone:
            fields |= {"state": SourceState.GONE, "next_poll_at": None}
        elif current.state is SourceState.ACTIVE:
            retry_after = None if retry_after_s is None else timedelta(seconds=retry_after_s)
            fields["next_poll_at"] = poll_after_failure(now, failures=failures, jitter=chance, retry_after=retry_after)
        reported_after = RATE_LIMIT_REPORTED_AFTER if status == 429 else REPORTED_AFTER
        if gone or (failures >= reported_after and not current.trouble_reported):
            if gone:
                report = _Report(
                    event="gone", since=since, text=f"{current.title} is gone: {error} I no longer poll it."
                )
            else:
                text = _failing(current, error, failures)
                report = _Report(event="trouble", since=since, text=text, buttons=_buttons(current))
            await _enqueue_report(tx, current, report, now)
            fields["trouble_reported"] = True
        failed = await tx.sources.update(source.id, **fields)
    if gone:
        logger.warning("Feed %s is gone and no longer polled: %s", source.id, error)
    elif failures == 1:
        logger.warning("Feed %s could not be read and will be retried: %s", source.id, error)
    return failed


async def after_success(
    store: Store, source: Source, fields: dict[str, Any], *, new: int, now: datetime, moved_to: str | None = None
) -> Source:
    """Store a successful poll with `fields` of the source, and return the updated source.

    Reports a recovery, and an unusually long silence, once. `new` is the number of new entries, `moved_to` the address
    to which the server redirects permanently.
    """
    async with store.begin() as tx:
        current = await tx.sources.get(source.id) or source
        fields = {
            **fields,
            "failures": 0,
            "error": None,
            "trouble_since": None,
            "last_polled_at": now,
            "last_success_at": now,
            "leased_until": None,
        }
        if current.state is not SourceState.ACTIVE:  # paused or removed during the poll
            fields.pop("next_poll_at", None)
        gap: timedelta | None = fields.get("usual_gap", current.usual_gap)
        arrived_at: datetime | None = fields.get("last_arrival_at", current.last_arrival_at)
        if not new and arrived_at is not None and gap is not None and is_silent(arrived_at, gap, now):
            fields |= {"error": _silent(arrived_at, gap, now), "trouble_since": current.trouble_since or now}
            if not current.trouble_reported:
                text = (
                    f"{current.title} {fields['error']} Its server responds normally. "
                    "I will tell you when new entries arrive."
                )
                report = _Report(event="trouble", since=arrived_at, text=text, buttons=_buttons(current))
                await _enqueue_report(tx, current, report, now)
            fields["trouble_reported"] = True
        else:
            if current.trouble_reported:
                entries = counted(new, "new entry", "new entries")
                since = current.trouble_since or now
                text = f"{current.title} is back{f': {entries} caught up' if new else ''}."
                await _enqueue_report(tx, current, _Report(event="recovered", since=since, text=text), now)
            fields["trouble_reported"] = False
        if moved_to and await _may_move(tx, current, moved_to):
            fields["url"] = moved_to
        return await tx.sources.update(source.id, **fields)


async def _may_move(tx: Tx, source: Source, to: str) -> bool:
    """Return whether the source can move to the address: it is new, storable, and no other source has it."""
    return (
        tx.addresses.can_store(to)
        and tx.addresses.marked(to) != source.url
        and await tx.sources.find(source.workspace_id, to) is None
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """A change in the health of a source, to be reported to a channel."""

    event: str
    """ "trouble", "recovered" or "gone"."""
    since: datetime
    text: str
    buttons: tuple[Button, ...] = ()


async def _enqueue_report(tx: Tx, source: Source, report: _Report, now: datetime) -> None:
    """Enqueue the report to the channel that receives reports about the source, if there is one."""
    channel = await _reporting_channel(tx, source)
    if channel is None:
        return
    notice = Notice(
        text=report.text,
        links=(Link(text=source.title, url=without_credentials(source.site_url or source.url)),),
        buttons=report.buttons,
    )
    await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject=f"source:{source.id}:{report.event}:{int(report.since.timestamp())}",
            due_at=now,
            body=serialize(notice),
        ),
        now,
    )


async def _reporting_channel(tx: Tx, source: Source) -> Channel | None:
    """Return the channel that added the source, else the first channel of its workspace that has subscriptions.

    Reports about shared sources go to the console.
    """
    if source.channel_id is not None:
        own = await tx.channels.get(source.channel_id)
        if own is not None and own.state is ChannelState.ACTIVE:
            return own
    workspace_id = source.workspace_id
    if workspace_id == SHARED:
        workspace = await tx.workspaces.find(Platform.CONSOLE, "local")
        if workspace is None:
            return None
        workspace_id = workspace.id
    channels = await tx.channels.of(workspace_id)
    active = [channel for channel in channels if channel.state is ChannelState.ACTIVE and channel.person is None]
    # A channel without subscriptions may be a conversation in which one person asked something.
    subscribed = [channel for channel in active if await tx.subscriptions.of_channel(channel.id)]
    return min(subscribed or active, key=lambda channel: channel.id, default=None)
