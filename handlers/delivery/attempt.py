"""One attempt to deliver: compose the message, look it up if it may be posted already, then post or edit it.

Returns the result, and `settle.py` stores it. What follows from a failure is decided in `retry.py`.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from handlers.answers.answer import Post
from handlers.answers.serialize import DeserializeError, deserialize, serialize
from handlers.delivery.added_headlines import compose_rest
from handlers.delivery.compose import NothingToShow, compose_alert
from handlers.delivery.results import Dead, Edited, Result, Retry, Sent
from handlers.delivery.retry import judge_failure, judge_fault
from handlers.ports import LookUp, Messenger, PostError, Rendering, not_now
from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

_TOGETHER: Final = timedelta(minutes=5)
"""Posts of one channel that were tried within this time are looked up together."""

T = TypeVar("T")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    post: Post
    version: int


class Attempts:
    """Attempts deliveries that the caller has claimed. No transaction is open while the platform is called."""

    def __init__(self, store: Store, messengers: Mapping[Platform, Messenger], *, call_timeout: timedelta) -> None:
        self._store = store
        self._messengers = messengers
        self._call_timeout = call_timeout

    async def attempt(self, channel: Channel, delivery: Delivery, clock: Clock) -> Result:
        """Post or edit the message once and return the result. Raises: StorageError."""
        may_be_posted = delivery.state is DeliveryState.UNKNOWN
        try:
            if delivery.state is DeliveryState.SENT and delivery.external_ref is not None:
                return await self._edit(channel, delivery, delivery.external_ref, await self._thread(channel, delivery))
            thread = await self._thread(channel, delivery)
            if may_be_posted:
                found = await self._find(channel, delivery, thread, clock())
                if found is not None:
                    return found
                may_be_posted = False
                begun = await self._begin_again(delivery, clock())
                if begun is None:
                    return Retry(reason="Another process took over.", due_at=clock(), may_be_posted=True)
                delivery = begun
            return await self._post(channel, delivery, thread, clock)
        except PostError as error:
            jitter = random.random()  # noqa: S311
            return judge_failure(error, delivery, now=clock(), jitter=jitter, may_be_posted=may_be_posted)
        except NothingToShow as error:  # its articles were deleted, so nobody misses it
            return Dead(reason=str(error), is_reported=False)
        except DeserializeError as error:
            return Dead(reason=str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # A bug in composing or rendering this message must not stop the other deliveries.
            logger.exception("Delivery %s failed because of an internal error", delivery.id)
            return judge_fault(error, delivery, now=clock(), jitter=random.random())  # noqa: S311

    async def _edit(self, channel: Channel, delivery: Delivery, ref: str, thread: str | None) -> Result:
        messenger = self._messengers[channel.platform]
        composed = await self._compose(channel, delivery, messenger)
        for rendering in Rendering:
            try:
                await self._call(messenger.edit(channel, ref, composed.post, thread=thread, rendering=rendering))
                break
            except PostError as error:
                _require_simpler(error, rendering)
        return Edited(version=composed.version)

    async def _find(self, channel: Channel, delivery: Delivery, thread: str | None, now: datetime) -> Result | None:
        """Look for the message that an earlier attempt may have posted."""
        messenger = self._messengers[channel.platform]
        async with self._store.read() as tx:
            uncertain = await tx.deliveries.uncertain(channel.id, delivery.parent_id)
        since, until = _period(delivery, uncertain, now)
        look_up = LookUp(key=delivery.key, thread=thread, since=since, until=until + self._call_timeout, now=now)
        ref = await self._call(messenger.find(channel, look_up))
        # The posted content is unknown. Assuming the first version causes one more edit if the story has grown.
        return None if ref is None else Sent(ref=ref, version=1)

    async def _begin_again(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Record that the message is posted again from now on, so that a later lookup looks for it around this time."""
        async with self._store.begin() as tx:
            return await tx.deliveries.begin_again(delivery, now)

    async def _post(self, channel: Channel, delivery: Delivery, thread: str | None, clock: Clock) -> Result:
        """Post the message; if the platform refuses its content, without its pictures, and then as plain text."""
        messenger = self._messengers[channel.platform]
        composed = await self._compose(channel, delivery, messenger)
        for rendering in Rendering:
            if delivery.leased_until is not None and clock() + self._call_timeout > delivery.leased_until:
                # The process was suspended. Its lease could end during the call, and another process then posts.
                return Retry(reason="The lease ends too soon to post.", due_at=clock(), may_be_posted=False)
            call = messenger.post(channel, composed.post, key=delivery.key, thread=thread, rendering=rendering)
            try:
                return Sent(ref=await self._call(call), version=composed.version)
            except PostError as error:
                _require_simpler(error, rendering)
        raise AssertionError("the last rendering returns or raises")

    async def _thread(self, channel: Channel, delivery: Delivery) -> str | None:
        """Return the ref of the message in whose thread the delivery is posted."""
        if delivery.parent_id is None:
            return None
        async with self._store.read() as tx:
            parent = await tx.deliveries.get(delivery.parent_id)
        if parent is None or parent.external_ref is None:
            raise not_now("The alert of this note is not posted.", platform=channel.platform, alone=True)
        return parent.external_ref

    async def _compose(self, channel: Channel, delivery: Delivery, messenger: Messenger) -> _Composed:
        if delivery.kind is DeliveryKind.ALERT and delivery.body is None:
            async with self._store.read() as tx:
                current = await tx.deliveries.get(delivery.id) or delivery
                if current.story_id is None:
                    raise NothingToShow("The alert has no story.")
                alert = await compose_alert(tx, channel, current.story_id)
            return _Composed(post=alert, version=current.wanted_version)
        if delivery.kind is DeliveryKind.NOTE and delivery.body is None:
            async with self._store.read() as tx:
                current = await tx.deliveries.get(delivery.id) or delivery
                note = await compose_rest(tx, channel, current.story_id or 0)
            return _Composed(post=note, version=current.wanted_version)
        post = deserialize(delivery.body or {})
        parts = messenger.split(post)
        if len(parts) > 1:
            post = await self._split(delivery, parts)
        return _Composed(post=post, version=delivery.wanted_version)

    async def _split(self, delivery: Delivery, parts: Sequence[Post]) -> Post:
        """Make the delivery its first part, and enqueue a delivery for each further part before the first is posted."""
        async with self._store.begin() as tx:
            await tx.deliveries.set_body(delivery.id, serialize(parts[0]))
            further = [
                NewDelivery(
                    channel_id=delivery.channel_id,
                    kind=delivery.kind,
                    subject=f"{delivery.subject}#{number}",
                    due_at=delivery.due_at,
                    story_id=delivery.story_id,
                    parent_id=delivery.parent_id,
                    body=serialize(part),
                )
                for number, part in enumerate(parts[1:], start=2)
            ]
            await tx.deliveries.enqueue_many(further, delivery.created_at)
        return parts[0]

    async def _call(self, call: Awaitable[T]) -> T:
        """Call the platform within the time limit. Raises: PostError."""
        try:
            async with asyncio.timeout(self._call_timeout.total_seconds()):
                return await call
        except TimeoutError as error:
            raise PostError("The platform did not answer in time.") from error


def _period(delivery: Delivery, uncertain: Sequence[Delivery], now: datetime) -> tuple[datetime, datetime]:
    """Return when the delivery and the others that may be posted were tried, first and last (UTC).

    Others count if they were tried within a few minutes. A delivery of an earlier version has no time of its attempt.
    """
    if delivery.tried_at is None:
        return delivery.created_at, now
    if delivery.tried_at > now:  # the clock was set back since, and storage/clock.py has moved the time of creation
        return min(delivery.created_at, now), delivery.tried_at
    times = [other.tried_at for other in uncertain if other.tried_at is not None]
    together = [at for at in times if abs(at - delivery.tried_at) <= _TOGETHER]
    return min([delivery.tried_at, *together]), max([delivery.tried_at, *together])


def _require_simpler(error: PostError, rendering: Rendering) -> None:
    """Raise the error unless the platform refuses the content and a simpler rendering is left to try."""
    is_of_content = error.refusal is not None and error.refusal.of_content
    if not is_of_content or rendering is Rendering.PLAIN_TEXT:
        raise error
    logger.warning("A message is sent in a simpler form: %s", error)
