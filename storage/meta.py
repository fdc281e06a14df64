"""Named values of the whole bot, such as the version of the topics."""

from sqlalchemy import Integer, Text, bindparam, cast, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.rows import Collection
from storage.tables import meta

_MORE = cast(cast(meta.c.value, Integer) + 1, Text)
INCREASE = {
    dialect: insert(meta).on_conflict_do_update(index_elements=["name"], set_={"value": _MORE})
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
"""Statements, one for each database, that add 1 to named numbers. A missing one counts as 0."""
_INCREASED = {dialect: statement.returning(meta.c.value) for dialect, statement in INCREASE.items()}
_GET = select(meta.c.value).where(meta.c.name == bindparam("of"))


class Meta(Collection):
    async def get(self, name: str) -> str | None:
        """Return the value, or None."""
        row = await self._first(_GET, {"of": name})
        return None if row is None else row.value

    async def set(self, name: str, value: str) -> None:
        await self._put(meta, {"name": name, "value": value}, keys=("name",))

    async def increase(self, name: str) -> int:
        """Add 1 to a value that is a number, and return the result. A missing value counts as 0."""
        row = await self._first(_INCREASED[self._connection.dialect.name], {"name": name, "value": "1"})
        return 0 if row is None else int(row.value)
