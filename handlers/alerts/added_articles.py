"""Enqueue notes about articles that were added to stories: whatever an alert includes is visible in its thread."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.serialize import serialize
from handlers.delivery.added_headlines import (
    MAX_LINES,
    added_note,
    count_lines,
    hidden_members,
    line_subject,
    rest_subject,
)
from storage.channel_stories import StoryMember
from storage.deliveries import NewDelivery
from storage.records import Channel, DeliveryKind
from storage.store import Tx

DEBOUNCE: Final = timedelta(seconds=20)
"""How long the edit of a message waits, so that several new articles cause one edit."""


async def enqueue_added(
    tx: Tx, alerts: Mapping[tuple[int, int], int], channels: Mapping[int, Channel], now: datetime
) -> list[int]:
    """Enqueue a note for each article with a headline that the channel has not seen, or count it in the last note.

    `alerts` maps (channel id, story id) to the alert's delivery. Returns the articles that a new note shows, one entry
    for each note. A repeated call enqueues nothing twice, because each article has one note in a channel.
    """
    story_ids = {story_id for _, story_id in alerts}
    concerned = [channels[id] for id in sorted({channel_id for channel_id, _ in alerts})]
    members = await tx.channel_stories.members(concerned, story_ids)
    notes = await tx.deliveries.note_subjects(story_ids)
    new: list[tuple[int, NewDelivery]] = []
    for (channel_id, story_id), alert_id in alerts.items():
        seen = members.get((channel_id, story_id), ())
        subjects = notes.get(channel_id, frozenset())
        hidden = hidden_members(seen, subjects) if seen else []
        room = MAX_LINES - count_lines(seen, subjects)
        lines, rest = hidden[: max(room, 0)], hidden[max(room, 0) :]
        new += [(member.article_id, _line(channel_id, story_id, alert_id, member, now)) for member in lines]
        if rest:
            if rest_subject(story_id) in subjects:
                await tx.deliveries.request_note_edit(channel_id, rest_subject(story_id), due_at=now + DEBOUNCE)
            else:
                new.append((rest[-1].article_id, _rest(channel_id, story_id, alert_id, now)))
    stored = await tx.deliveries.enqueue_many([delivery for _, delivery in new], now)
    return [article_id for (article_id, _), (_, is_new) in zip(new, stored, strict=True) if is_new]


def _line(channel_id: int, story_id: int, alert_id: int, member: StoryMember, now: datetime) -> NewDelivery:
    return NewDelivery(
        channel_id=channel_id,
        kind=DeliveryKind.NOTE,
        subject=line_subject(member.article_id),
        due_at=now,
        story_id=story_id,
        parent_id=alert_id,
        body=serialize(added_note(member)),
    )


def _rest(channel_id: int, story_id: int, alert_id: int, now: datetime) -> NewDelivery:
    return NewDelivery(
        channel_id=channel_id,
        kind=DeliveryKind.NOTE,
        subject=rest_subject(story_id),
        due_at=now,
        story_id=story_id,
        parent_id=alert_id,
    )
