"""Named values."""

from storage.store import Store


async def test_the_last_value_of_a_name_is_stored(store: Store) -> None:
    async with store.begin() as tx:
        assert await tx.meta.get("greeted") is None
        await tx.meta.set("greeted", "yes")
        await tx.meta.set("greeted", "no")
        assert await tx.meta.get("greeted") == "no"
