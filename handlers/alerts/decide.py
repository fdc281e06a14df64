"""Decide what a matched article becomes in each subscribed channel (an alert, part of one, or held), and enqueue it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.alerts.added import DEBOUNCE, enqueue_added
from handlers.alerts.channel_state import ChannelState, StoryAlert, StoryArticle
from handlers.alerts.thread_notes import ThreadNotes
from handlers.answers.answer import Note
from handlers.answers.serialize import serialize
from handlers.answers.times import zone_of
from handlers.rules.alerting import Case, Decision, decide, is_old
from handlers.rules.pacing import quiet_until
from handlers.stories.changes import Change
from storage.deliveries import NewDelivery
from storage.records import (
    Channel,
    DeliveryKind,
    DeliveryState,
    Outcome,
    OutcomeState,
    Source,
    Subscription,
    Topic,
)
from storage.store import Tx


@dataclass(slots=True)
class AlertQueue:
    """Enqueues the alerts, edits and notes that follow from the articles of one source, in one transaction."""

    tx: Tx
    now: datetime
    source: Source
    topics: Mapping[int, Topic]
    enqueued: int = 0
    """The number of deliveries created and of edits requested."""

    async def add(self, articles: Sequence[StoryArticle]) -> list[int]:
        """Decide on new articles, in order, for every subscribed channel.

        Returns the number of deliveries that each article created.
        """
        batch = await self._begin(articles)
        for position, article in enumerate(articles):
            if not article.is_first:
                channels = batch.request_edits(article)
                batch.grown.update((channel.id, article.story_id) for channel in channels)
            await batch.decide(position)
        return await self._finish(batch)

    async def revise(self, article: StoryArticle, changes: Sequence[Change]) -> int:
        """Decide on an article that its publisher changed: edit its alerts, and note each change in their threads.

        Channels that have no outcome for the article yet decide on it now, as its new text may match more topics.
        Returns the number of deliveries created.
        """
        batch = await self._begin([article])
        channels = batch.request_edits(article)
        await batch.note_changes(article, changes, channels)
        await batch.decide(0, except_channels=await self.tx.outcomes.channels_of(article.article.id))
        return (await self._finish(batch))[0]

    async def complete(self, article: StoryArticle) -> int:
        """Edit the alerts of an article that gained an address, author, picture or date, but no news."""
        batch = await self._begin([article])
        batch.request_edits(article)
        return (await self._finish(batch))[0]

    async def _begin(self, articles: Sequence[StoryArticle]) -> "_DecisionBatch":
        return _DecisionBatch(
            tx=self.tx,
            now=self.now,
            source=self.source,
            articles=articles,
            channel_state=await ChannelState.load(self.tx, articles, self.topics, self.now),
            notes=ThreadNotes(self.tx, articles),
        )

    async def _finish(self, batch: "_DecisionBatch") -> list[int]:
        created = await batch.store()
        self.enqueued += sum(created) + batch.edits.total()
        return created


@dataclass(slots=True, kw_only=True)
class _DecisionBatch:
    """Decisions on the articles of a batch: made in memory, in order, and stored together."""

    tx: Tx
    now: datetime
    source: Source
    articles: Sequence[StoryArticle]
    channel_state: ChannelState
    notes: ThreadNotes
    edits: Counter[tuple[int, int]] = field(default_factory=Counter)
    """The number of requested edits, by channel and story id."""
    grown: set[tuple[int, int]] = field(default_factory=set)
    """Alerts that include further articles, by channel and story id."""
    _created: Counter[int] = field(default_factory=Counter)
    """The number of created deliveries, by the article's position in the batch."""
    _outcomes: list[tuple[StoryArticle, Channel, Decision, StoryAlert | None]] = field(default_factory=list)
    _unstored: list[tuple[int, NewDelivery, StoryAlert | None]] = field(default_factory=list)
    """Deliveries to store: the article's position, the delivery, and its alert unless it is a note."""

    def request_edits(self, article: StoryArticle) -> list[Channel]:
        """Request an edit of the story's alert in every channel that shows the article. Returns these channels."""
        channels = self.channel_state.channels_to_edit(article)
        self.edits.update((channel.id, article.story_id) for channel in channels)
        return channels

    async def decide(self, position: int, *, except_channels: frozenset[int] = frozenset()) -> None:
        """Decide on the article at that position for every subscribed channel but these."""
        article = self.articles[position]
        for channel, subscriptions in self.channel_state.subscribed(article):
            if channel.id in except_channels:
                continue
            alert = self.channel_state.alert(channel.id, article.story_id)
            decision = self._decide(article, channel, subscriptions, alert)
            match decision.state:
                case OutcomeState.ALERT:
                    alert = self._create_alert(position, channel)
                case OutcomeState.MERGED:
                    if alert is not None and not article.is_copy and alert.state is not DeliveryState.DEAD:
                        for key, note in await self.notes.new_facts(position, channel):
                            await self._enqueue_note(position, alert, key, note)
                case OutcomeState.HELD:
                    alert = None
            self._outcomes.append((article, channel, decision, alert))

    def _decide(
        self, article: StoryArticle, channel: Channel, subscriptions: Sequence[Subscription], alert: StoryAlert | None
    ) -> Decision:
        workspace = self.channel_state.workspace(channel.workspace_id)
        quiet = workspace is not None and quiet_until(
            self.now, zone_of(workspace.time_zone).key, workspace.quiet_from, workspace.quiet_until
        )
        return decide(
            Case(
                subscriptions=subscriptions,
                language=article.article.language,
                workspace_languages=() if workspace is None else workspace.languages,
                has_alert=alert is not None,
                is_muted=self.channel_state.is_muted(channel.id, article),
                is_old=is_old(article.article.published_at, self.source, self.now),
                is_quiet=bool(quiet),
                is_burst=self.channel_state.is_burst(channel.id),
            )
        )

    def _create_alert(self, position: int, channel: Channel) -> StoryAlert:
        story_id = self.articles[position].story_id
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

    async def note_changes(self, article: StoryArticle, changes: Sequence[Change], channels: Iterable[Channel]) -> None:
        """Enqueue a note for each change to the threads of the posted alerts in these channels."""
        for channel in channels:
            alert = self.channel_state.alert(channel.id, article.story_id)
            # Before the alert is posted, nobody has read the old text.
            if alert is None or alert.state in (DeliveryState.PENDING, DeliveryState.FAILED):
                continue
            for key, note in await self.notes.changes(article, changes, channel):
                await self._enqueue_note(0, alert, key, note)

    async def _enqueue_note(self, position: int, alert: StoryAlert, key: str, note: Note) -> None:
        if alert.id is None:
            await self._store_deliveries()
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

    async def _store_deliveries(self) -> None:
        """Store the deliveries decided so far in order, as channels receive them in the order of their ids."""
        unstored, self._unstored = self._unstored, []
        stored = await self.tx.deliveries.enqueue_many([delivery for _, delivery, _ in unstored], self.now)
        for (position, _, alert), (delivery, is_new) in zip(unstored, stored, strict=True):
            self._created[position] += is_new
            if alert is not None:
                alert.id = delivery.id

    async def store(self) -> list[int]:
        """Store all decisions. Returns the number of deliveries that each article created."""
        await self._store_deliveries()
        await self.tx.deliveries.request_edits(self.edits, due_at=self.now + DEBOUNCE)
        await self.tx.outcomes.add_many(
            [
                Outcome(
                    channel_id=channel.id,
                    article_id=article.article.id,
                    story_id=article.story_id,
                    state=decision.state,
                    reason=decision.reason,
                    delivery_id=None if alert is None else alert.id,
                    decided_at=self.now,
                )
                for article, channel, decision, alert in self._outcomes
            ]
        )
        await self._show_added()
        return [self._created[position] for position in range(len(self.articles))]

    async def _show_added(self) -> None:
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
            self._created[positions.get(article_id, len(self.articles) - 1)] += 1
