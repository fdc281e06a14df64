"""Versions of what answers hang on: a transaction that changes what a topic's matches tell raises them at its end."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.meta import INCREASE
from storage.rows import Collection, chunks, visible
from storage.tables import articles, matches, meta
from storage.topics import VERSION

_ANY: Final = "told"
"""Raised with every change of any article."""
_NEWEST: Final = (
    select(func.max(articles.c.received_at)).where(visible(articles, bindparam("viewer"))).scalar_subquery()
)
_ASKED: Final = (
    select(meta.c.name, meta.c.value, _NEWEST.label("newest"))
    .where(meta.c.name.in_(bindparam("names", expanding=True)))
    .order_by(meta.c.name)
)


class Touched(Collection):
    """What the transaction changed, and the versions that its end raises.

    Raised last of all, and in one order: nothing is waited for after these rows, so none can wait for another in turn.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._articles: set[int] = set()
        self._topics: set[int] = set()

    def articles(self, ids: Iterable[int]) -> None:
        """They, their matches or their stories are others now; so is what all the topics tell that they match."""
        self._articles.update(ids)

    def topics(self, ids: Iterable[int]) -> None:
        """Matches of these topics are gone."""
        self._topics.update(ids)

    async def raise_versions(self) -> None:
        """At the end of the transaction. One that touched nothing raises nothing."""
        if not self._articles and not self._topics:
            return
        for part in chunks(sorted(self._articles)):
            rows = await self._all(select(matches.c.topic_id).where(matches.c.article_id.in_(part)).distinct())
            self._topics.update(row.topic_id for row in rows)
        names = sorted([_ANY, *map(_of, self._topics)])
        raised = INCREASE[self._connection.dialect.name]
        await self._connection.execute(raised, [{"name": name, "value": "1"} for name in names])

    async def version(
        self, workspace_id: int, topic_ids: Iterable[int] | None, *, now: datetime
    ) -> tuple[str, ...] | None:
        """What an answer about these topics, or about any article, hangs on: while it is the same, so is the answer.

        It changes with every topic that anybody makes, changes or removes. None where nothing is known yet, or where
        the workspace sees an article that was received after `now`: an answer that leaves it out must not be kept.
        """
        asked = [_ANY] if topic_ids is None else [_of(id) for id in topic_ids]
        rows = await self._all(_ASKED, {"viewer": workspace_id, "names": [VERSION, *asked]})
        if not rows or rows[0].newest is None or rows[0].newest > now:
            return None
        return tuple(f"{row.name}={row.value}" for row in rows)


class TouchingCollection(Collection):
    """A collection whose changes are noted."""

    def __init__(self, connection: AsyncConnection, touched: Touched) -> None:
        super().__init__(connection)
        self._touched = touched


def _of(topic_id: int) -> str:
    return f"{_ANY}:{topic_id}"
