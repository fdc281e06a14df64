"""A batch of drafts in one transaction: each is counted, stored or recognized, matched, and assigned to a story."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.alerts.channel_state import StoryArticle
from handlers.alerts.decide import AlertQueue
from handlers.drafts import Draft, FailedDraft
from handlers.ingest.corrections import inherit_corrections
from handlers.ingest.duplicates import ArticleLookup, ArticleRef
from handlers.ingest.prepare import (
    IdentifiedDraft,
    PreparedArticle,
    gained_fields,
    is_revised,
    moved_url,
    new_article,
    prepare,
    visible_matches,
    visible_stops,
)
from handlers.ingest.results import BatchResults, IngestResult, ProcessedDraft
from handlers.ingest.revise import Reviser
from handlers.ingest.set_aside import store_set_aside
from handlers.ingest.story_index import StoryAssigner
from handlers.queries.stopped_topics import record_stopped
from handlers.stories.templates import Template
from handlers.topics.matcher import Matcher
from storage.records import Source, Topic
from storage.store import Tx


class Batch:
    """Processes the drafts of one source in one transaction: decides one after another, writes many at once."""

    def __init__(
        self,
        tx: Tx,
        source: Source,
        now: datetime,
        *,
        matcher: Matcher,
        stories: StoryAssigner,
        template: Template,
    ) -> None:
        self._tx = tx
        self._source = source
        self._now = now
        self._matcher = matcher
        self._stories = stories
        self._template = template
        topics = matcher.topics
        self._pending: list[ProcessedDraft] = []
        """Processed drafts that are not stored yet."""
        self._results = BatchResults(tx, source, now, topics)
        self.alert_queue = AlertQueue(tx=tx, now=now, source=source, topics=topics)
        self._reviser = Reviser(
            tx=tx,
            source=source,
            now=now,
            matcher=matcher,
            template=template,
            stories=stories,
            alert_queue=self.alert_queue,
        )

    async def process(
        self,
        drafts: Sequence[Draft],
        identified: Sequence[IdentifiedDraft],
        prepared: Sequence[PreparedArticle | None],
        lookup: ArticleLookup,
    ) -> list[IngestResult]:
        """Store each draft or recognize it as a duplicate, and return the results in the order of the drafts.

        `identified` and `prepared` belong to the drafts that are articles, in order. `lookup` finds the articles that
        are stored now, and is changed.
        """
        articles = iter(zip(identified, prepared, strict=True))
        for position, draft in enumerate(drafts):
            if isinstance(draft, FailedDraft):
                self._results.add_failed(position, draft)
            else:
                await self._process(position, *next(articles), lookup)
        await self._store_pending()
        return await self._results.store()

    async def _process(
        self, position: int, identified: IdentifiedDraft, prepared: PreparedArticle | None, lookup: ArticleLookup
    ) -> None:
        draft = identified.draft
        ref = lookup.find(identified)
        if ref is None and not identified.keys:
            reason = "It has no title, no text and no address."
            self._results.add_failed(position, FailedDraft(origin=draft.origin, reason=reason, key=draft.key))
            return
        if ref is None and lookup.is_past(identified):
            self._results.add_past(position, draft)
            return
        if ref is None:
            prepared = prepared or prepare(draft, self._source, self._matcher, template=self._template)
            ref = ArticleRef(new_article(draft, prepared, self._source, self._now))
            processed = ProcessedDraft(position=position, identified=identified, ref=ref, prepared=prepared)
        else:
            deliveries = await self._update(ref, identified, prepared)
            processed = ProcessedDraft(position=position, identified=identified, ref=ref, deliveries=deliveries)
        processed.taken_keys = lookup.add(identified, ref)
        self._pending.append(processed)

    async def _update(self, ref: ArticleRef, identified: IdentifiedDraft, prepared: PreparedArticle | None) -> int:
        """Apply what the draft changes or adds. Returns the number of deliveries created."""
        revised = is_revised(ref.article, identified.draft, self._source)
        gained = gained_fields(ref.article, identified.draft, self._source)
        moved_to = moved_url(ref.article, identified.draft, self._source)
        if revised or gained or moved_to:
            await self._store_pending()  # the article itself may be pending
        if moved_to:  # posted alerts are not edited for it: a site that moves would have all of them edited
            ref.article = await self._tx.articles.complete(ref.article.id, {"url": moved_to})
        if gained:
            ref.article = await self._tx.articles.complete(ref.article.id, gained)
        if revised:
            return await self._reviser.revise(ref, identified, prepared)
        return await self._reviser.complete(ref, identified) if gained else 0

    async def _store_pending(self) -> None:
        """Store the pending drafts: first the articles, then their stories, then the alerts that follow."""
        pending, self._pending = self._pending, []
        new = [(draft, draft.prepared) for draft in pending if draft.prepared is not None]
        await _store_articles(self._tx, new, self._matcher.topics, self._now)
        workspace_id = self._source.workspace_id
        keys = [(draft.ref.article.id, draft.identified.keys) for draft in pending]
        await self._tx.identities.add_many(workspace_id, keys)
        for draft in pending:
            if draft.taken_keys:
                await self._tx.identities.take(workspace_id, draft.ref.article.id, draft.taken_keys)
        fingerprints = [(draft.ref.article.id, draft.identified.fingerprints) for draft in pending]
        await self._tx.fingerprints.add_many(workspace_id, fingerprints)
        await store_set_aside(self._tx, pending, workspace_id)
        assigned: list[ProcessedDraft] = []
        for draft in pending:
            if draft.prepared is not None:
                article, features = draft.ref.article, draft.prepared.features
                related = await self._stories.related(self._tx, article, features)
                if related.merges_stories and assigned:
                    # The alerts of earlier drafts are decided before the merge, while the stories are separate.
                    await self._decide_alerts(assigned)
                    assigned = []
                    related = await self._stories.related(self._tx, article, features)
                draft.assignment = await self._stories.assign(self._tx, article, features, related, self._now)
                if not draft.assignment.is_new and await self._tx.story_corrections.exist():
                    draft.corrected = await inherit_corrections(self._tx, article, related.articles, self._now)
            assigned.append(draft)
        await self._decide_alerts(assigned)

    async def _decide_alerts(self, drafts: Sequence[ProcessedDraft]) -> None:
        """Store the stories of the drafts, decide which alerts follow from new articles, and add the results."""
        story_ids = await self._stories.store(self._tx, self._now)
        new: list[ProcessedDraft] = []
        story_articles: list[StoryArticle] = []
        for draft in drafts:
            if draft.assignment is None:
                continue
            story_id = story_ids.get(draft.assignment.story_id, draft.assignment.story_id)
            draft.ref.article = replace(draft.ref.article, story_id=story_id)
            new.append(draft)
            story_articles.append(
                StoryArticle(
                    article=draft.ref.article,
                    matches=draft.matches,
                    story_id=story_id,
                    is_copy=draft.assignment.is_copy,
                    is_first=draft.assignment.is_new,
                    features=b"" if draft.prepared is None else draft.prepared.features,
                    corrected=draft.corrected,
                )
            )
        matches = [match for draft in new for match in draft.matches]
        if matches:
            await self._tx.matches.add_new(matches, {draft.ref.article.id: draft.ref.article for draft in new})
        for draft, deliveries in zip(new, await self.alert_queue.add(story_articles), strict=True):
            draft.deliveries = deliveries
        await self._results.add(drafts)


async def _store_articles(
    tx: Tx, new: Sequence[tuple[ProcessedDraft, PreparedArticle]], topics: Mapping[int, Topic], now: datetime
) -> None:
    """Store new articles, what makes them searchable, and the topics that matched them or were stopped."""
    stored = await tx.articles.add_many([(draft.ref.article, prepared.features) for draft, prepared in new])
    for (draft, prepared), article in zip(new, stored, strict=True):
        draft.ref.article = article
        draft.matches = visible_matches(article, prepared.matches, topics)
    await tx.search.put_many(
        ((draft.ref.article.id, prepared.words) for draft, prepared in new),
        new={draft.ref.article.id: (draft.ref.article.title, draft.ref.article.text) for draft, _ in new},
    )
    stopped = {
        draft.ref.article.id: visible_stops(draft.ref.article, prepared.stopped, topics) for draft, prepared in new
    }
    await record_stopped(tx, stopped, topics, now)
