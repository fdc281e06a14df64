"""Corrects stored times after the clock was set back: what was stored as due soon would otherwise wait for hours."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Table, func, or_, select, update

from storage.records import DeliveryState
from storage.rows import Collection
from storage.tables import channels, deliveries, installs, outcomes, pending, seen_events, sources

_REPORTED: Final = timedelta(hours=1)
"""How far back outcomes are moved that a digest or a roll-up has reported, so that the next one leaves them out."""
_DOWN: Final = timedelta(hours=1)
"""How long the bot may have been down while the clock was set back, for looking up messages."""
_LEASED: Final[tuple[Table, ...]] = (channels, deliveries, installs, seen_events, sources)


class ClockCorrections(Collection):
    async def latest(self) -> datetime | None:
        """Return the latest time at which a poll, a delivery or a post is recorded (UTC); None if there is none."""
        found = [
            (await self._connection.execute(select(func.max(column)))).scalar()
            for column in (sources.c.last_polled_at, deliveries.c.created_at, deliveries.c.sent_at)
        ]
        return max((at for at in found if at is not None), default=None)

    async def correct(self, now: datetime, *, step: timedelta, lease: timedelta) -> None:
        """Correct the times that were stored before the clock was set back by `step` to `now` (UTC).

        What waits for a retry, an edit, its pace or a check is due now, because how long it still has to wait cannot
        be known. A feed is polled when it would have been. No lease lasts longer than `lease` from now. A repeated call
        changes nothing more.
        """
        await self._count(update(deliveries).where(pending(deliveries), deliveries.c.due_at > now).values(due_at=now))
        for column in (channels.c.next_post_at, channels.c.recheck_at):
            await self._count(update(channels).where(column > now).values({column.name: now}))
        for table in _LEASED:
            until = table.c.leased_until
            await self._count(update(table).where(until > now + lease).values(leased_until=now + lease))
        await self._correct_attempts(now, step)
        await self._correct_polls(now)

    async def channels_ahead(self, now: datetime, *, latest_digest: datetime) -> tuple[int, ...]:
        """Return the ids of channels with outcomes or a digest after `now`, or a next digest after `latest_digest`."""
        decided = select(outcomes.c.channel_id).where(outcomes.c.decided_at > now)
        has_digest = or_(channels.c.last_digest_at > now, channels.c.next_digest_at > latest_digest)
        rows = await self._all(select(channels.c.id).where(or_(channels.c.id.in_(decided), has_digest)))
        return tuple(sorted(row.id for row in rows))

    async def correct_outcomes(self, channel_id: int, now: datetime, *, reported_until: datetime | None) -> None:
        """Move the channel's outcomes after `now` to `now`, and those up to `reported_until` to an hour before."""
        own = update(outcomes).where(outcomes.c.channel_id == channel_id, outcomes.c.decided_at > now)
        if reported_until is not None:
            await self._count(own.where(outcomes.c.decided_at <= reported_until).values(decided_at=now - _REPORTED))
        await self._count(own.values(decided_at=now))

    async def _correct_attempts(self, now: datetime, step: timedelta) -> None:
        """Let the messages of attempts after `now`, which may be posted, be looked up from long enough before `now` on.

        The platform has their true time, which is the recorded one if the clock is wrong only now.
        """
        await self._count(
            update(deliveries)
            .where(
                deliveries.c.state.in_((DeliveryState.SENDING, DeliveryState.UNKNOWN)),
                func.coalesce(deliveries.c.tried_at, deliveries.c.created_at) > now,
            )
            .values(
                tried_at=func.coalesce(deliveries.c.tried_at, deliveries.c.created_at),
                created_at=now - 2 * step - _DOWN,
            )
        )

    async def _correct_polls(self, now: datetime) -> None:
        """Let each feed that was polled "in the future" wait as long from now as it should have waited from then."""
        polled_at = func.coalesce(sources.c.last_polled_at, sources.c.created_at)
        waiting = select(sources.c.id, sources.c.next_poll_at, polled_at.label("polled_at"))
        for row in await self._all(waiting.where(sources.c.next_poll_at > now, polled_at > now)):
            due = now + max(row.next_poll_at - row.polled_at, timedelta(0))
            moved = {"next_poll_at": due, "last_polled_at": now}
            await self._count(update(sources).where(sources.c.id == row.id).values(moved))
