"""The state of the channels that a batch of articles concerns: loaded with a few statements, then kept in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from handlers.rules.alerting import can_see, is_first_reading
from handlers.rules.bursts import BURST_WINDOW, is_burst
from storage.records import Article, Channel, DeliveryState, Match, Source, Subscription, Topic, Workspace
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article with the story to which it was assigned."""

    article: Article
    matches: tuple[Match, ...]
    story_id: int
    is_copy: bool
    """Its text adds nothing new to the story."""
    is_first: bool
    """It started the story, so no channel has an alert for the story yet."""
    features: bytes
    """The result of `features.encode_features`."""
    corrected: Mapping[int, int] = field(default_factory=dict)
    """Its story in workspaces that corrected it, by workspace id."""
    decided: Mapping[int, int] = field(default_factory=dict)
    """Its story in channels that have an outcome for it, by channel id."""

    def story_in(self, channel: Channel) -> int:
        """Return the story to which it belongs in the channel."""
        return self.decided.get(channel.id) or self.corrected.get(channel.workspace_id, self.story_id)

    @property
    def story_ids(self) -> frozenset[int]:
        """The stories to which it belongs in any channel."""
        return frozenset({self.story_id, *self.corrected.values(), *self.decided.values()})


@dataclass(slots=True, kw_only=True)
class StoryAlert:
    """The alert for a story in a channel."""

    channel_id: int
    story_id: int
    state: DeliveryState
    is_current: bool = True
    """False if another alert of the channel superseded it."""
    id: int | None = None
    """The id of its delivery; None if that is not stored yet."""


