"""Seed a database: the topics of the catalogue, the console with its channels, starter feeds, and example documents."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from handlers.queries.backfill import enqueue_backfill
from handlers.rules.digest_times import next_digest
from handlers.sources.feeds.opml import OpmlFeed
from handlers.topics.catalogue import CatalogueTopic, require_queries
from storage.records import SHARED, Pace, Platform, Source, SourceKind, Workspace
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic

CONSOLE: Final = "local"
"""The external id of the console's workspace."""
_FIRST_DIGEST: Final = time(8, 30)
_POLL_SPACING: Final = timedelta(seconds=20)
"""The time between the first polls of two starter feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterChannel:
    name: str
    topics: tuple[str, ...]


def read_console(text: str) -> tuple[StarterChannel, ...]:
    """Parse seeds/console.toml. Raises: tomllib.TOMLDecodeError, KeyError."""
    return tuple(
        StarterChannel(name=channel["name"], topics=tuple(channel["topics"]))
        for channel in tomllib.loads(text)["channel"]
    )


async def seed_catalogue(store: Store, catalogue: Sequence[CatalogueTopic], *, now: datetime) -> None:
    """Create and update the shared topics from the catalogue, and enqueue a backfill for each new or changed query.

    Topics that are no longer in the catalogue stay, as channels may be subscribed to them. Raises: CatalogueError.
    """
    async with store.begin() as tx:
        await tx.lock("arrive")  # waits for running batches, so that no article misses the new topics
        has_articles = await tx.articles.any()
        stored = {topic.name: topic for topic in await tx.topics.all() if topic.workspace_id == SHARED}
        unchanged = {(topic.name, topic.query) for topic in stored.values()}
        require_queries((topic for topic in catalogue if (topic.name, topic.query) not in unchanged), catalogue)
        for wanted in catalogue:
            fields = {
                "title": wanted.title,
                "query": wanted.query,
                "aliases": wanted.aliases,
                "description": wanted.description,
                "color": wanted.color,
            }
            topic = stored.get(wanted.name)
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
                if added is not None and has_articles:
                    await enqueue_backfill(tx, added.id, now=now)
            elif any(getattr(topic, name) != value for name, value in fields.items()):
                await tx.topics.update(topic.id, **fields)
                if has_articles and (topic.query, topic.aliases) != (wanted.query, wanted.aliases):
                    await enqueue_backfill(tx, topic.id, now=now)


async def seed_console(store: Store, channels: Sequence[StarterChannel], *, zone: str, now: datetime) -> Workspace:
    """Return the console's workspace. If it is new, create the starter channels; later, people manage the channels."""
    async with store.begin() as tx:
        workspace = await tx.workspaces.find(Platform.CONSOLE, CONSOLE)
        if workspace is not None:
            if workspace.time_zone == "UTC" != zone:
                workspace = await tx.workspaces.update(workspace.id, time_zone=zone)
            return workspace
        workspace = await tx.workspaces.ensure(Platform.CONSOLE, CONSOLE, "Console", now=now, time_zone=zone)
        for starter in channels:
            channel = await tx.channels.ensure(workspace.id, starter.name, starter.name, now=now)
            await tx.channels.update(
                channel.id,
                digest_time=_FIRST_DIGEST,
                next_digest_at=next_digest(now, zone, _FIRST_DIGEST, channel.digest_days),
            )
            for name in starter.topics:
                topic = await tx.topics.find(workspace.id, name)
                if topic is not None:
                    await tx.subscriptions.ensure(
                        channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="starter", now=now
                    )
        return workspace


async def seed_feeds(store: Store, feeds: Sequence[OpmlFeed], *, now: datetime) -> int:
    """Add the starter feeds and return how many are new. A feed that was removed or paused stays so."""
    added = 0
    async with store.begin() as tx:
        for number, feed in enumerate(feeds):
            _, created = await tx.sources.ensure(
                NewSource(
                    workspace_id=SHARED,
                    kind=SourceKind.FEED,
                    url=feed.url,
                    title=feed.title,
                    site_url=feed.site_url,
                    next_poll_at=now + number * _POLL_SPACING,
                ),
                now,
            )
            added += created
    return added


async def examples_source(store: Store, workspace: Workspace, *, now: datetime) -> Source:
    """Return the source of the example documents. It belongs to the console, so that no other workspace sees them."""
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(
            NewSource(workspace_id=workspace.id, kind=SourceKind.SEEDS, url="examples", title="Examples"), now
        )
    return source
