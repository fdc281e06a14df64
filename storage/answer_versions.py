"""Versions of what answers depend on. An answer may be given again as long as the version is the same.

A transaction that changes the articles or matches of a topic raises the version of that topic when it ends.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from storage.database_thread import Connection
from storage.meta import INCREASE
from storage.rows import Collection, chunks, visible
from storage.tables import articles, matches, meta
from storage.topics import VERSION

_ANY_ARTICLE: Final = "told"
"""Name of the version of all articles together. Names of the versions of topics begin with it too."""
_NEWEST: Final = (
    select(func.max(articles.c.received_at)).where(visible(articles, bindparam("viewer"))).scalar_subquery()
)
_VERSIONS: Final = (
    select(meta.c.name, meta.c.value, _NEWEST.label("newest"))
    .where(meta.c.name.in_(bindparam("names", expanding=True)))
    .order_by(meta.c.name)
)


class AnswerVersions(Collection):
    """Collects what the transaction changes, and raises the versions when the transaction ends.

    The versions are raised last and always in the same order, so that no two transactions wait for each other.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._has_changes = False
        self._articles: set[int] = set()
        self._topics: set[int] = set()

    def articles_changed(self, ids: Iterable[int]) -> None:
        """Note that these articles, their matches or their stories change, and so do the answers of their topics."""
        self._articles.update(ids)

    def articles_added(self, topic_ids: Iterable[int] = ()) -> None:
        """Note that articles are new, and that these are topics of new articles."""
        self._has_changes = True
        self._topics.update(topic_ids)

    def topics_changed(self, ids: Iterable[int]) -> None:
        """Note that matches of these topics are removed."""
        self._topics.update(ids)

    async def raise_changed(self) -> None:
        """Raise the versions of everything that was noted. Call this at the end of the transaction."""
        if not (self._articles or self._topics or self._has_changes):
            return
        for part in chunks(sorted(self._articles)):
            rows = await self._all(select(matches.c.topic_id).where(matches.c.article_id.in_(part)).distinct())
            self._topics.update(row.topic_id for row in rows)
        names = sorted([_ANY_ARTICLE, *map(_version_name, self._topics)])
        increase = INCREASE[self._connection.dialect.name]
        await self._connection.execute(increase, [{"name": name, "value": "1"} for name in names])

    async def current(
        self, workspace_id: int, topic_ids: Iterable[int] | None, *, now: datetime
    ) -> tuple[str, ...] | None:
        """Return the version of answers about these topics, or about any article if `topic_ids` is None.

        It also changes with every topic that is added, updated or removed. Returns None if nothing is stored yet, or
        if the workspace sees an article received after `now` (UTC): an answer without that article must not be cached.
        """
        names = [_ANY_ARTICLE] if topic_ids is None else [_version_name(id) for id in topic_ids]
        rows = await self._all(_VERSIONS, {"viewer": workspace_id, "names": [VERSION, *names]})
        if not rows or rows[0].newest is None or rows[0].newest > now:
            return None
        return tuple(f"{row.name}={row.value}" for row in rows)


class VersionedCollection(Collection):
    """A collection whose changes raise the versions of answers."""

    def __init__(self, connection: Connection, versions: AnswerVersions) -> None:
        super().__init__(connection)
        self._versions = versions


def _version_name(topic_id: int) -> str:
    return f"{_ANY_ARTICLE}:{topic_id}"
