"""What a new database starts with: the catalogue's topics, the console with its channels, starter feeds, examples."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from handlers.queries.backfill import enqueue
from handlers.rules.pacing import next_digest
from handlers.sources.feeds.opml import OpmlFeed
from handlers.topics.catalogue import CatalogueTopic, require_queries
from storage.records import SHARED, Pace, Platform, Source, SourceKind, Workspace
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic

CONSOLE: Final = "local"
"""External id of the console's workspace."""
_FIRST_DIGEST: Final = time(8, 30)
_SPREAD: Final = timedelta(seconds=20)
"""Between the first polls of two starter feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterChannel:
    name: str
    topics: tuple[str, ...]


def read_console(text: str) -> tuple[StarterChannel, ...]:
    """The channels of seeds/console.toml. Raises: tomllib.TOMLDecodeError, KeyError."""
    return tuple(
        StarterChannel(name=channel["name"], topics=tuple(channel["topics"]))
        for channel in tomllib.loads(text)["channel"]
    )


async def seed_catalogue(store: Store, catalogue: Sequence[CatalogueTopic], *, now: datetime) -> None:
    """Make the shared topics say what the catalogue says. A new one, or a new query, is owed its past, if there is any.

    A topic that left the catalogue stays: channels may be subscribed to it. Raises: CatalogueError.
    """
    async with store.begin() as tx:
        await tx.serialise("arrive")  # what arrives without these topics is stored before we look, or has them
        has_past = await tx.articles.any()
        known = {topic.name: topic for topic in await tx.topics.all() if topic.workspace_id == SHARED}
        standing = {(topic.name, topic.query) for topic in known.values()}
        require_queries((one for one in catalogue if (one.name, one.query) not in standing), catalogue)
        for wanted in catalogue:
            fields = {
                "title": wanted.title,
                "query": wanted.query,
                "aliases": wanted.aliases,
                "description": wanted.description,
                "color": wanted.color,
            }
            topic = known.get(wanted.name)
            if topic is None:
                added = await tx.topics.add(
                    NewTopic(
                        workspace_id=SHARED,
                        name=wanted.name,
                        title=wanted.title,
                        query=wanted.query,
                        aliases=wanted.aliases,
                        description=wanted.description,
                        color=wanted.color,
                    ),
                    now,
                )
                if added is not None and has_past:
                    await enqueue(tx, added.id, now=now)
            elif any(getattr(topic, name) != value for name, value in fields.items()):
                await tx.topics.update(topic.id, **fields)
                if has_past and (topic.query, topic.aliases) != (wanted.query, wanted.aliases):
                    await enqueue(tx, topic.id, now=now)


async def seed_console(store: Store, channels: Sequence[StarterChannel], *, zone: str, now: datetime) -> Workspace:
    """The console's workspace. Only when it is new does it get the starter channels: later they are the people's."""
    async with store.begin() as tx:
        workspace = await tx.workspaces.find(Platform.CONSOLE, CONSOLE)
        if workspace is not None:
            if workspace.time_zone == "UTC" != zone:
                workspace = await tx.workspaces.update(workspace.id, time_zone=zone)
            return workspace
        workspace = await tx.workspaces.ensure(Platform.CONSOLE, CONSOLE, "Console", now=now, time_zone=zone)
        for starter in channels:
            channel = await tx.channels.ensure(workspace.id, starter.name, starter.name, now=now)
            every_day = channel.digest_days
            await tx.channels.update(
                channel.id,
                digest_time=_FIRST_DIGEST,
                next_digest_at=next_digest(now, zone, _FIRST_DIGEST, every_day),
            )
            for name in starter.topics:
                topic = await tx.topics.find(workspace.id, name)
                if topic is not None:
                    await tx.subscriptions.ensure(
                        channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="starter", now=now
                    )
        return workspace


async def seed_feeds(store: Store, feeds: Sequence[OpmlFeed], *, now: datetime) -> int:
    """Watch the starter feeds. Gives how many are new; one that was removed or paused is left so."""
    added = 0
    async with store.begin() as tx:
        for place, feed in enumerate(feeds):
            _, created = await tx.sources.ensure(
                NewSource(
                    workspace_id=SHARED,
                    kind=SourceKind.FEED,
                    url=feed.url,
                    title=feed.title,
                    site_url=feed.site_url,
                    next_poll_at=now + place * _SPREAD,
                ),
                now,
            )
            added += created
    return added


async def examples_source(store: Store, workspace: Workspace, *, now: datetime) -> Source:
    """Where the example documents come from: a source of the console alone, so that no other workspace sees them."""
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(
            NewSource(workspace_id=workspace.id, kind=SourceKind.SEEDS, url="examples", title="Examples"), now
        )
    return source
