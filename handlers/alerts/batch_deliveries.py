"""The deliveries that follow from a batch of articles: alerts and notes, stored in the order of the decisions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.alerts.added_articles import enqueue_added
from handlers.alerts.channel_state import ChannelState, StoryAlert, StoryArticle
from handlers.answers.answer import Note
from handlers.answers.serialize import serialize
from storage.deliveries import NewDelivery
from storage.records import Channel, DeliveryKind, DeliveryState
from storage.store import Tx


@dataclass(slots=True, kw_only=True)
class BatchDeliveries:
    """Collects the deliveries of a batch, and stores them together."""

    tx: Tx
    now: datetime
    articles: Sequence[StoryArticle]
    channel_state: ChannelState
    created: Counter[int] = field(default_factory=Counter)
    """The number of created deliveries, by the article's position in the batch."""
    grown: set[tuple[int, int]] = field(default_factory=set)
    """Alerts that include further articles, by channel and story id."""
    _unstored: list[tuple[int, NewDelivery, StoryAlert | None]] = field(default_factory=list)
    """Deliveries to store: the article's position, the delivery, and its alert unless it is a note."""

    def create_alert(self, position: int, channel: Channel, story_id: int) -> StoryAlert:
        """Enqueue the alert that begins with the article at that position."""
        alert = StoryAlert(channel_id=channel.id, story_id=story_id, state=DeliveryState.PENDING)
        self.channel_state.add_alert(alert)
        if not self.articles[position].is_first:
            self.grown.add((channel.id, story_id))
        delivery = NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.ALERT,
            subject=str(story_id),
            due_at=self.now,
            story_id=story_id,
        )
        self._unstored.append((position, delivery, alert))
        return alert

    async def enqueue_note(self, position: int, alert: StoryAlert, key: str, note: Note) -> None:
        """Enqueue a note for the thread of the alert. `key` is unique among the notes of the story."""
        if alert.id is None:
            await self.store()
        delivery = NewDelivery(
            channel_id=alert.channel_id,
            kind=DeliveryKind.NOTE,
            subject=f"{alert.story_id}:{key}",
            due_at=self.now,
            story_id=alert.story_id,
            parent_id=alert.id,
            body=serialize(note),
        )
        self._unstored.append((position, delivery, None))

    async def store(self) -> None:
        """Store the deliveries decided so far in order, as channels receive them in the order of their ids."""
        unstored, self._unstored = self._unstored, []
        stored = await self.tx.deliveries.enqueue_many([delivery for _, delivery, _ in unstored], self.now)
        for (position, _, alert), (delivery, is_new) in zip(unstored, stored, strict=True):
            self.created[position] += is_new
            if alert is not None:
                alert.id = delivery.id

    async def show_added(self) -> None:
        """Enqueue the notes that show articles which alerts include under another headline."""
        alerts = {key: self.channel_state.alert(*key) for key in sorted(self.grown)}
        shown = {
            key: alert.id
            for key, alert in alerts.items()
            if alert is not None and alert.id is not None and alert.state is not DeliveryState.DEAD
        }
        if not shown:
            return
        positions = {article.article.id: position for position, article in enumerate(self.articles)}
        channels = {channel_id: self.channel_state.channel(channel_id) for channel_id, _ in shown}
        for article_id in await enqueue_added(self.tx, shown, channels, self.now):
            self.created[positions.get(article_id, len(self.articles) - 1)] += 1
