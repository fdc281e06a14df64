"""How a feed stands after a poll: its failures, its silence, and the notices that say so, once each."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from handlers.answers.answer import Notice
from handlers.answers.errors import FetchError, WirewatchError
from handlers.answers.parts import Button, Link
from handlers.answers.serialize import serialize
from handlers.delivery.settle import new_key
from handlers.rules.pacing import is_silent, poll_after_failure
from storage.addresses import without_credentials
from storage.records import SHARED, Channel, ChannelState, DeliveryKind, Platform, Source, SourceState
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

REPORTED_AFTER: Final = 3
"""Failed polls in a row before anybody is told: about a quarter of an hour."""
PATIENT_AFTER: Final = 6
"""The same where the server only asked us to wait: some hours."""
MISSING_FOR: Final = timedelta(days=7)
"""A feed that answers 404 for so long is gone."""


async def after_failure(store: Store, source: Source, error: WirewatchError, *, now: datetime, chance: float) -> Source:
    """Remember a failed poll. The third in a row, or the end of the feed, is told to its channel, once."""
    status = error.status if isinstance(error, FetchError) else None
    wait = error.retry_after if isinstance(error, FetchError) else None
    async with store.begin() as tx:
        stands = await tx.sources.get(source.id) or source
        failures = stands.failures + 1
        since = stands.trouble_since or now
        gone = status == 410 or (status == 404 and stands.failures > 0 and now - since >= MISSING_FOR)
        fields: dict[str, Any] = {
            "failures": failures,
            "error": str(error),
            "trouble_since": since,
            "last_polled_at": now,
            "leased_until": None,
        }
        if gone:
            fields |= {"state": SourceState.GONE, "next_poll_at": None}
        elif stands.state is SourceState.ACTIVE:
            retry_after = None if wait is None else timedelta(seconds=wait)
            fields["next_poll_at"] = poll_after_failure(now, failures=failures, jitter=chance, retry_after=retry_after)
        patience = PATIENT_AFTER if status == 429 else REPORTED_AFTER
        if gone or (failures >= patience and not stands.trouble_reported):
            text = (
                f"{stands.title} is gone: {error} It is no longer watched."
                if gone
                else _failing(stands, error, failures)
            )
            what = "gone" if gone else "trouble"
            await _tell(tx, stands, what, since, text, now=now, buttons=() if gone else _buttons(stands))
            fields["trouble_reported"] = True
        failed = await tx.sources.update(source.id, **fields)
    if gone:
        logger.warning("feed %s is gone and no longer polled: %s", source.id, error)
    elif failures == 1:
        logger.warning("feed %s could not be read and will be tried again: %s", source.id, error)
    return failed


async def after_success(
    store: Store, source: Source, fields: dict[str, Any], *, new: int, now: datetime, moved_to: str | None = None
) -> Source:
    """Remember a poll that went well, with `fields`. A recovery, and a silence against its rhythm, are told once."""
    async with store.begin() as tx:
        stands = await tx.sources.get(source.id) or source
        fields = {
            **fields,
            "failures": 0,
            "error": None,
            "trouble_since": None,
            "last_polled_at": now,
            "last_success_at": now,
            "leased_until": None,
        }
        if stands.state is not SourceState.ACTIVE:  # paused or removed while it was being polled
            fields.pop("next_poll_at", None)
        gap: timedelta | None = fields.get("usual_gap", stands.usual_gap)
        arrived_at: datetime | None = fields.get("last_arrival_at", stands.last_arrival_at)
        if not new and arrived_at is not None and gap is not None and is_silent(arrived_at, gap, now):
            fields |= {"error": _silent(arrived_at, gap, now), "trouble_since": stands.trouble_since or now}
            if not stands.trouble_reported:
                text = f"{stands.title} {fields['error']} Its server answers as usual. You will hear when it is back."
                await _tell(tx, stands, "trouble", arrived_at, text, now=now, buttons=_buttons(stands))
            fields["trouble_reported"] = True
        else:
            if stands.trouble_reported:
                caught_up = f": {new} new {'entry' if new == 1 else 'entries'} caught up." if new else "."
                began = stands.trouble_since or now
                await _tell(tx, stands, "recovered", began, f"{stands.title} is back{caught_up}", now=now)
            fields["trouble_reported"] = False
        if moved_to and await _may_move(tx, stands, moved_to):
            fields["url"] = moved_to
        return await tx.sources.update(source.id, **fields)


async def _may_move(tx: Tx, source: Source, to: str) -> bool:
    """Whether the source can be kept at its new address, which is another one and no other source's."""
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
    return f"{source.title} fails: {error} Tried {failures} times. {last} Still trying; you will hear when it is back."


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
    return f"one in {round(hours / 24)} days"


def _buttons(source: Source) -> tuple[Button, ...]:
    return (
        Button(label="Retry", action=f"source:retry:{source.id}"),
        Button(label="Pause", action=f"source:pause:{source.id}"),
    )


async def _tell(
    tx: Tx,
    source: Source,
    what: str,
    since: datetime,
    text: str,
    *,
    now: datetime,
    buttons: tuple[Button, ...] = (),
) -> None:
    """Enqueue the notice to the channel that hears of this source, if there is one."""
    channel = await _listener(tx, source)
    if channel is None:
        return
    notice = Notice(
        text=text,
        links=(Link(text=source.title, url=without_credentials(source.site_url or source.url)),),
        buttons=buttons,
    )
    await tx.deliveries.enqueue(
        channel_id=channel.id,
        kind=DeliveryKind.NOTICE,
        subject=f"source:{source.id}:{what}:{int(since.timestamp())}",
        key=new_key(),
        due_at=now,
        now=now,
        body=serialize(notice),
    )


async def _listener(tx: Tx, source: Source) -> Channel | None:
    """The channel that added it; else the first of its workspace, or the console for what all share, with alerts."""
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
    active = [one for one in channels if one.state is ChannelState.ACTIVE and one.person is None]
    # A place where somebody only asked something may be a conversation with one person.
    reading = [one for one in active if await tx.subscriptions.of_channel(one.id)]
    return min(reading or active, key=lambda one: one.id, default=None)
