"""Which story an article belongs to in a channel: its own, where a subscription groups strictly or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from handlers.alerts.channel_state import ChannelState, StoryArticle
from handlers.stories.same_report import ReportedArticle, is_same_report
from storage.channel_stories import EarlierArticle
from storage.records import Channel, Grouping, Subscription
from storage.store import Tx

_STRICTNESS: Final = (Grouping.NORMAL, Grouping.STRICT, Grouping.OFF)


class ChannelGrouping:
    """Groups the articles of a batch, in order. A story of its own is a row that only the channel's workspace uses."""

    def __init__(self, tx: Tx, channel_state: ChannelState, now: datetime) -> None:
        self._tx = tx
        self._channel_state = channel_state
        self._now = now
        self._earlier: dict[tuple[int, int], list[EarlierArticle]] = {}
        """The articles that were decided in a channel, by channel and story id, oldest first."""
        self._own: dict[tuple[int, int], int] = {}
        """The stories of single articles, by workspace and article id."""

    async def story_of(self, article: StoryArticle, channel: Channel, subscriptions: Sequence[Subscription]) -> int:
        """Return the story to which the article belongs in the channel, whose matched subscriptions these are.

        The strictest of the subscriptions that are not paused counts.
        """
        story_id = article.story_in(channel)
        grouping = max(
            (subscription.grouping for subscription in subscriptions if subscription.paused_reason is None),
            key=_STRICTNESS.index,
            default=Grouping.NORMAL,
        )
        if grouping is Grouping.NORMAL:
            return story_id
        earlier = await self._earlier_articles(channel, story_id)
        chosen = story_id if not earlier else None
        if grouping is Grouping.STRICT and earlier:
            report = ReportedArticle(article.article.title, article.article.publisher, article.features)
            same = (
                other.story_id
                for other in reversed(earlier)
                if is_same_report(report, ReportedArticle(other.title, other.publisher, other.features))
            )
            chosen = next(same, None)
        if chosen is None:
            chosen = await self._own_story(channel, article)
        earlier.append(
            EarlierArticle(
                article_id=article.article.id,
                story_id=chosen,
                title=article.article.title,
                publisher=article.article.publisher,
                features=article.features,
            )
        )
        await self._channel_state.load_alerts(self._tx, {chosen})
        return chosen

    async def _earlier_articles(self, channel: Channel, story_id: int) -> list[EarlierArticle]:
        key = channel.id, story_id
        if key not in self._earlier:
            self._earlier[key] = list(await self._tx.channel_stories.earlier(channel, story_id))
        return self._earlier[key]

    async def _own_story(self, channel: Channel, article: StoryArticle) -> int:
        key = channel.workspace_id, article.article.id
        if key not in self._own:
            story = await self._tx.stories.add(
                workspace_id=channel.workspace_id, lead_article_id=article.article.id, now=self._now
            )
            self._own[key] = story.id
        return self._own[key]
