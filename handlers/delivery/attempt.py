"""One attempt to deliver: compose the message, post or edit it, and classify the outcome. Stores no outcome."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from handlers.answers.answer import Post
from handlers.answers.serialize import DeserializeError, deserialize, serialize
from handlers.delivery.added import compose_rest
from handlers.delivery.compose import NothingToShow, compose_alert
from handlers.delivery.settle import Dead, Edited, Result, Retry, Sent, judge, judge_fault
from handlers.ports import Messenger, PostError, PostFailure
from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

CLOCK_SKEW: Final = timedelta(minutes=10)
"""How far a platform's clock may be behind ours when we look for a message that we posted."""

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
        """Post or edit the message once and return the outcome. Raises: StorageError."""
        may_be_posted = delivery.state is DeliveryState.UNKNOWN
        try:
            if delivery.state is DeliveryState.SENT and delivery.external_ref is not None:
                return await self._edit(channel, delivery, delivery.external_ref, await self._thread(delivery))
            thread = await self._thread(delivery)
            if may_be_posted:
                found = await self._find(channel, delivery, thread)
                if found is not None:
                    return found
                may_be_posted = False
            return await self._post(channel, delivery, thread, clock)
        except PostError as error:
            jitter = random.random()  # noqa: S311
            return judge(error, delivery, now=clock(), jitter=jitter, may_be_posted=may_be_posted)
        except (NothingToShow, DeserializeError) as error:
            return Dead(reason=str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # A bug in composing or rendering this message must not stop the other deliveries.
            logger.exception("Delivery %s failed because of an internal error", delivery.id)
            return judge_fault(error, delivery, now=clock(), jitter=random.random())  # noqa: S311

    async def _edit(self, channel: Channel, delivery: Delivery, ref: str, thread: str | None) -> Result:
        messenger = self._messengers[channel.platform]
        composed = await self._compose(channel, delivery, messenger)
        await self._call(messenger.edit(channel, ref, composed.post, thread=thread))
        return Edited(version=composed.version)

    async def _find(self, channel: Channel, delivery: Delivery, thread: str | None) -> Result | None:
        """Look for the message that an earlier attempt may have posted."""
        messenger = self._messengers[channel.platform]
        since = delivery.created_at - CLOCK_SKEW
        ref = await self._call(messenger.find(channel, delivery.key, since=since, thread=thread))
        # The posted content is unknown. Assuming the first version causes one more edit if the story has grown.
        return None if ref is None else Sent(ref=ref, version=1)

    async def _post(self, channel: Channel, delivery: Delivery, thread: str | None, clock: Clock) -> Result:
        messenger = self._messengers[channel.platform]
        composed = await self._compose(channel, delivery, messenger)
        if delivery.leased_until is not None and clock() + self._call_timeout > delivery.leased_until:
            # This process was suspended. The lease could end, and another process claim the delivery, during the call.
            return Retry(reason="The lease ends too soon to post.", due_at=clock(), may_be_posted=False)
        ref = await self._call(messenger.post(channel, composed.post, key=delivery.key, thread=thread))
        return Sent(ref=ref, version=composed.version)

    async def _thread(self, delivery: Delivery) -> str | None:
        """Return the ref of the message in whose thread the delivery is posted."""
        if delivery.parent_id is None:
            return None
        async with self._store.read() as tx:
            parent = await tx.deliveries.get(delivery.parent_id)
        if parent is None or parent.external_ref is None:
            raise PostError("The alert of this note is not posted.", failure=PostFailure.LATER)
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
            raise PostError("The platform did not answer in time.", failure=PostFailure.PERHAPS) from error
