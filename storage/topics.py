"""Topics of the catalogue and of workspaces, with a version that other processes watch."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Row, bindparam, delete, exists, func, select, update

from storage.meta import Meta
from storage.records import SHARED, Topic
from storage.rows import FIXED, Collection, checked, chunks, missing, record_columns, values_of, visible
from storage.sql import insert_or_ignore
from storage.tables import topics

COLUMNS = record_columns(topics, Topic)
VERSION = "topics_version"
"""Name of the version of all topics among the named values."""

# Built once, because every command with a topic or every arrival runs them.
_VISIBLE = select(*COLUMNS).where(visible(topics, bindparam("viewer")))
_ALL = select(*COLUMNS).order_by(topics.c.id)
_GET = select(*COLUMNS).where(topics.c.id == bindparam("of_id"))
_BY_IDS = _ALL.where(topics.c.id.in_(bindparam("ids", expanding=True)))
_CHANGED_SINCE = _ALL.where(topics.c.changed > bindparam("version"), topics.c.id > bindparam("after")).limit(
    bindparam("most", type_=Integer())
)
_SET_CHANGED = update(topics).where(topics.c.id == bindparam("of_id")).values(changed=bindparam("version"))


def to_topic(row: Row[Any]) -> Topic:
    values = values_of(row)
    values["aliases"] = tuple(values["aliases"])
    return Topic(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTopic:
    """A topic to store. `Topic` documents the fields."""

    workspace_id: int
    name: str
    title: str
    query: str
    aliases: Sequence[str] = ()
    description: str = ""
    color: str = "#5b6b7b"


@lru_cache(maxsize=4_096)
def normalize_name(name: str) -> str:
    """Return the name in the form in which names are compared, without differences of case, width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Topics(Collection):
    async def add(self, new: NewTopic, now: datetime) -> Topic | None:
        """Store a topic, created at `now` (UTC). Return None if the workspace or the catalogue has one of this name."""
        if new.workspace_id != SHARED:
            in_catalogue = exists().where(topics.c.workspace_id == SHARED, topics.c.name == new.name)
            taken = await self._first(select(in_catalogue))
            if taken is not None and taken[0]:
                return None
        values = asdict(new) | {"aliases": list(new.aliases), "created_at": now}
        row = await self._first(insert_or_ignore(self._connection, topics, *COLUMNS), values)
        if row is None:
            return None
        await self._changed(row.id)
        return to_topic(row)

    async def get(self, id: int) -> Topic | None:
        row = await self._first(_GET, {"of_id": id})
        return None if row is None else to_topic(row)

    async def find(self, workspace_id: int, name: str) -> Topic | None:
        """Return the topic that people call by this name, if there is one.

        Names precede titles, and titles aliases. The workspace's own topics precede those of the catalogue.
        """
        wanted = normalize_name(name)
        seen = sorted(await self.visible(workspace_id), key=lambda topic: (topic.workspace_id == SHARED, topic.id))
        for names in (
            lambda topic: (topic.name,),
            lambda topic: (topic.title,),
            lambda topic: topic.aliases,
        ):
            for topic in seen:
                if any(normalize_name(own) == wanted for own in names(topic)):
                    return topic
        return None

    async def visible(self, workspace_id: int) -> tuple[Topic, ...]:
        """Return the topics that the workspace sees, by title, without regard to case."""
        rows = await self._many(_VISIBLE, {"viewer": workspace_id})
        return tuple(sorted(map(to_topic, rows), key=lambda topic: (normalize_name(topic.title), topic.id)))

    async def all(self) -> tuple[Topic, ...]:
        """Return the topics of all workspaces, by id."""
        return tuple(map(to_topic, await self._many(_ALL, {})))

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Topic]:
        found: dict[int, Topic] = {}
        for part in chunks(dict.fromkeys(ids)):
            rows = await self._many(_BY_IDS, {"ids": part})
            found.update((row.id, to_topic(row)) for row in rows)
        return found

    async def update(self, id: int, **fields: Any) -> Topic:
        """Change these fields and return the topic. Raises: Missing."""
        values = checked(topics, fields, FIXED | {"workspace_id", "changed"})
        row = await self._first(update(topics).where(topics.c.id == id).values(values).returning(*COLUMNS))
        if row is None:
            raise missing(topics, id)
        await self._changed(id)
        return to_topic(row)

    async def remove(self, id: int) -> None:
        """Delete the topic with its matches and subscriptions."""
        if await self._count(delete(topics).where(topics.c.id == id)):
            await self._changed(None)

    async def version(self) -> int:
        """Return a number that grows whenever a topic is added, updated or removed."""
        return int(await Meta(self._connection).get(VERSION) or 0)

    async def changed_since(self, version: int, *, after: int, limit: int) -> tuple[Topic, ...]:
        """Return topics added or updated since that version: by id, with ids above `after`, at most `limit`."""
        page = {"version": version, "after": after, "most": limit}
        return tuple(map(to_topic, await self._all(_CHANGED_SINCE, page)))

    async def ids(self) -> frozenset[int]:
        return frozenset(row.id for row in await self._all(select(topics.c.id)))

    async def count(self) -> int:
        row = await self._first(select(func.count()).select_from(topics))
        return 0 if row is None else row[0]

    async def _changed(self, id: int | None) -> None:
        """Raise the version, and store it with the topic unless that was removed."""
        version = await Meta(self._connection).increase(VERSION)
        if id is not None:
            await self._connection.execute(_SET_CHANGED, {"of_id": id, "version": version})
