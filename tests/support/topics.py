"""Topics for tests."""

from datetime import UTC, datetime

from storage.records import SHARED, Topic

MADE = datetime(2026, 1, 1, tzinfo=UTC)


def a_topic(
    id: int, query: str, *, name: str | None = None, aliases: tuple[str, ...] = (), workspace_id: int = SHARED
) -> Topic:
    return Topic(
        id=id,
        workspace_id=workspace_id,
        name=name or f"topic {id}",
        title=name or f"Topic {id}",
        query=query,
        aliases=aliases,
        created_at=MADE,
    )
