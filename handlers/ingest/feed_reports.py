"""Reports about feeds: each is enqueued once, to the channel that receives reports about the feed."""

from dataclasses import dataclass
from datetime import datetime

from handlers.answers.answer import Notice
from handlers.answers.parts import Button, Link
from handlers.answers.serialize import serialize
from storage.addresses import without_credentials
from storage.deliveries import NewDelivery
from storage.records import SHARED, Channel, ChannelState, DeliveryKind, Platform, Source
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """A change in the health or in the address of a feed, to be reported to a channel."""

    event: str
    """A word for it. Reports of one event with the same `since` are one report."""
    since: datetime
    text: str
    buttons: tuple[Button, ...] = ()


async def enqueue_report(tx: Tx, source: Source, report: FeedReport, now: datetime) -> None:
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
