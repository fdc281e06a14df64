"""Named values that belong to the whole house, such as the version of the topics."""

from sqlalchemy import Integer, Text, cast, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.rows import Collection
from storage.sql import upsert
from storage.tables import meta


class Meta(Collection):
    async def get(self, name: str) -> str | None:
        row = await self._first(select(meta.c.value).where(meta.c.name == name))
        return None if row is None else row.value

    async def set(self, name: str, value: str) -> None:
        await self._connection.execute(upsert(self._connection, meta, {"name": name, "value": value}, keys=["name"]))

    async def increase(self, name: str) -> None:
        """Add one to a value that is a number; one that is not there counts as 0."""
        more = cast(cast(meta.c.value, Integer) + 1, Text)
        values = {"name": name, "value": "1"}
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                postgresql.insert(meta)
                .values(values)
                .on_conflict_do_update(index_elements=["name"], set_={"value": more})
            )
            return
        await self._connection.execute(
            sqlite.insert(meta).values(values).on_conflict_do_update(index_elements=["name"], set_={"value": more})
        )
