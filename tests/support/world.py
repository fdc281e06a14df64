"""A world for tests of ingestion and delivery: workspaces, channels, topics and drafts, and both steps run by hand."""

from datetime import datetime, timedelta
from typing import Any

from handlers.answers.answer import Alert, Note, Notice
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import Deliver
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.ingest.ingest import Ingest
from handlers.ingest.results import IngestResult
from storage.deliveries import NewDelivery
from storage.records import (
    SHARED,
    Channel,
    Delivery,
    DeliveryKind,
    Ledger,
    Outcome,
    Pace,
    Platform,
    Source,
    SourceKind,
    Subscription,
    Topic,
    Workspace,
)
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic
from tests.support.fakes import FakeClock, FakeMessenger, Posted

HUAWEI = """MTS and Huawei signed an agreement in Moscow on Wednesday to build pilot 5G networks in Russia by 2020.

The deal was signed on the sidelines of a meeting between Russian President Putin and Chinese leader Xi Jinping.

MTS is the largest mobile operator in Russia, with 78 million subscribers. It tests equipment of several vendors."""
HUAWEI_ELSEWHERE = """Russia's biggest mobile operator MTS has agreed with Huawei to build 5G pilot networks in Russia.

The agreement between MTS and Huawei was signed in Moscow on Wednesday in the presence of Vladimir Putin and Xi Jinping.

Washington said on Thursday that it would raise the Huawei 5G deal with 42 NATO allies at a summit in London soon."""
FLOOD = """Heavy rain flooded the valley of the Ahr on Monday, and 300 people had to leave their houses near Altenahr.

Altenahr's fire brigade said that water stood high in cellars, and that two bridges across the Ahr are closed."""


def draft(title: str, text: str = "", /, **fields: Any) -> ArticleDraft:
    """Return a draft of an article: in English, with an address of its own and without a date, unless given."""
    name = "-".join(title.lower().split())
    values: dict[str, Any] = {
        "title": title,
        "text": text,
        "url": f"https://example.org/{name}",
        "language": "en",
        "origin": f"{name}.txt",
    }
    return ArticleDraft(**{**values, **fields})


def huawei(**fields: Any) -> ArticleDraft:
    return draft("MTS and Huawei agree to build 5G in Russia", HUAWEI, **{"publisher": "Example Wire", **fields})


def huawei_elsewhere(**fields: Any) -> ArticleDraft:
    """Return another publisher's article about the same event, with a fact that the first one lacks."""
    title = "Huawei to build 5G networks in Russia with MTS"
    return draft(title, HUAWEI_ELSEWHERE, **{"publisher": "Daily Sample", **fields})


def copied(**fields: Any) -> ArticleDraft:
    """Return another publisher's article with nearly the same text."""
    values = {"url": "https://other.example/copy", "publisher": "Sample Post", "text": f"{HUAWEI}\n\nEnds here."}
    return huawei(**{**values, **fields})


def flood(**fields: Any) -> ArticleDraft:
    return draft("Valley of the Ahr flooded, 300 people leave Altenahr", FLOOD, **fields)


def failed(reason: str = "The file is empty.", **fields: Any) -> FailedDraft:
    return FailedDraft(**{"origin": "empty.txt", "reason": reason, **fields})


