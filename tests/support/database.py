"""Access to the database itself, for tests of what happens while it is away."""

from storage.store import Store


async def ping(store: Store) -> None:
    """Read something from the database. Raises: StorageError."""
    async with store.read() as tx:
        await tx.meta.get("ping")
