"""A second workspace with something of every kind, whose texts all contain a marker that must never leak."""

from dataclasses import dataclass, field
from datetime import timedelta

from handlers.ingest.results import IngestResult
from storage.deliveries import NewDelivery
from storage.records import Channel, DeliveryKind, Pace, Source, Subscription, Topic
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom

MARK = "zzmarker"
"""Part of every text of the rival workspace, and of nothing that is typed in another one."""
HIDDEN_URL = "https://rival.example/hidden/story"
HIDDEN_FEED = "https://rival.example/hidden/feed"
_TEXT = f"Huawei and {MARK} sign an agreement in Moscow about 5G. The deal of Huawei with {MARK} covers 2027."


@dataclass(slots=True)
class Rival:
    """The rival workspace's ids by kind, and the keys of its drafts."""

    room: Newsroom
    ids: dict[str, int] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)

    async def stored(self) -> str:
        """Return everything that is stored about the rival workspace and that another one could change."""
        async with self.room.store.read() as tx:
            return repr(
                [
                    await tx.workspaces.get(self.ids["workspace"]),
                    await tx.channels.of(self.ids["workspace"]),
                    await tx.topics.get(self.ids["topic"]),
                    await tx.sources.get(self.ids["source"]),
                    await tx.subscriptions.of_channel(self.ids["channel"]),
                    await tx.mutes.among(
                        self.ids["channel"], {f"{kind}:{self.ids[kind]}" for kind in ("story", "source")}
                    ),
                    await tx.follows.to_mention(self.ids["channel"], self.ids["story"]),
                    await tx.follows.of_person(self.ids["workspace"], "U1"),
                    await tx.deliveries.get(self.ids["delivery"]),
                ]
            )


async def settle_rival(room: Newsroom) -> Rival:
    """Add the workspace "rival" with a channel, a topic, a source, articles, a delivery and drafts."""
    rival = Rival(room)
    channel = await room.channel("C9", workspace="rival")
    source = await room.source(HIDDEN_FEED, workspace_id=channel.workspace_id)
    topic, subscription = await _add_topic(room, channel, source)
    newest = await _ingest_articles(room, source)
    assert newest.article is not None
    async with room.store.begin() as tx:
        await tx.sources.update(source.id, title=f"{MARK} wire")
        notice = NewDelivery(
            channel_id=channel.id, kind=DeliveryKind.NOTICE, subject="hidden", key="hidden", due_at=room.now
        )
        delivery, _ = await tx.deliveries.enqueue(notice, room.now)
    rival.drafts = await _add_drafts(room, channel.workspace_id)
    rival.ids = {
        "topic": topic.id,
        "story": newest.story_id or 0,
        "article": newest.article.id,
        "source": source.id,
        "subscription": subscription.id,
        "channel": channel.id,
        "workspace": channel.workspace_id,
        "delivery": delivery.id,
    }
    return rival


async def _add_topic(room: Newsroom, channel: Channel, source: Source) -> tuple[Topic, Subscription]:
    """Mark the names of workspace, channel and source, and add a topic that the channel is subscribed to."""
    async with room.store.begin() as tx:
        await tx.workspaces.update(channel.workspace_id, name=f"{MARK} inc")
        await tx.channels.update(channel.id, name=f"{MARK}-room")
        await tx.sources.update(source.id, title=f"{MARK} wire", site_url="https://rival.example/")
        topic = await tx.topics.add(
            NewTopic(
                workspace_id=channel.workspace_id,
                name="hidden topic",
                title=f"{MARK} topic",
                query=f"{MARK} OR huawei",
                aliases=("hidden alias",),
                description=f"about {MARK}",
            ),
            room.now,
        )
        assert topic is not None
        subscription, _ = await tx.subscriptions.ensure(
            channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U9", now=room.now
        )
    return topic, subscription


async def _ingest_articles(room: Newsroom, source: Source) -> IngestResult:
    """Ingest three articles of one story, and return the newest."""
    ingested = [
        await room.add_article(
            f"Huawei and {MARK} agree on 5G, part {number}",
            _TEXT,
            ago=timedelta(hours=number),
            publisher=f"{MARK} press",
            url=HIDDEN_URL if number == 1 else f"https://rival.example/hidden/{number}",
            workspace_id=source.workspace_id,
            source_url=HIDDEN_FEED,
        )
        for number in (3, 2, 1)
    ]
    return ingested[-1]


async def _add_drafts(room: Newsroom, workspace_id: int) -> list[str]:
    """Add a draft of every kind that a button refers to, and return their keys."""
    keys = []
    async with room.store.begin() as tx:
        for body in ({"query": f"{MARK} OR huawei"}, {"feed": {"url": HIDDEN_FEED, "title": f"{MARK} wire"}}):
            keys.append(await tx.drafts.save(workspace_id, body, room.now))
    for line in ("/brief hidden topic", "/trend hidden topic"):
        answer = await room.ask(line, workspace="rival", channel="C9")
        actions = [button.action for button in getattr(answer, "buttons", ())]
        keys += [action.partition(":")[2] for action in actions if action.startswith("share:")]
    return keys
