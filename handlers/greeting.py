"""A channel's first and last hour: the greeting, owed once, and what happens when the platform closes it to us."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from handlers.answers import Button, Notice
from handlers.freeze import freeze
from storage.records import SHARED, ChannelState, DeliveryKind, Platform, Topic, Workspace
from storage.store import Store, Tx

_SUGGESTED: Final = 3
_FIRST: Final = ("huawei", "5g", "sanctions")
_BUSY: Final = timedelta(days=7)


async def greet(
    store: Store,
    platform: Platform,
    workspace: str,
    workspace_name: str,
    channel: str,
    channel_name: str,
    now: datetime,
) -> bool:
    """Owe the greeting. False: this channel was greeted before. A channel that was closed is open again."""
    async with store.begin() as tx:
        home = await tx.workspaces.ensure(platform, workspace, workspace_name, now=now)
        place = await tx.channels.ensure(home.id, channel, channel_name, now=now)
        if place.state is ChannelState.GONE:
            await tx.channels.update(place.id, state=ChannelState.ACTIVE, gone_reason=None)
            for subscription in await tx.subscriptions.of_channel(place.id):
                if (subscription.paused_reason or "").endswith(place.gone_reason or "\n"):
                    await tx.subscriptions.update(subscription.id, paused_reason=None)
        topics = await _suggested(tx, home, now)
        _, created = await tx.deliveries.owe(
            channel_id=place.id,
            kind=DeliveryKind.NOTICE,
            subject="greeting",
            key=secrets.token_hex(12),
            due_at=now,
            now=now,
            body=freeze(_greeting(topics)),
        )
    return created


def _greeting(topics: tuple[Topic, ...]) -> Notice:
    return Notice(
        text="I watch the news for this channel: one short alert a story, with its sources. "
        "Press a topic to begin, or write /subscribe and any words.",
        buttons=(
            *(Button(label=topic.title[:25], action=f"subscribe:{topic.id}:instant") for topic in topics),
            Button(label="All topics", action="show:topics"),
        ),
    )


async def _suggested(tx: Tx, workspace: Workspace, now: datetime) -> tuple[Topic, ...]:
    """The catalogue's three busiest topics of the week; in an empty store, the first ones of the catalogue."""
    counts = await tx.matches.counts(workspace.id, since=now - _BUSY, until=now)
    shared = [topic for topic in await tx.topics.visible(workspace.id) if topic.workspace_id == SHARED]

    def order(topic: Topic) -> tuple[int, int, str]:
        first = _FIRST.index(topic.name) if topic.name in _FIRST else len(_FIRST)
        return -counts.get(topic.id, 0), first, topic.name

    return tuple(sorted(shared, key=order)[:_SUGGESTED])


async def channel_gone(
    store: Store, platform: Platform, workspace: str, channel: str, reason: str, now: datetime
) -> int:
    """Mark the channel as closed and pause its subscriptions; gives how many. An unknown channel has none."""
    async with store.begin() as tx:
        home = await tx.workspaces.find(platform, workspace)
        place = None if home is None else await tx.channels.find(home.id, channel)
        if place is None:
            return 0
        await tx.channels.update(place.id, state=ChannelState.GONE, gone_reason=reason)
        return await tx.subscriptions.pause_channel(place.id, reason)


async def workspace_gone(store: Store, platform: Platform, workspace: str, reason: str, now: datetime) -> int:
    """The same for every channel of a workspace that uninstalled us; gives how many subscriptions that paused."""
    async with store.read() as tx:
        home = await tx.workspaces.find(platform, workspace)
        places = () if home is None else await tx.channels.of(home.id)
    return sum([await channel_gone(store, platform, workspace, place.external_id, reason, now) for place in places])
