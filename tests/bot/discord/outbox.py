"""The outbox of a channel, posted by hand with a clock that tests move."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.answers.answer import Note, Notice
from handlers.answers.parts import Quote
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import Deliver
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
    deliver: Deliver
    channel: Channel
    now: datetime

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
        """Post what is due, in several rounds 20 minutes apart, so that retries become due."""
        for _ in range(rounds):
            await self.deliver.run_once(self.now)
            self.now += timedelta(minutes=20)

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

    async def channel_states(self) -> list[ChannelState]:
        """Return the states of all channels of the server."""
        async with self.store.read() as tx:
            return [channel.state for channel in await tx.channels.of(self.channel.workspace_id)]


def texts(server: DiscordServer, channel: int = CHANNEL_ID) -> list[str]:
    """Return the texts of the messages in a channel."""
    return [message["embeds"][0]["description"] for message in server.messages[str(channel)]]
