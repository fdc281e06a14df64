"""Reads the articles of the window of stories from the database into a story index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from handlers.stories.similarity import StoryIndex
from storage.records import ArticleFeatures
from storage.store import Tx

OVERLAP: Final = 50
"""The number of article ids that are read again each time, as other processes may commit slightly out of order."""
_PAGE: Final = 1_000
"""Articles whose features are read at once, so that a large window does not fill the memory."""


async def read_window(tx: Tx, index: StoryIndex, horizon: datetime) -> None:
    """Add the stored articles that were published since the horizon (UTC) and that the index does not have yet.

    The first call reads the whole window, which may take some seconds. Call it in a transaction that only reads.
    """
    after = max(0, index.last_id - OVERLAP)
    ids = [id for id in await tx.articles.ids_after(after, received_after=horizon) if id not in index]
    for start in range(0, len(ids), _PAGE):
        rows = await tx.articles.features_of(ids[start : start + _PAGE])
        await tx.compute(_add, index, rows, horizon)


def _add(index: StoryIndex, rows: Sequence[ArticleFeatures], horizon: datetime) -> None:
    for row in rows:
        if row.published_at >= horizon:
            index.add(
                article_id=row.id,
                story_id=row.story_id,
                workspace_id=row.workspace_id,
                at=row.published_at,
                features=row.features,
            )
