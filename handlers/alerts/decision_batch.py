"""Decisions on the articles of a batch: made in memory, in order, and stored together."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from handlers.alerts.added_articles import DEBOUNCE
from handlers.alerts.batch_deliveries import BatchDeliveries
from handlers.alerts.channel_state import ChannelState, StoryAlert, StoryArticle
from handlers.alerts.grouping import ChannelGrouping
from handlers.alerts.thread_notes import ThreadNotes
from handlers.answers.times import zone_of
from handlers.rules.alerting import Case, Decision, decide, is_old
from handlers.rules.quiet_hours import quiet_until
from handlers.stories.changes import Change
from storage.outcomes import SAMPLE_REASONS
from storage.records import (
    Channel,
    DeliveryState,
    Outcome,
    OutcomeState,
    Source,
    Subscription,
)
from storage.store import Tx


class _Decided(NamedTuple):
    article: StoryArticle
    channel: Channel
    story_id: int
    decision: Decision
    alert: StoryAlert | None


class _Found(NamedTuple):
    """What a channel already has of the article's story and source."""

    has_alert: bool
    is_muted: bool
    is_back_catalogue: bool


@dataclass(slots=True, kw_only=True)
class DecisionBatch:
    """Decisions on the articles of a batch: made in memory, in order, and stored together."""

    tx: Tx
    now: datetime
    source: Source
    articles: Sequence[StoryArticle]
    channel_state: ChannelState
    notes: ThreadNotes
    grouping: ChannelGrouping
    deliveries: BatchDeliveries
    edits: Counter[tuple[int, int]] = field(default_factory=Counter)
    """The number of requested edits, by channel and story id."""
    _outcomes: list[_Decided] = field(default_factory=list)

    def request_edits(self, position: int) -> list[tuple[Channel, int]]:
        """Request an edit of the alert in every channel that shows the article. Returns channels and story ids."""
        article = self.articles[position]
        found = [(channel, article.story_in(channel)) for channel in self.channel_state.channels_to_edit(article)]
        self.edits.update((channel.id, story_id) for channel, story_id in found)
        return found

    async def decide(self, position: int) -> None:
        """Decide on the new article at that position for every subscribed channel, and edit the alerts that show it."""
        article = self.articles[position]
        alerted = [] if article.is_first else self.channel_state.channels_to_edit(article)
        decided = await self._decide_channels(position)
        elsewhere = {each.channel.id for each in decided if each.story_id != article.story_in(each.channel)}
        for channel in alerted:
            if channel.id not in elsewhere:
                self._grow(channel.id, article.story_in(channel))
        for each in decided:
            if each.channel.id in elsewhere and each.decision.state is OutcomeState.MERGED:
                self._grow(each.channel.id, each.story_id)

    def _grow(self, channel_id: int, story_id: int) -> None:
        self.edits[channel_id, story_id] += 1
        self.deliveries.grown.add((channel_id, story_id))

    async def revise(self, changes: Sequence[Change]) -> None:
        """Edit the alerts that show the only article, note each change, and decide where there is no outcome yet."""
        article = self.articles[0]
        await self._note_changes(article, changes, self.request_edits(0))
        await self._decide_channels(0, except_channels=article.decided.keys())

    async def _decide_channels(self, position: int, *, except_channels: Collection[int] = ()) -> list[_Decided]:
        """Decide on the article for every subscribed channel but these. Returns the decisions."""
        article = self.articles[position]
        decided: list[_Decided] = []
        for channel, subscriptions in self.channel_state.subscribed(article):
            if channel.id in except_channels:
                continue
            story_id = await self.grouping.story_of(article, channel, subscriptions)
            alert = self.channel_state.alert(channel.id, story_id)
            muted = self.channel_state.is_muted(channel.id, article, story_id)
            is_back_catalogue = self.channel_state.is_back_catalogue(channel.id, article.article)
            found = _Found(has_alert=alert is not None, is_muted=muted, is_back_catalogue=is_back_catalogue)
            decision = self._decide(article, channel, subscriptions, found)
            if decision.state is OutcomeState.ALERT or decision.reason in SAMPLE_REASONS:
                self.channel_state.add_sample(channel.id)
            match decision.state:
                case OutcomeState.ALERT:
                    alert = self.deliveries.create_alert(position, channel, story_id)
                case OutcomeState.MERGED:
                    is_news = not (article.is_copy or is_back_catalogue)
                    if alert is not None and is_news and alert.state is not DeliveryState.DEAD:
                        for key, note in await self.notes.new_facts(position, channel, story_id):
                            await self.deliveries.enqueue_note(position, alert, key, note)
                case OutcomeState.HELD:
                    alert = None
            decided.append(_Decided(article, channel, story_id, decision, alert))
        self._outcomes.extend(decided)
        return decided

    def _decide(
        self, article: StoryArticle, channel: Channel, subscriptions: Sequence[Subscription], found: _Found
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
                has_alert=found.has_alert,
                is_muted=found.is_muted,
                is_old=is_old(article.article.published_at, self.source, self.now) or found.is_back_catalogue,
                is_quiet=bool(quiet),
                is_burst=self.channel_state.is_burst(channel.id),
            )
        )

    async def _note_changes(
        self, article: StoryArticle, changes: Sequence[Change], alerted: Iterable[tuple[Channel, int]]
    ) -> None:
        """Enqueue a note for each change to the threads of the posted alerts, given by channel and story id."""
        for channel, story_id in alerted:
            alert = self.channel_state.alert(channel.id, story_id)
            # Before the alert is posted, nobody has read the old text.
            if alert is None or alert.state in (DeliveryState.PENDING, DeliveryState.FAILED):
                continue
            for key, note in await self.notes.changes(article, changes, channel):
                await self.deliveries.enqueue_note(0, alert, key, note)

    async def store(self) -> list[int]:
        """Store all decisions. Returns the number of deliveries that each article created."""
        await self.deliveries.store()
        await self.tx.deliveries.request_edits(self.edits, due_at=self.now + DEBOUNCE)
        await self.tx.outcomes.add_many(
            [
                Outcome(
                    channel_id=each.channel.id,
                    article_id=each.article.article.id,
                    story_id=each.story_id,
                    state=each.decision.state,
                    reason=each.decision.reason,
                    delivery_id=None if each.alert is None else each.alert.id,
                    decided_at=self.now,
                )
                for each in self._outcomes
            ]
        )
        await self.deliveries.show_added()
        return [self.deliveries.created[position] for position in range(len(self.articles))]
