"""End deliveries, and leave one alert for each channel when stories are merged."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, select, true, update

from storage.deliveries.queue import COLUMNS, DeliveryQueue, to_delivery
from storage.records import Delivery, DeliveryKind, DeliveryState, OutcomeState
from storage.rows import chunks
from storage.tables import deliveries, outcomes


def is_superseded() -> ColumnElement[bool]:
    """Whether another alert of the channel replaced this one after a merge of their stories. Subject: "12~7"."""
    return and_(deliveries.c.kind == DeliveryKind.ALERT, deliveries.c.subject.contains("~"))


class Ending(DeliveryQueue):
    async def kill(self, id: int, *, reason: str, now: datetime) -> bool:
        """End the delivery and the notes that wait for it. `due_at` then holds the time when it ended.

        A posted message stays `sent` and is no longer edited. Returns False if the delivery was already dead.
        """
        unsent = deliveries.c.state.not_in((DeliveryState.SENT, DeliveryState.DEAD))
        dead = {"state": DeliveryState.DEAD, "reason": reason, "due_at": now, "leased_until": None}
        killed = await self._count(update(deliveries).where(deliveries.c.id == id, unsent).values(dead))
        if killed:
            await self._count(update(deliveries).where(deliveries.c.parent_id == id, unsent).values(dead))
            return True
        return (
            await self._count(
                update(deliveries)
                .where(deliveries.c.id == id, deliveries.c.state == DeliveryState.SENT)
                .values(wanted_version=deliveries.c.posted_version, reason=reason, leased_until=None)
            )
            == 1
        )

    async def kill_unsent(self, channel_id: int, *, reason: str, now: datetime) -> int:
        """End the channel's unsent deliveries and return their number. Its posted messages are no longer edited."""
        own = deliveries.c.channel_id == channel_id
        await self._count(
            update(deliveries)
            .where(own, deliveries.c.state == DeliveryState.SENT)
            .values(wanted_version=deliveries.c.posted_version, leased_until=None)
        )
        return await self._count(
            update(deliveries)
            .where(own, deliveries.c.state.not_in((DeliveryState.SENT, DeliveryState.DEAD)))
            .values(state=DeliveryState.DEAD, reason=reason, due_at=now, leased_until=None)
        )

    async def remove(self, ids: Iterable[int]) -> None:
        """Delete deliveries that are certainly not posted, with the notes that wait for them."""
        for part in chunks(sorted(set(ids))):
            await self._count(delete(deliveries).where(deliveries.c.id.in_(part)))

    async def supersede(
        self, from_id: int, into_id: int, now: datetime, *, channel_ids: Sequence[int] | None = None
    ) -> None:
        """Leave one alert for each channel after story `from_id` was merged into story `into_id`.

        `channel_ids` limits this to some channels. A posted alert is preferred, then one that may be posted, then one
        that waits; among equals, the oldest.
        """
        chosen = true() if channel_ids is None else deliveries.c.channel_id.in_(channel_ids)
        rows = await self._all(
            select(*COLUMNS)
            .where(
                deliveries.c.kind == DeliveryKind.ALERT, deliveries.c.subject.in_((str(from_id), str(into_id))), chosen
            )
            .order_by(deliveries.c.id)
        )
        alerts: dict[int, list[Delivery]] = {}
        for row in rows:
            alerts.setdefault(row.channel_id, []).append(to_delivery(row))
        await self._count(update(deliveries).where(deliveries.c.story_id == from_id, chosen).values(story_id=into_id))
        for channel_id, found in alerts.items():
            if len(found) == 1 and found[0].subject == str(into_id):
                continue
            surviving, *others = sorted(found, key=_preference)
            for other in others:
                await self._count(
                    update(deliveries)
                    .where(deliveries.c.id == other.id)
                    .values(subject=f"{into_id}~{other.id}", wanted_version=_wanted_when_superseded())
                )
            await self._count(update(deliveries).where(deliveries.c.id == surviving.id).values(subject=str(into_id)))
            await self.request_edit(channel_id, into_id, due_at=now)
            for other in others:
                if other.state in (DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.DEAD):
                    await self.drop(other.id, channel_id, into_id, now)

    async def drop(self, id: int, channel_id: int, story_id: int, now: datetime) -> None:
        """End a superseded alert that is certainly not posted; its outcomes and notes move to the surviving alert."""
        surviving = await self.find(channel_id, DeliveryKind.ALERT, str(story_id))
        if surviving is not None:
            await self._count(
                update(outcomes)
                .where(outcomes.c.delivery_id == id)
                .values(state=OutcomeState.MERGED, delivery_id=surviving.id)
            )
            await self._count(
                update(deliveries)
                .where(deliveries.c.parent_id == id, deliveries.c.state != DeliveryState.SENT)
                .values(parent_id=surviving.id)
            )
        await self.kill(
            id,
            reason=f"its story was merged into story {story_id}, which already has an alert in this channel",
            now=now,
        )


def _wanted_when_superseded() -> ColumnElement[int]:
    """A posted message is no longer edited. Any other keeps its version until it is certain whether it is posted."""
    return case(
        (deliveries.c.state == DeliveryState.SENT, deliveries.c.posted_version), else_=deliveries.c.wanted_version
    )


def _preference(alert: Delivery) -> tuple[int, int]:
    """Sort key of the alerts of a channel; the first one survives."""
    match alert.state:
        case DeliveryState.SENT:
            rank = 0
        case DeliveryState.SENDING | DeliveryState.UNKNOWN:
            rank = 1
        case DeliveryState.PENDING | DeliveryState.FAILED:
            rank = 2
        case DeliveryState.DEAD:
            rank = 3
    return rank, alert.id
