"""What stands in the channels before a batch of articles is decided: read at once, and kept up to the decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from handlers.rules.alerting import can_see
from handlers.rules.pacing import BURST_ALERTS, BURST_WINDOW
from storage.records import Article, Channel, DeliveryState, Match, Subscription, Topic, Workspace
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article in its story, as the channels will hear of it."""

    article: Article
    matches: tuple[Match, ...]
    story_id: int
    is_copy: bool
    """Its words bring nothing new to the story."""
    grows: bool
    """The story was there before it."""


@dataclass(slots=True, kw_only=True)
class PostedAlert:
    """An alert of a story in a channel."""

    channel_id: int
    story_id: int
    state: DeliveryState
    is_current: bool = True
    """False where another alert of the channel took over the story."""
    id: int | None = None
    """None: it is not stored yet."""


class ChannelState:
    """Subscriptions, alerts, mutes, bursts and workspaces that a batch of reports has to do with."""

    def __init__(self, topics: Mapping[int, Topic]) -> None:
        self._topics = topics
        self._subscriptions: dict[int, list[tuple[Subscription, Channel]]] = {}
        self._channels: dict[int, Channel] = {}
        self._workspaces: dict[int, Workspace] = {}
        self._alerts: dict[int, list[PostedAlert]] = {}
        self._muted: frozenset[tuple[int, str]] = frozenset()
        self._started: dict[int, int] = {}

    @classmethod
    async def read(cls, tx: Tx, reports: Sequence[Report], topics: Mapping[int, Topic], now: datetime) -> Self:
        """A statement for each kind of thing, and none for what the reports have nothing to do with."""
        self = cls(topics)
        topic_ids = sorted({match.topic_id for report in reports for match in report.matches})
        for subscription, channel in await tx.subscriptions.for_topics(topic_ids):
            self._subscriptions.setdefault(subscription.topic_id, []).append((subscription, channel))
            self._channels[channel.id] = channel
        deciding = list(self._channels.values())
        story_ids = {report.story_id for report in reports if report.grows}
        for alert in await tx.deliveries.alerts_of(story_ids):
            if alert.story_id is not None:
                self._alerts.setdefault(alert.story_id, []).append(
                    PostedAlert(
                        channel_id=alert.channel_id,
                        story_id=alert.story_id,
                        state=alert.state,
                        is_current=alert.subject == str(alert.story_id),
                        id=alert.id,
                    )
                )
        alerted = {alert.channel_id for alerts in self._alerts.values() for alert in alerts}
        self._channels |= await tx.channels.by_ids(alerted - self._channels.keys())
        self._workspaces = await tx.workspaces.by_ids(channel.workspace_id for channel in deciding)
        self._started = await tx.outcomes.count_alerts_of((channel.id for channel in deciding), now - BURST_WINDOW)
        subjects = {_muted_story(id) for id in story_ids} | {_muted_source(one.article.source_id) for one in reports}
        self._muted = await tx.mutes.among_channels(self._channels, subjects)
        return self

    def subscribed(self, report: Report) -> list[tuple[Channel, list[Subscription]]]:
        """The channels that may see the article and subscribe to a topic of it that their workspace may see."""
        pairs = [pair for match in report.matches for pair in self._subscriptions.get(match.topic_id, ())]
        found: dict[int, tuple[Channel, list[Subscription]]] = {}
        for subscription, channel in sorted(pairs, key=lambda pair: (pair[1].id, pair[0].id)):
            topic = self._topics.get(subscription.topic_id)
            if topic is None or not can_see(channel.workspace_id, topic.workspace_id):
                continue
            if can_see(channel.workspace_id, report.article.workspace_id):
                found.setdefault(channel.id, (channel, []))[1].append(subscription)
        return list(found.values())

    def workspace(self, id: int) -> Workspace | None:
        return self._workspaces.get(id)

    def alert(self, channel_id: int, story_id: int) -> PostedAlert | None:
        """The one alert that the channel has for the story."""
        alerts = self._alerts.get(story_id, ())
        return next((one for one in alerts if one.channel_id == channel_id and one.is_current), None)

    def growing(self, report: Report) -> list[Channel]:
        """The channels whose alerts of the story are edited for this article: they may see it and did not mute it."""
        found = []
        for alert in self._alerts.get(report.story_id, ()):
            channel = self._channels.get(alert.channel_id)
            if alert.state is DeliveryState.DEAD or channel is None or self.is_muted(channel.id, report):
                continue
            if can_see(channel.workspace_id, report.article.workspace_id):
                found.append(channel)
        return found

    def is_muted(self, channel_id: int, report: Report) -> bool:
        """Whether the channel muted the story or the source."""
        subjects = _muted_story(report.story_id), _muted_source(report.article.source_id)
        return any((channel_id, subject) in self._muted for subject in subjects)

    def is_burst(self, channel_id: int) -> bool:
        return self._started.get(channel_id, 0) >= BURST_ALERTS

    def start(self, alert: PostedAlert) -> None:
        """The batch decided on this alert."""
        self._alerts.setdefault(alert.story_id, []).append(alert)
        self._started[alert.channel_id] = self._started.get(alert.channel_id, 0) + 1


def _muted_story(id: int) -> str:
    return f"story:{id}"


def _muted_source(id: int) -> str:
    return f"source:{id}"
