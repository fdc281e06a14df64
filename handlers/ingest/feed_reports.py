"""Reports about feeds: each is enqueued once, to the channel that receives reports about the feed."""

from dataclasses import dataclass
from datetime import datetime

from handlers.answers.answer import Notice
from handlers.answers.parts import Button, Link
from handlers.queries.notices import enqueue_notice, notice_channel
from storage.addresses import without_credentials
from storage.records import Channel, ChannelState, Source
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
    subject = f"source:{source.id}:{report.event}:{int(report.since.timestamp())}"
    await enqueue_notice(tx, channel, subject, notice, now)


async def _reporting_channel(tx: Tx, source: Source) -> Channel | None:
    """Return the channel that added the source, else the channel for notices to its workspace."""
    if source.channel_id is not None:
        own = await tx.channels.get(source.channel_id)
        if own is not None and own.state is ChannelState.ACTIVE:
            return own
    return await notice_channel(tx, source.workspace_id)
