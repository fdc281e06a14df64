"""Workspaces: the tenants. None of them sees anything of another."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select, update

from storage.indexed_words import ARTICLES, SET_ASIDE, IndexedWords
from storage.meta import Meta
from storage.pruned_counts import PrunedCounts
from storage.records import ArrivalState, ChangeRule, Platform, Workspace
from storage.rows import FIXED, Collection, checked, chunks, missing, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import arrivals, articles, channels, meta, sources, stories, topics, workspaces
from storage.topics import VERSION

COLUMNS = record_columns(workspaces, Workspace)

# Built once, because every command or post runs them.
_FIND = select(*COLUMNS).where(
    workspaces.c.platform == bindparam("platform"), workspaces.c.external_id == bindparam("external_id")
)
_GET = select(*COLUMNS).where(workspaces.c.id == bindparam("of_id"))
_BY_IDS = select(*COLUMNS).where(workspaces.c.id.in_(bindparam("ids", expanding=True)))


def to_workspace(row: Row[Any]) -> Workspace:
    values = values_of(row)
    values["platform"] = Platform(values["platform"])
    values["languages"] = tuple(values["languages"])
    values["change_rule"] = ChangeRule(values["change_rule"])
    return Workspace(**values)


class Workspaces(Collection):
    async def ensure(
        self, platform: Platform, external_id: str, name: str, *, now: datetime, time_zone: str = "UTC"
    ) -> Workspace:
        """Return the workspace, created if it is new. A new name replaces the old one; nothing else changes."""
        values = {
            "platform": platform,
            "external_id": external_id,
            "name": name,
            "time_zone": time_zone,
            "languages": [],
            "change_rule": ChangeRule.MEMBERS if platform is Platform.SLACK else ChangeRule.MANAGERS,
            "created_at": now,
        }
        found = await self.find(platform, external_id)
        if found is None:
            row = await self._first(insert_or_ignore(self._connection, workspaces, *COLUMNS), values)
            if row is not None:
                return to_workspace(row)
            found = await self.find(platform, external_id)
            if found is None:
                raise missing(workspaces, 0)
        return found if found.name == name or not name else await self.update(found.id, name=name)

    async def get(self, id: int) -> Workspace:
        """Raises: Missing."""
        row = await self._first(_GET, {"of_id": id})
        if row is None:
            raise missing(workspaces, id)
        return to_workspace(row)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Workspace]:
        """Return the workspaces that exist, by id."""
        found: dict[int, Workspace] = {}
        for part in chunks(sorted(set(ids))):
            rows = await self._all(_BY_IDS, {"ids": part})
            found.update((row.id, to_workspace(row)) for row in rows)
        return found

    async def find(self, platform: Platform, external_id: str) -> Workspace | None:
        row = await self._first(_FIND, {"platform": platform, "external_id": external_id})
        return None if row is None else to_workspace(row)

    async def update(self, id: int, **fields: Any) -> Workspace:
        """Change these fields and return the workspace. Raises: Missing."""
        values = checked(workspaces, fields, FIXED)
        row = await self._first(update(workspaces).where(workspaces.c.id == id).values(values).returning(*COLUMNS))
        if row is None:
            raise missing(workspaces, id)
        return to_workspace(row)

    async def all(self) -> tuple[Workspace, ...]:
        return tuple(map(to_workspace, await self._all(select(*COLUMNS).order_by(workspaces.c.id))))

    async def gone_before(self, before: datetime) -> tuple[int, ...]:
        """Return the ids of workspaces that removed the bot at that time (UTC) or earlier."""
        rows = await self._all(
            select(workspaces.c.id).where(workspaces.c.gone_at <= before).order_by(workspaces.c.gone_at)
        )
        return tuple(row.id for row in rows)

    async def remove(self, id: int) -> None:
        """Delete the workspace and everything that only it can see. Shared data stays."""
        own_sources = select(sources.c.id).where(sources.c.workspace_id == id)
        removed = await self._all(delete(channels).where(channels.c.workspace_id == id).returning(channels.c.id))
        names = [f"{kind}:{row.id}" for row in removed for kind in ("fold", "digest_tail")]
        for part in chunks(names):
            await self._count(delete(meta).where(meta.c.name.in_(part)))
        if await self._count(delete(topics).where(topics.c.workspace_id == id)):
            await Meta(self._connection).increase(VERSION)
        own_articles = select(articles.c.id).where(articles.c.workspace_id == id)
        removed = await self._all(
            delete(arrivals)
            .where(or_(arrivals.c.source_id.in_(own_sources), arrivals.c.article_id.in_(own_articles)))
            .returning(arrivals.c.state)
        )
        brought = sum(row.state in (ArrivalState.MATCHED, ArrivalState.UNMATCHED) for row in removed)
        # Retention has counted the arrivals of older articles, so the articles are counted too.
        ids = [row.id for row in await self._all(own_articles)]
        for full_text in (ARTICLES, SET_ASIDE):
            await IndexedWords(self._connection, full_text).remove(ids)
        deleted = await self._count(delete(articles).where(articles.c.workspace_id == id))
        await PrunedCounts(self._connection).add({"articles": deleted - brought})
        await self._count(
            update(stories)
            .where(stories.c.merged_into.in_(select(stories.c.id).where(stories.c.workspace_id == id)))
            .values(merged_into=None)
        )
        await self._count(delete(stories).where(stories.c.workspace_id == id))
        await self._count(delete(sources).where(sources.c.workspace_id == id))
        await self._count(delete(workspaces).where(workspaces.c.id == id))
