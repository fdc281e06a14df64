"""What people said about stories: muted, followed, not relevant; when they read last; what a button may need later."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, and_, bindparam, delete, exists, func, literal, or_, select

from storage.records import ChannelState, DeliveryKind, FollowHow
from storage.rows import Collection, chunks, values_of
from storage.sql import insert_or_ignore, upsert
from storage.tables import brief_reads, channels, deliveries, drafts, feedback, follows, mutes

TOLD: Final = "follow:"
"""Before the subject of a note: the subject of the direct message that tells of it."""
_direct = channels.alias("direct")
_READ_AT = select(brief_reads.c.read_at).where(
    brief_reads.c.workspace_id == bindparam("workspace_id"),
    brief_reads.c.user_external_id == bindparam("user_external_id"),
    brief_reads.c.topic == bindparam("topic"),
)


def _direct_of(workspace_id: Column[Any], user: Column[Any]) -> ColumnElement[bool]:
    """The channel of that person's direct messages."""
    return and_(_direct.c.workspace_id == workspace_id, _direct.c.external_id == literal("@") + user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A note of a followed thread that is still to be told by direct message."""

    direct_id: int
    """The channel of the person's direct messages."""
    channel_id: int
    """Of the thread."""
    story_id: int
    subject: str
    body: dict[str, Any]


class Social(Collection):
    async def mute(self, channel_id: int, subject: str, by: str, now: datetime) -> bool:
        """Subjects are "story:12" and "source:7". False: it was muted."""
        values = {"channel_id": channel_id, "subject": subject, "created_by": by, "created_at": now}
        row = await self._first(insert_or_ignore(self._connection, mutes, mutes.c.subject), values)
        return row is not None

    async def unmute(self, channel_id: int, subject: str) -> bool:
        """False: it was not muted."""
        return await self._count(delete(mutes).where(mutes.c.channel_id == channel_id, mutes.c.subject == subject)) == 1

    async def is_muted(self, channel_id: int, subjects: Iterable[str]) -> frozenset[str]:
        """Those of the subjects that the channel muted."""
        return frozenset(subject for _, subject in await self.mutes_among([channel_id], subjects))

    async def mutes_among(self, channel_ids: Iterable[int], subjects: Iterable[str]) -> frozenset[tuple[int, str]]:
        """Which of these channels muted which of these subjects."""
        asked, found = sorted(set(subjects)), set[tuple[int, str]]()
        for part in chunks(sorted(set(channel_ids))):
            rows = await self._all(
                select(mutes.c.channel_id, mutes.c.subject).where(
                    mutes.c.channel_id.in_(part), mutes.c.subject.in_(asked)
                )
            )
            found.update((row.channel_id, row.subject) for row in rows)
        return frozenset(found)

    async def follow(
        self, channel_id: int, story_id: int, user: str, now: datetime, *, how: FollowHow = FollowHow.MENTION
    ) -> None:
        """From now on, or in another way than before."""
        values = {
            "channel_id": channel_id,
            "story_id": story_id,
            "user_external_id": user,
            "created_at": now,
            "how": how,
        }
        keys = ("channel_id", "story_id", "user_external_id")
        await self._put(follows, values, keys=keys)

    async def unfollow(self, workspace_id: int, story_id: int, user: str) -> bool:
        """In every channel of the workspace. False: this person did not follow it."""
        own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
        ended = delete(follows).where(
            follows.c.channel_id.in_(own), follows.c.story_id == story_id, follows.c.user_external_id == user
        )
        return await self._count(ended) > 0

    async def follows(self, channel_id: int, story_id: int, user: str) -> FollowHow | None:
        """How this person follows it; None: not at all."""
        row = await self._first(
            select(follows.c.how).where(
                follows.c.channel_id == channel_id, follows.c.story_id == story_id, follows.c.user_external_id == user
            )
        )
        return None if row is None else FollowHow(row.how)

    async def followers(self, channel_id: int, story_id: int) -> tuple[str, ...]:
        """External ids of those to be named in the thread, the longest follower first.

        Who asked for direct messages is named too once the platform refuses to deliver those.
        """
        rows = await self._all(
            select(follows.c.user_external_id)
            .join_from(follows, channels, channels.c.id == follows.c.channel_id)
            .join(_direct, _direct_of(channels.c.workspace_id, follows.c.user_external_id), isouter=True)
            .where(
                follows.c.channel_id == channel_id,
                follows.c.story_id == story_id,
                or_(follows.c.how == FollowHow.MENTION, _direct.c.state == ChannelState.GONE),
            )
            .order_by(follows.c.created_at, follows.c.user_external_id)
        )
        return tuple(row.user_external_id for row in rows)

    async def untold(self, *, since: datetime) -> tuple[Untold, ...]:
        """Notes owed since then in threads that somebody follows by direct message and has not been told of."""
        told = deliveries.alias("told")
        rows = await self._all(
            select(
                _direct.c.id.label("direct_id"),
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
            .join(_direct, _direct_of(channels.c.workspace_id, follows.c.user_external_id))
            .where(
                follows.c.how == FollowHow.MESSAGE,
                _direct.c.state == ChannelState.ACTIVE,
                deliveries.c.kind == DeliveryKind.NOTE,
                deliveries.c.created_at >= follows.c.created_at,
                deliveries.c.created_at >= since,
                ~exists().where(
                    told.c.channel_id == _direct.c.id,
                    told.c.kind == DeliveryKind.NOTICE,
                    told.c.subject == literal(TOLD) + deliveries.c.subject,
                ),
            )
            .order_by(deliveries.c.id)
        )
        return tuple(Untold(**values_of(row)) for row in rows)

    async def followed(
        self, workspace_id: int, user: str, *, how: FollowHow | None = None
    ) -> dict[int, tuple[datetime, FollowHow]]:
        """Stories that this person follows, since when and how; only those followed so, where `how` is given."""
        statement = (
            select(follows.c.story_id, follows.c.created_at, follows.c.how)
            .join_from(follows, channels, channels.c.id == follows.c.channel_id)
            .where(channels.c.workspace_id == workspace_id, follows.c.user_external_id == user)
            .order_by(follows.c.created_at.desc(), follows.c.story_id)
        )
        if how is not None:
            statement = statement.where(follows.c.how == how)
        return {row.story_id: (row.created_at, FollowHow(row.how)) for row in await self._all(statement)}

    async def not_relevant(self, channel_id: int, story_id: int, user: str, now: datetime) -> bool:
        """False: this person said so before."""
        values = {"channel_id": channel_id, "story_id": story_id, "user_external_id": user, "created_at": now}
        row = await self._first(insert_or_ignore(self._connection, feedback, feedback.c.user_external_id), values)
        return row is not None

    async def count_not_relevant(self, story_ids: Iterable[int], *, workspace_id: int) -> int:
        """Presses of "Not relevant" on these stories in the workspace's channels."""
        row = await self._first(
            select(func.count())
            .select_from(feedback)
            .join(channels, channels.c.id == feedback.c.channel_id)
            .where(channels.c.workspace_id == workspace_id, feedback.c.story_id.in_(sorted(set(story_ids))))
        )
        return 0 if row is None else int(row[0])

    async def brief_read_at(self, workspace_id: int, user: str, topic: str) -> datetime | None:
        """When this person last asked for this brief."""
        asked = {"workspace_id": workspace_id, "user_external_id": user, "topic": topic}
        row = await self._first(_READ_AT, asked)
        return None if row is None else row.read_at

    async def briefs_read(self, reads: Mapping[tuple[int, str, str], datetime]) -> None:
        """Who asked for which brief, and when: by workspace, person and topic."""
        keys = ("workspace_id", "user_external_id", "topic")
        rows = [dict(zip(keys, reader, strict=True)) | {"read_at": at} for reader, at in reads.items()]
        if rows:
            remember = upsert(self._connection, brief_reads, keys=keys, changed=("read_at",))
            await self._connection.execute(remember, rows)

    async def save_draft(self, workspace_id: int, body: Mapping[str, Any], now: datetime) -> str:
        """Keep it for a button. The same body has the same key."""
        key = draft_key(workspace_id, body)
        changed = ("workspace_id", "body", "created_at")
        keep = upsert(self._connection, drafts, keys=("key",), changed=changed)
        await self._connection.execute(
            keep, {"key": key, "workspace_id": workspace_id, "body": body, "created_at": now}
        )
        return key

    async def draft(self, key: str, workspace_id: int) -> dict[str, Any] | None:
        """None: unknown here, or too old and forgotten."""
        row = await self._first(select(drafts.c.body).where(drafts.c.key == key, drafts.c.workspace_id == workspace_id))
        return None if row is None else row.body

    async def forget_drafts(self, before: datetime) -> int:
        """Drop those made before then, and how many that were."""
        return await self._count(delete(drafts).where(drafts.c.created_at < before))


def draft_key(workspace_id: int, body: Mapping[str, Any]) -> str:
    """16 characters that fit everywhere."""
    content = json.dumps([workspace_id, body], sort_keys=True, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:12]).decode()
