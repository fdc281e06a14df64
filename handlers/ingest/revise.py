"""Revise stored articles: apply what a publisher changed or added, match them again, and update their alerts."""

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.alerts.channel_state import StoryArticle
from handlers.alerts.decide import AlertQueue
from handlers.ingest.duplicates import ArticleRef
from handlers.ingest.prepare import IdentifiedDraft, PreparedArticle, prepare, visible_matches, visible_stops
from handlers.ingest.story_index import StoryAssigner
from handlers.queries.stopped_topics import record_stopped
from handlers.stories.changes import changes
from handlers.stories.templates import Template
from handlers.topics.matcher import Matcher
from storage.articles import Revision
from storage.records import Article, Match, Source
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviser:
    """Revises articles within the transaction of a batch."""

    tx: Tx
    source: Source
    now: datetime
    matcher: Matcher
    template: Template
    stories: StoryAssigner
    alert_queue: AlertQueue

    async def revise(self, ref: ArticleRef, identified: IdentifiedDraft, prepared: PreparedArticle | None) -> int:
        """Store the changed headline or text, edit the alerts, and note important changes in their threads.

        `prepared` is used if it has the draft's text. Returns the number of deliveries created.
        """
        tx, before = self.tx, ref.article
        text = identified.draft.text.strip() or before.text
        if prepared is None or prepared.text != text:
            prepared = prepare(identified.draft, self.source, self.matcher, before, template=self.template)
        article = ref.article = await tx.articles.revise(
            before.id,
            Revision(
                title=prepared.title,
                text=prepared.text,
                highlights=prepared.highlights,
                features=prepared.features,
                image_url=prepared.image_url,
            ),
            revised_at=self.now,
        )
        await tx.search.put(article.id, prepared.words)
        await tx.set_aside.remove_article(article.id)  # the batch then stores what the new version sets aside
        matches = visible_matches(article, prepared.matches, self.matcher.topics)
        await tx.matches.replace_for_article(article.id, matches)
        await tx.stops.remove_article(article.id)
        await self._record_stopped(article, prepared)
        self.stories.update(article, article.story_id, prepared.features)
        if article.story_id is None:
            return 0
        edits = changes(before.title, before.text, article.title, article.text)
        return await self.alert_queue.revise(
            _story_article(article, article.story_id, matches, prepared.features), edits
        )

    async def complete(self, ref: ArticleRef, identified: IdentifiedDraft) -> int:
        """Edit the alerts of an article that gained an address, author, picture or date, and match it again.

        Returns the number of deliveries created: topics can ask for an address, an author or a date.
        """
        article = ref.article
        draft = replace(identified.draft, title=article.title, text=article.text, language=article.language)
        prepared = prepare(draft, self.source, self.matcher, article)
        matches = visible_matches(article, prepared.matches, self.matcher.topics)
        stored = (await self.tx.matches.of_articles([article.id])).get(article.id, ())
        is_changed = {match.topic_id for match in matches} != {match.topic_id for match in stored}
        if is_changed:
            await self.tx.matches.replace_for_article(article.id, matches)
        await self._record_stopped(article, prepared)
        if article.story_id is None:
            return 0
        story_article = _story_article(article, article.story_id, matches, prepared.features)
        if is_changed:
            return await self.alert_queue.revise(story_article, ())
        return await self.alert_queue.complete(story_article)

    async def _record_stopped(self, article: Article, prepared: PreparedArticle) -> None:
        stopped = visible_stops(article, prepared.stopped, self.matcher.topics)
        await record_stopped(self.tx, {article.id: stopped}, self.matcher.topics, self.now)


def _story_article(article: Article, story_id: int, matches: tuple[Match, ...], features: bytes) -> StoryArticle:
    return StoryArticle(
        article=article, matches=matches, story_id=story_id, is_copy=True, is_first=False, features=features
    )
