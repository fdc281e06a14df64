"""The outbox of a channel, posted by hand with a clock that tests move."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.answers.answer import Note, Notice
from handlers.answers.parts import Quote
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import Deliver
from handlers.delivery.recheck import ChannelAccess
from handlers.ports import LookUp, PostError
from handlers.rules.refusals import RefusalKind
from storage.deliveries import NewDelivery
from storage.records import Channel, ChannelState, DeliveryKind, DeliveryState
from storage.store import Store
from tests.support.answers import LEAD
from tests.support.discord_guild import CHANNEL_ID
from tests.support.discord_server import DiscordServer

CREATE = "POST /api/v10/channels/{channel}/messages"
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD)


@dataclass
class Outbox:
    store: Store
    server: DiscordServer
    deliver: Deliver
    access: ChannelAccess
    channel: Channel
    now: datetime
    http_clock: Any = None
    """The clock of the rate limits, which moves as well."""

    async def enqueue(self, text: str, *, parent: int | None = None) -> int:
        """Enqueue a notice, or a note in the thread of the delivery `parent`; return the delivery's id."""
        async with self.store.begin() as tx:
            delivery, _ = await tx.deliveries.enqueue(
                NewDelivery(
                    channel_id=self.channel.id,
                    kind=DeliveryKind.NOTICE if parent is None else DeliveryKind.NOTE,
                    subject=text,
                    key=f"key{text}",
                    due_at=self.now,
                    parent_id=parent,
                    body=serialize(Notice(text=text) if parent is None else NOTE),
                ),
                self.now,
            )
        return delivery.id

    async def post(self, rounds: int = 6) -> None:
        """Check blocked channels and post what is due, in several rounds 20 minutes apart."""
        for _ in range(rounds):
            self.server.clock = lambda now=self.now: now.timestamp()  # type: ignore[misc]
            await self.access.check_due(self.now)
            await self.deliver.run_once(self.now)
            self.now += timedelta(minutes=20)
            if self.http_clock is not None:
                self.http_clock.ahead_s += 20 * 60

    async def state(self, id: int) -> tuple[DeliveryState, str | None]:
        """Return the state of the delivery and its reason."""
        async with self.store.read() as tx:
            delivery = await tx.deliveries.get(id)
        assert delivery is not None
        return delivery.state, delivery.reason

    async def paused_reason(self) -> str | None:
        """Return why the channel's subscription is paused; None where it is not."""
        async with self.store.read() as tx:
            (subscription,) = await tx.subscriptions.of_channel(self.channel.id)
        return subscription.paused_reason

    async def blocked_reason(self) -> str:
        """Return why the bot cannot post in the channel; empty if it can."""
        async with self.store.read() as tx:
            found = await tx.channels.get(self.channel.id)
        return "" if found is None or found.gone_reason is None else found.gone_reason

    async def channel_states(self) -> list[ChannelState]:
        """Return the states of all channels of the server."""
        async with self.store.read() as tx:
            return [channel.state for channel in await tx.channels.of(self.channel.workspace_id)]


def texts(server: DiscordServer, channel: int = CHANNEL_ID) -> list[str]:
    """Return the texts of the messages in a channel."""
    return [message["embeds"][0]["description"] for message in server.messages[str(channel)]]


def kind_of(error: PostError) -> RefusalKind | None:
    """Return the kind of the refusal; None if the post may have arrived."""
    return None if error.refusal is None else error.refusal.kind


def looking_for(key: str, thread: str | None = None, *, since: datetime | None = None) -> LookUp:
    """Return a lookup of a message that was posted just now, or after `since` (UTC)."""
    now = datetime.now(UTC)
    since = since or now - timedelta(minutes=1)
    return LookUp(key=key, thread=thread, since=since, until=max(since, now), now=now)
