"""The entry to alerts: what matched articles become in each subscribed channel is decided, stored and enqueued.

`handlers/rules/alerting.py` holds the decision itself (an alert, part of one, or held), `decision_batch.py` applies it
to each article and channel, and `channel_state.py` loads what it depends on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.alerts.batch_deliveries import BatchDeliveries
from handlers.alerts.channel_state import ChannelState, StoryArticle
from handlers.alerts.decision_batch import DecisionBatch
from handlers.alerts.grouping import ChannelGrouping
from handlers.alerts.thread_notes import ThreadNotes
from handlers.stories.changes import Change
from storage.records import Source, Topic
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
        for position in range(len(articles)):
            await batch.decide(position)
        return await self._finish(batch)

    async def revise(self, article: StoryArticle, changes: Sequence[Change]) -> int:
        """Decide on an article that its publisher changed: edit its alerts, and note each change in their threads.

        Channels that have no outcome for the article yet decide on it now, as its new text may match more topics.
        Returns the number of deliveries created.
        """
        batch = await self._begin([await self._with_stories(article)])
        await batch.revise(changes)
        return (await self._finish(batch))[0]

    async def complete(self, article: StoryArticle) -> int:
        """Edit the alerts of an article that gained an address, author, picture or date, but no news."""
        batch = await self._begin([await self._with_stories(article)])
        batch.request_edits(0)
        return (await self._finish(batch))[0]

    async def _with_stories(self, article: StoryArticle) -> StoryArticle:
        """Return a stored article with the stories to which it belongs in single workspaces and channels."""
        corrected = (await self.tx.story_corrections.of_articles([article.article.id])).get(article.article.id, {})
        return replace(article, corrected=corrected, decided=await self.tx.outcomes.stories_of(article.article.id))

    async def _begin(self, articles: Sequence[StoryArticle]) -> DecisionBatch:
        channel_state = await ChannelState.load(self.tx, articles, self.topics, self.source, self.now)
        return DecisionBatch(
            tx=self.tx,
            now=self.now,
            source=self.source,
            articles=articles,
            channel_state=channel_state,
            notes=ThreadNotes(self.tx, articles, self.now),
            grouping=ChannelGrouping(self.tx, channel_state, self.now),
            deliveries=BatchDeliveries(tx=self.tx, now=self.now, articles=articles, channel_state=channel_state),
        )

    async def _finish(self, batch: DecisionBatch) -> list[int]:
        created = await batch.store()
        self.enqueued += sum(created) + batch.edits.total()
        return created
