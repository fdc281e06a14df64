"""Follows: who learns that a story in a channel has grown, and how."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, and_, delete, exists, literal, or_, select

from storage.deliveries.queue import ADDED_SUBJECT
from storage.records import ChannelState, DeliveryKind, FollowMode
from storage.rows import Collection, values_of
from storage.tables import channels, deliveries, follows

MESSAGE_SUBJECT: Final = "follow:"
"""Begins the subject of a direct message about a note. The subject of the note follows."""
_direct = channels.alias("direct")


def _is_direct_channel_of(workspace_id: Column[Any], user: Column[Any]) -> ColumnElement[bool]:
    return and_(_direct.c.workspace_id == workspace_id, _direct.c.external_id == literal("@") + user)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMessage:
    """A note in a followed thread that a follower has yet to get as a direct message."""

    direct_channel_id: int
    """The channel of the person's direct messages."""
    channel_id: int
    """The channel of the thread."""
    story_id: int
    subject: str
    """The subject of the note."""
    body: dict[str, Any]


class Follows(Collection):
    async def set(
        self, channel_id: int, story_id: int, user: str, now: datetime, *, mode: FollowMode = FollowMode.MENTION
    ) -> None:
        """Make the person follow the story from `now` (UTC) on. A repeated call changes the time and the mode."""
        values = {
            "channel_id": channel_id,
            "story_id": story_id,
            "user_external_id": user,
            "created_at": now,
            "mode": mode,
        }
        await self._put(follows, values, keys=("channel_id", "story_id", "user_external_id"))

    async def remove(self, workspace_id: int, story_id: int, user: str) -> bool:
        """End the follow in every channel of the workspace. Return whether the person followed the story."""
        own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
        ended = delete(follows).where(
            follows.c.channel_id.in_(own), follows.c.story_id == story_id, follows.c.user_external_id == user
        )
        return await self._count(ended) > 0

    async def mode(self, channel_id: int, story_id: int, user: str) -> FollowMode | None:
        """Return how the person follows the story in this channel, or None."""
        row = await self._first(
            select(follows.c.mode).where(
                follows.c.channel_id == channel_id, follows.c.story_id == story_id, follows.c.user_external_id == user
            )
        )
        return None if row is None else FollowMode(row.mode)

    async def to_mention(self, channel_id: int, story_id: int) -> tuple[str, ...]:
        """Return the external ids of the followers to mention in the thread, in the order in which they followed.

        These include people who chose direct messages that the platform refuses to deliver.
        """
        rows = await self._all(
            select(follows.c.user_external_id)
            .join_from(follows, channels, channels.c.id == follows.c.channel_id)
            .join(_direct, _is_direct_channel_of(channels.c.workspace_id, follows.c.user_external_id), isouter=True)
            .where(
                follows.c.channel_id == channel_id,
                follows.c.story_id == story_id,
                or_(follows.c.mode == FollowMode.MENTION, _direct.c.state != ChannelState.ACTIVE),
            )
            .order_by(follows.c.created_at, follows.c.user_external_id)
        )
        return tuple(row.user_external_id for row in rows)

    async def pending_messages(self, *, since: datetime) -> tuple[PendingMessage, ...]:
        """Return the direct messages to enqueue for notes created since then (UTC), in the order of the notes."""
        sent = deliveries.alias("sent")
        rows = await self._all(
            select(
                _direct.c.id.label("direct_channel_id"),
                deliveries.c.channel_id,
                deliveries.c.story_id,
                deliveries.c.subject,
                deliveries.c.body,
            )
            .join_from(follows, channels, channels.c.id == follows.c.channel_id)
            .join(
                deliveries,
                and_(deliveries.c.channel_id == follows.c.channel_id, deliveries.c.story_id == follows.c.story_id),
            )
            .join(_direct, _is_direct_channel_of(channels.c.workspace_id, follows.c.user_external_id))
            .where(
                follows.c.mode == FollowMode.MESSAGE,
                _direct.c.state == ChannelState.ACTIVE,
                deliveries.c.kind == DeliveryKind.NOTE,
                ~deliveries.c.subject.startswith(ADDED_SUBJECT),
                deliveries.c.created_at >= follows.c.created_at,
                deliveries.c.created_at >= since,
                ~exists().where(
                    sent.c.channel_id == _direct.c.id,
                    sent.c.kind == DeliveryKind.NOTICE,
                    sent.c.subject == literal(MESSAGE_SUBJECT) + deliveries.c.subject,
                ),
            )
            .order_by(deliveries.c.id)
        )
        return tuple(PendingMessage(**values_of(row)) for row in rows)

    async def of_person(
        self, workspace_id: int, user: str, *, mode: FollowMode | None = None
    ) -> dict[int, tuple[datetime, FollowMode]]:
        """Return the stories that the person follows, by id, with the time (UTC) and the mode; newest follow first.

        `mode` limits the result to one mode.
        """
        statement = (
            select(follows.c.story_id, follows.c.created_at, follows.c.mode)
            .join_from(follows, channels, channels.c.id == follows.c.channel_id)
            .where(channels.c.workspace_id == workspace_id, follows.c.user_external_id == user)
            .order_by(follows.c.created_at.desc(), follows.c.story_id)
        )
        if mode is not None:
            statement = statement.where(follows.c.mode == mode)
        return {row.story_id: (row.created_at, FollowMode(row.mode)) for row in await self._all(statement)}
