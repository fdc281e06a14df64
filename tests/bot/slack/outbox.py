"""A Slack workspace with two subscribed channels, whose deliveries are posted by hand with a clock that tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import aiohttp

from bot.slack.messenger import SlackMessenger
from handlers.answers.answer import Post
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import Deliver
from handlers.delivery.recheck import ChannelAccess
from storage.deliveries import NewDelivery
from storage.records import SHARED, Channel, Delivery, DeliveryKind, Pace, Platform
from storage.store import Store
from storage.topics import NewTopic
from tests.bot.slack.conftest import clock, messenger_of
from tests.support.slack_server import TEAM, SlackServer


@dataclass(slots=True)
class Workspace:
    """A workspace with two subscribed channels."""

    store: Store
    server: SlackServer
    session: aiohttp.ClientSession
    intel: Channel
    general: Channel
    started: datetime
    now: datetime
    """The time of the next round."""

    def messenger(self) -> SlackMessenger:
        """The messenger of a process that has just started."""
        return messenger_of(self.server, self.session)

    async def enqueue(
        self, post: Post, channel: Channel | None = None, kind: DeliveryKind = DeliveryKind.NOTICE
    ) -> Delivery:
        async with self.store.begin() as tx:
            delivery, _ = await tx.deliveries.enqueue(
                NewDelivery(
                    channel_id=(channel or self.intel).id,
                    kind=kind,
                    subject=uuid4().hex,
                    due_at=self.started,
                    body=serialize(post),
                ),
                self.started,
            )
        return delivery

    async def change(self, note: Delivery, post: Post) -> None:
        """Replace the content of a note that is posted, so that it is edited now."""
        async with self.store.begin() as tx:
            await tx.deliveries.set_body(note.id, serialize(post))
            await tx.deliveries.request_note_edit(note.channel_id, note.subject, due_at=self.now)

    async def deliver(
        self,
        rounds: int = 4,
        *,
        patience: float = 15,
        step: timedelta = timedelta(hours=1),
        messenger: SlackMessenger | None = None,
    ) -> None:
        """Check blocked channels and deliver in several rounds, `step` apart, by default in a process of its own.

        `patience` is the time limit of a call in seconds.
        """
        messengers = {Platform.SLACK: messenger or self.messenger()}
        access = ChannelAccess(self.store, messengers)
        deliver = Deliver(self.store, messengers, call_timeout=timedelta(seconds=patience))
        for _ in range(rounds):
            now = self.now
            self.server.clock = lambda now=now: now.timestamp()  # type: ignore[misc]
            await access.check_due(now)
            await deliver.run_once(now)
            self.now += step

    async def state(self, delivery: Delivery) -> Delivery:
        async with self.store.read() as tx:
            found = await tx.deliveries.get(delivery.id)
        assert found is not None
        return found


@asynccontextmanager
async def open_workspace(store: Store, server: SlackServer) -> AsyncIterator[Workspace]:
    now = clock()
    async with store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.SLACK, TEAM, "wire", now=now)
        general = await tx.channels.ensure(home.id, "C9", "general", now=now)
        intel = await tx.channels.ensure(home.id, "C1", "intel", now=now)
        topic = await tx.topics.add(NewTopic(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei"), now)
        assert topic is not None
        for channel in (intel, general):
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now
            )
    async with aiohttp.ClientSession() as session:
        yield Workspace(store, server, session, intel, general, started=now, now=now)
