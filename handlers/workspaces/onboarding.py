"""Onboarding: greet a channel to which the bot was added, and the person who installed the app, once each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Notice
from handlers.answers.parts import Button
from handlers.answers.serialize import serialize
from handlers.delivery.blocking import open_channel
from handlers.workspaces.uninstall import GRACE, restore_workspace
from storage.deliveries import NewDelivery
from storage.records import SHARED, ChannelState, DeliveryKind, Platform, Topic, Workspace
from storage.store import Store, Tx

_SUGGESTED: Final = 3
"""The number of topics that the greeting suggests."""
_DEFAULT_TOPICS: Final = ("huawei", "5g", "sanctions")
_BUSY_PERIOD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedChannel:
    """A channel to which the bot was added, with the platform's ids and names."""

    platform: Platform
    workspace: str
    workspace_name: str
    channel: str
    channel_name: str


async def greet(store: Store, joined: JoinedChannel, now: datetime) -> bool:
    """Enqueue the greeting and reopen the channel if it was closed. Restores a workspace that had removed the bot.

    Returns False without a greeting if the channel is in use, or was greeted before.
    """
    async with store.begin() as tx:
        workspace = await tx.workspaces.ensure(joined.platform, joined.workspace, joined.workspace_name, now=now)
        workspace = await restore_workspace(tx, workspace, now, added=True)
        channel = await tx.channels.ensure(workspace.id, joined.channel, joined.channel_name, now=now)
        if channel.state is not ChannelState.ACTIVE:
            await open_channel(tx, channel, now=now)
        if channel.digest_time is not None or await tx.subscriptions.of_channel(channel.id):
            return False
        topics = await _suggested_topics(tx, workspace, now)
        _, created = await tx.deliveries.enqueue(
            NewDelivery(
                channel_id=channel.id,
                kind=DeliveryKind.NOTICE,
                subject="greeting",
                due_at=now,
                body=serialize(_greeting(topics)),
            ),
            now,
        )
    return created


async def next_steps(store: Store, platform: Platform, *, workspace: str, person: str, now: datetime) -> bool:
    """Enqueue a direct message to the person who installed the app that says what to do next.

    Returns False if the workspace is not stored, or if the person got this message before.
    """
    notice = Notice(
        text="Wirewatch is installed. Next: open a channel that should get news, invite me with /invite @Wirewatch, "
        "and type /subscribe huawei, or any other topic. /brief huawei works right here. If another app has a command "
        "of the same name, put /wirewatch before it: /wirewatch find huawei.",
        buttons=(Button(label="All topics", action="show:topics"), Button(label="Help", action="show:help")),
    )
    async with store.begin() as tx:
        home = await tx.workspaces.find(platform, workspace)
        if home is None:
            return False
        direct = await tx.channels.find(home.id, f"@{person}")
        direct = direct or await tx.channels.ensure(home.id, f"@{person}", f"@{person}", now=now)
        new = NewDelivery(
            channel_id=direct.id,
            kind=DeliveryKind.NOTICE,
            subject="installed",
            due_at=now,
            body=serialize(notice),
        )
        _, created = await tx.deliveries.enqueue(new, now)
    return created


def _greeting(topics: tuple[Topic, ...]) -> Notice:
    return Notice(
        text="I watch the news for this channel and post one short alert per story, with its sources. "
        "Choose a topic to begin, or use /subscribe with any words. "
        f"If you remove me, everything set up here is deleted after {GRACE.days} days.",
        buttons=(
            *(Button(label=topic.title[:25], action=f"subscribe:{topic.id}:instant") for topic in topics),
            Button(label="All topics", action="show:topics"),
        ),
    )


async def _suggested_topics(tx: Tx, workspace: Workspace, now: datetime) -> tuple[Topic, ...]:
    """Return the catalogue's three busiest topics of the last week; ties, as in an empty store, go to the defaults."""
    counts = await tx.matches.counts(workspace.id, since=now - _BUSY_PERIOD, until=now)
    shared = [topic for topic in await tx.topics.visible(workspace.id) if topic.workspace_id == SHARED]

    def order(topic: Topic) -> tuple[int, int, str]:
        rank = _DEFAULT_TOPICS.index(topic.name) if topic.name in _DEFAULT_TOPICS else len(_DEFAULT_TOPICS)
        return -counts.get(topic.id, 0), rank, topic.name

    return tuple(sorted(shared, key=order)[:_SUGGESTED])
