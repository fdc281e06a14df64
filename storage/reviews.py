"""Reviews: who has claimed a story's alert in a channel, and who has reviewed it."""

from typing import Any

from sqlalchemy import Row, delete, select

from storage.records import Review, ReviewState
from storage.rows import Collection, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import reviews

COLUMNS = record_columns(reviews, Review)


def to_review(row: Row[Any]) -> Review:
    values = values_of(row)
    values["state"] = ReviewState(values["state"])
    return Review(**values)


class Reviews(Collection):
    async def add(self, review: Review) -> bool:
        """Store the review. Return False, and change nothing, if the alert is in this state already."""
        statement = insert_or_ignore(self._connection, reviews, reviews.c.state)
        values = {name: getattr(review, name) for name in Review.__dataclass_fields__}
        return await self._first(statement, values) is not None

    async def of(self, channel_id: int, story_id: int) -> tuple[Review, ...]:
        """Return the states of the story's alert in this channel, the first one first."""
        statement = select(*COLUMNS).where(reviews.c.channel_id == channel_id, reviews.c.story_id == story_id)
        return tuple(map(to_review, await self._all(statement.order_by(reviews.c.at, reviews.c.state))))

    async def remove(self, channel_id: int, story_id: int, *states: ReviewState) -> int:
        """Delete these states, and return how many the alert was in."""
        return await self._count(
            delete(reviews).where(
                reviews.c.channel_id == channel_id, reviews.c.story_id == story_id, reviews.c.state.in_(states)
            )
        )