class ChannelState:
    """Subscriptions, alerts, mutes, bursts and workspaces, as far as a batch of articles concerns them."""

    def __init__(self, topics: Mapping[int, Topic]) -> None:
        self._topics = topics
        self._subscriptions: dict[int, list[tuple[Subscription, Channel]]] = {}
        """By topic id."""
        self._channels: dict[int, Channel] = {}
        self._workspaces: dict[int, Workspace] = {}
        self._alerts: dict[int, list[StoryAlert]] = {}
        """By story id."""
        self._loaded: set[int] = set()
        """The stories whose alerts are loaded."""
        self._muted: frozenset[tuple[int, str]] = frozenset()
        """Pairs of a channel id and a muted subject."""
        self._recent_alerts: dict[int, int] = {}
        """The number of alerts within the burst window, by channel id."""
        self._sampled: set[int] | None = None
        """The channels that have had a sample of the source; None if the source is not a new feed."""
        self._added_at: datetime | None = None
        """When the new feed was added."""

    @classmethod
    async def load(
        cls, tx: Tx, articles: Sequence[StoryArticle], topics: Mapping[int, Topic], source: Source, now: datetime
    ) -> Self:
        """Load the state with one statement for each kind of row. `topics` are all topics, by id.

        `source` is the source that the articles arrived from.
        """
        self = cls(topics)
        if is_first_reading(source):
            self._sampled, self._added_at = set(await tx.outcomes.channels_sampling(source.id)), source.created_at
        topic_ids = sorted({match.topic_id for article in articles for match in article.matches})
        for subscription, channel in await tx.subscriptions.for_topics(topic_ids):
            self._subscriptions.setdefault(subscription.topic_id, []).append((subscription, channel))
            self._channels[channel.id] = channel
        subscribed = list(self._channels.values())
        story_ids = {id for article in articles if not article.is_first for id in article.story_ids}
        self._loaded.update(story_ids)
        await self._add_alerts(tx, story_ids)
        self._workspaces = await tx.workspaces.by_ids(channel.workspace_id for channel in subscribed)
        channel_ids = (channel.id for channel in subscribed)
        self._recent_alerts = await tx.outcomes.count_alerts_of(channel_ids, now - BURST_WINDOW)
        subjects = {_story_subject(id) for id in story_ids}
        subjects |= {_source_subject(article.article.source_id) for article in articles}
        self._muted = await tx.mutes.among_channels(self._channels, subjects)
        return self

    async def load_alerts(self, tx: Tx, story_ids: set[int]) -> None:
        """Load the alerts and mutes of further stories."""
        new = story_ids - self._loaded
        if not new:
            return
        self._loaded |= new
        await self._add_alerts(tx, new)
        self._muted |= await tx.mutes.among_channels(self._channels, {_story_subject(id) for id in new})

    async def _add_alerts(self, tx: Tx, story_ids: set[int]) -> None:
        for delivery in await tx.deliveries.alerts_of(story_ids):
            if delivery.story_id is not None:
                self._alerts.setdefault(delivery.story_id, []).append(
                    StoryAlert(
                        channel_id=delivery.channel_id,
                        story_id=delivery.story_id,
                        state=delivery.state,
                        is_current=delivery.subject == str(delivery.story_id),
                        id=delivery.id,
                    )
                )
        alerted = {alert.channel_id for alerts in self._alerts.values() for alert in alerts}
        self._channels |= await tx.channels.by_ids(alerted - self._channels.keys())

    def subscribed(self, article: StoryArticle) -> list[tuple[Channel, list[Subscription]]]:
        """Return the channels that subscribe to a topic of the article, with these subscriptions.

        Only channels whose workspace may see both the article and the topic are returned, in the order of their ids.
        """
        pairs = [pair for match in article.matches for pair in self._subscriptions.get(match.topic_id, ())]
        found: dict[int, tuple[Channel, list[Subscription]]] = {}
        for subscription, channel in sorted(pairs, key=lambda pair: (pair[1].id, pair[0].id)):
            topic = self._topics.get(subscription.topic_id)
            if topic is None or not can_see(channel.workspace_id, topic.workspace_id):
                continue
            if can_see(channel.workspace_id, article.article.workspace_id):
                found.setdefault(channel.id, (channel, []))[1].append(subscription)
        return list(found.values())

    def channel(self, id: int) -> Channel:
        return self._channels[id]

    def workspace(self, id: int) -> Workspace | None:
        return self._workspaces.get(id)

    def alert(self, channel_id: int, story_id: int) -> StoryAlert | None:
        """Return the channel's current alert for the story."""
        alerts = self._alerts.get(story_id, ())
        return next((alert for alert in alerts if alert.channel_id == channel_id and alert.is_current), None)

    def channels_to_edit(self, article: StoryArticle) -> list[Channel]:
        """Return the channels whose alert for the article's story must be edited to show the article.

        Leaves out channels that may not see the article, that muted its story or source, or whose alert is dead.
        """
        found = []
        for alert in [alert for story_id in sorted(article.story_ids) for alert in self._alerts.get(story_id, ())]:
            channel = self._channels.get(alert.channel_id)
            if alert.state is DeliveryState.DEAD or channel is None or article.story_in(channel) != alert.story_id:
                continue
            muted = self.is_muted(channel.id, article, alert.story_id)
            if not muted and can_see(channel.workspace_id, article.article.workspace_id):
                found.append(channel)
        return found

    def is_muted(self, channel_id: int, article: StoryArticle, story_id: int) -> bool:
        """Return whether the channel muted the story or the article's source."""
        subjects = _story_subject(story_id), _source_subject(article.article.source_id)
        return any((channel_id, subject) in self._muted for subject in subjects)

    def is_burst(self, channel_id: int) -> bool:
        """Return whether the channel has had so many alerts within the burst window that it gets no more."""
        return is_burst(self._recent_alerts.get(channel_id, 0))

    def is_back_catalogue(self, channel_id: int, article: Article) -> bool:
        """Return whether the article is older than its new feed, of which the channel has had its one sample."""
        if self._sampled is None or channel_id not in self._sampled:
            return False
        is_dated = article.published_at != article.received_at
        return not is_dated or self._added_at is None or article.published_at <= self._added_at

    def add_sample(self, channel_id: int) -> None:
        """Record that the channel gets, or will get in a digest, an article of the source."""
        if self._sampled is not None:
            self._sampled.add(channel_id)

    def add_alert(self, alert: StoryAlert) -> None:
        """Record an alert that was decided in this batch."""
        self._alerts.setdefault(alert.story_id, []).append(alert)
        self._recent_alerts[alert.channel_id] = self._recent_alerts.get(alert.channel_id, 0) + 1


def _story_subject(id: int) -> str:
    return f"story:{id}"


def _source_subject(id: int) -> str:
    return f"source:{id}"
