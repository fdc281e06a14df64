"""Notices that the bot sends of its own accord: to which channel of a workspace, and each of them once."""

from datetime import datetime

from handlers.answers.answer import Notice
from handlers.answers.serialize import serialize
from storage.deliveries import NewDelivery
from storage.records import SHARED, Channel, ChannelState, DeliveryKind, Platform
from storage.store import Tx


async def enqueue_notice(tx: Tx, channel: Channel, subject: str, notice: Notice, now: datetime) -> None:
    """Enqueue a notice to the channel, unless the channel already has one about the same subject."""
    await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject=subject,
            due_at=now,
            body=serialize(notice),
        ),
        now,
    )


async def notice_channel(tx: Tx, workspace_id: int, *, topic_id: int | None = None) -> Channel | None:
    """Return the channel for notices to a workspace, or None if it has no active channel.

    It is the first channel that is subscribed to the topic, else the first with any subscription, else the first of
    all. Notices about what all workspaces share go to the console.
    """
    if workspace_id == SHARED:
        workspace = await tx.workspaces.find(Platform.CONSOLE, "local")
        if workspace is None:
            return None
        workspace_id = workspace.id
    channels = sorted(await tx.channels.of(workspace_id), key=lambda channel: channel.id)
    active = [channel for channel in channels if channel.state is ChannelState.ACTIVE and channel.person is None]
    subscribed_to: dict[int, set[int]] = {}
    for channel in active:
        subscriptions = await tx.subscriptions.of_channel(channel.id)
        subscribed_to[channel.id] = {subscription.topic_id for subscription in subscriptions}
    # A channel without subscriptions may be a conversation in which one person asked something.
    return min(
        active,
        key=lambda channel: (topic_id not in subscribed_to[channel.id], not subscribed_to[channel.id]),
        default=None,
    )