class World:
    """One store and one platform. Every step is run at the clock's time."""

    def __init__(self, store: Store, *, clock: FakeClock | None = None, messenger: FakeMessenger | None = None) -> None:
        self.store = store
        self.clock = clock or FakeClock()
        self.messenger = messenger or FakeMessenger()
        self.woken = 0
        self.ingest = Ingest(store, wake=self._wake)
        self.deliver = Deliver(store, {self.messenger.platform: self.messenger})

    def _wake(self) -> None:
        self.woken += 1

    @property
    def now(self) -> datetime:
        return self.clock()

    async def workspace(self, external_id: str = "local", **fields: Any) -> Workspace:
        platform = self.messenger.platform
        async with self.store.begin() as tx:
            workspace = await tx.workspaces.ensure(platform, external_id, external_id, now=self.now)
            return await tx.workspaces.update(workspace.id, **fields) if fields else workspace

    async def channel(self, name: str = "intel", *, workspace: str = "local") -> Channel:
        workspace_id = (await self.workspace(workspace)).id
        async with self.store.begin() as tx:
            return await tx.channels.ensure(workspace_id, name, name, now=self.now)

    async def source(
        self, url: str = "inbox", *, kind: SourceKind = SourceKind.INBOX, workspace_id: int = SHARED, **fields: Any
    ) -> Source:
        async with self.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(workspace_id=workspace_id, kind=kind, url=url, title=f"Source {url}"), self.now
            )
            return await tx.sources.update(source.id, **fields) if fields else source

    async def topic(self, name: str = "huawei", query: str | None = None, *, workspace_id: int = SHARED) -> Topic:
        async with self.store.begin() as tx:
            topic = await tx.topics.add(
                NewTopic(workspace_id=workspace_id, name=name, title=name.title(), query=query or name), self.now
            )
        assert topic is not None
        return topic

    async def subscribe(
        self, channel: Channel, topic: Topic, *, pace: Pace = Pace.INSTANT, **fields: Any
    ) -> Subscription:
        async with self.store.begin() as tx:
            subscription, _ = await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=pace, created_by="U1", now=self.now
            )
            return await tx.subscriptions.update(subscription.id, **fields) if fields else subscription

    async def take(self, *drafts: Draft, source: Source | None = None) -> tuple[IngestResult, ...]:
        return await self.ingest(drafts, source=source or await self.source(), now=self.now)

    async def post(self, *, after: timedelta = timedelta(0)) -> int:
        """Let the time `after` pass, then post until nothing is due. Return how many deliveries were handled."""
        self.clock.advance(after)
        done = total = await self.deliver.run_once(self.now)
        while done:
            done = await self.deliver.run_once(self.now)
            total += done
        return total

    async def notice(self, channel: Channel, text: str = "Hello") -> Delivery:
        """Enqueue a notice that is due now."""
        new = NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject=text,
            due_at=self.now,
            body=serialize(Notice(text=text)),
        )
        async with self.store.begin() as tx:
            return (await tx.deliveries.enqueue(new, self.now))[0]

    def notices(self, channel: Channel) -> list[str]:
        """Return the texts of the notices posted to the channel."""
        return [message.post.text for message in self.messages(channel) if isinstance(message.post, Notice)]

    async def delivery(self, id: int) -> Delivery:
        async with self.store.read() as tx:
            found = await tx.deliveries.get(id)
        assert found is not None
        return found

    async def outcomes(self, channel: Channel) -> tuple[Outcome, ...]:
        async with self.store.read() as tx:
            return await tx.outcomes.of_channel(channel.id, since=None)

    async def deliveries(self, story_id: int | None) -> tuple[Delivery, ...]:
        async with self.store.read() as tx:
            return await tx.deliveries.of_story(story_id or 0)

    async def ledger(self) -> Ledger:
        async with self.store.read() as tx:
            return await tx.ledger.totals()

    def alerts(self, channel: Channel) -> list[Alert]:
        """Return the channel's alerts as they are shown now."""
        shown = [message.shown for message in self.messenger.in_channel(channel.external_id)]
        return [post for post in shown if isinstance(post, Alert)]

    def notes(self, channel: Channel) -> list[Note]:
        found: list[Note] = []
        for message in self.messenger.messages:
            if message.channel == channel.external_id and message.thread and isinstance(message.post, Note):
                found.append(message.post)
        return found

    def messages(self, channel: Channel) -> list[Posted]:
        return self.messenger.in_channel(channel.external_id)


async def watching(store: Store, *, platform: Platform = Platform.CONSOLE) -> tuple[World, Channel, Topic]:
    """Return a world where #intel is subscribed to Huawei, with that channel and topic."""
    world = World(store, messenger=FakeMessenger(platform))
    channel, topic = await world.channel(), await world.topic()
    await world.subscribe(channel, topic)
    return world, channel, topic
