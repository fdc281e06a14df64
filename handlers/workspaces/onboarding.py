"""A channel's first hour: the greeting, owed once; and a channel that was closed is open again."""

from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Notice
from handlers.answers.parts import Button
from handlers.answers.serialize import serialize
from handlers.delivery.closing import reopen_channel
from handlers.workspaces.uninstall import GRACE, come_back
from storage.deliveries import NewDelivery
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
    """Enqueue the greeting. False: this channel was greeted before. A channel that was closed is open again."""
    async with store.begin() as tx:
        home = await tx.workspaces.ensure(platform, workspace, workspace_name, now=now)
        home = await come_back(tx, home, now, added=True)
        place = await tx.channels.ensure(home.id, channel, channel_name, now=now)
        if place.state is ChannelState.GONE:
            await reopen_channel(tx, place)
        topics = await _suggested(tx, home, now)
        _, created = await tx.deliveries.enqueue(
            NewDelivery(
                channel_id=place.id,
                kind=DeliveryKind.NOTICE,
                subject="greeting",
                due_at=now,
                body=serialize(_greeting(topics)),
            ),
            now,
        )
    return created


def _greeting(topics: tuple[Topic, ...]) -> Notice:
    return Notice(
        text="I watch the news for this channel: one short alert a story, with its sources. "
        "Press a topic to begin, or write /subscribe and any words. "
        f"If you remove me, what was set up here is deleted {GRACE.days} days later.",
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
