"""One batch of drafts inside its transaction: each is counted, stored or known, matched, in a story, and owed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from handlers.drafts import FailedDraft
from handlers.join import Stories
from handlers.owe import Owing
from handlers.prepare import Identified, Reading, is_revised, published_at, read
from handlers.rules.alerting import sees
from handlers.rules.identity import folded
from handlers.stories.summary import changes
from handlers.topics.matcher import Matcher
from storage.records import SHARED, ArrivalState, Article, Match, Source, Topic
from storage.store import Tx

MAX_KEY: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What became of one draft. Topics and counts are those that the source's workspace may see."""

    origin: str
    article: Article | None
    state: Literal["new", "known", "failed"]
    reason: str | None = None
    matches: tuple[Match, ...] = ()
    topics: tuple[Topic, ...] = ()
    story_id: int | None = None
    story_articles: int = 0
    deliveries: int = 0
    """Alerts and notes that it made owed."""


class Line:
    """The arrivals of one source in one transaction, in order."""

    def __init__(
        self,
        tx: Tx,
        source: Source,
        now: datetime,
        *,
        matcher: Matcher,
        topics: Mapping[int, Topic],
        stories: Stories,
    ) -> None:
        self._tx = tx
        self._source = source
        self._now = now
        self._matcher = matcher
        self._topics = topics
        self._stories = stories
        self.owing = Owing(tx=tx, now=now, topics=topics)

    async def fail(self, draft: FailedDraft) -> Arrived:
        """It could not be read; the reason is kept."""
        await self._count(draft.key, draft.origin, ArrivalState.FAILED, reason=draft.reason)
        return Arrived(origin=draft.origin, article=None, state="failed", reason=draft.reason)

    async def take(self, one: Identified, reading: Reading | None) -> Arrived:
        """Store it, or find that it is known. `reading`: made beforehand, where that was possible."""
        known = await find_known(self._tx, one, self._source)
        if known is None:
            if not one.keys:
                reason = "It has neither a title nor a text nor an address."
                return await self.fail(FailedDraft(origin=one.draft.origin, reason=reason, key=one.draft.key))
            return await self._store(one, reading or read(one.draft, self._source, self._matcher))
        # A private source may not give names to what all workspaces share.
        await self._tx.articles.add_keys(self._source.workspace_id, known.id, one.keys)
        await self._count(one.draft.key, one.draft.origin, ArrivalState.DUPLICATE, article=known)
        made = 0
        if is_revised(known, one.draft, self._source):
            text = one.draft.text.strip() or known.text
            if reading is None or reading.text != text:
                reading = read(one.draft, self._source, self._matcher, known)
            known, made = await self._revise(known, reading)
        matches = await self._tx.matches.of_article(known.id)
        return await self._arrived(one, known, matches, state="known", deliveries=made)

    async def _store(self, one: Identified, reading: Reading) -> Arrived:
        tx, source, now = self._tx, self._source, self._now
        article = await tx.articles.add(
            workspace_id=source.workspace_id,
            source_id=source.id,
            publisher=reading.publisher,
            title=reading.title,
            text=reading.text,
            highlights=reading.highlights,
            url=reading.url,
            author=reading.author,
            tags=reading.tags,
            language=reading.language,
            image_url=reading.image_url,
            published_at=published_at(one.draft, now),
            received_at=now,
            features=reading.features,
            keys=one.keys,
        )
        await tx.search.put(article.id, reading.words)
        matches = self._matches(article, reading)
        await tx.matches.add_many(matches, article.received_at)
        joined = await self._stories.place(tx, article, reading.features, now=now)
        article = replace(article, story_id=joined.story_id)
        state = ArrivalState.MATCHED if matches else ArrivalState.UNMATCHED
        await self._count(one.draft.key, one.draft.origin, state, article=article)
        if not joined.is_new:
            await self.owing.grow(article, joined.story_id)
        made = 0
        if matches:
            made = await self.owing.alert(article, source, matches, story_id=joined.story_id, is_copy=joined.is_copy)
        return await self._arrived(one, article, matches, state="new", deliveries=made)

    async def _revise(self, known: Article, reading: Reading) -> tuple[Article, int]:
        """Its publisher changed it: matched again, its alerts edited, what readers must know noted in their threads."""
        tx = self._tx
        article = await tx.articles.revise(
            known.id,
            title=reading.title,
            text=reading.text,
            highlights=reading.highlights,
            features=reading.features,
            revised_at=self._now,
            image_url=reading.image_url,
        )
        await tx.search.put(article.id, reading.words)
        matches = self._matches(article, reading)
        await tx.matches.replace_for_article(article.id, matches, article.received_at)
        self._stories.put(article, article.story_id, reading.features)
        if article.story_id is None:
            return article, 0
        channels = await self.owing.grow(article, article.story_id)
        made = await self.owing.note_changes(
            article,
            changes(known.title, known.text, article.title, article.text),
            channels,
            story_id=article.story_id,
        )
        # Words that it had not before may be what a channel waits for.
        made += await self.owing.alert(article, self._source, matches, story_id=article.story_id, is_copy=True)
        return article, made

    def _matches(self, article: Article, reading: Reading) -> tuple[Match, ...]:
        """Of the topics that the article's workspace may see; a shared article is for the topics of all."""
        return tuple(
            replace(match, article_id=article.id)
            for match in reading.found
            if match.topic_id in self._topics
            and (
                article.workspace_id == SHARED or sees(article.workspace_id, self._topics[match.topic_id].workspace_id)
            )
        )

    async def _count(
        self,
        key: str | None,
        origin: str,
        state: ArrivalState,
        *,
        reason: str | None = None,
        article: Article | None = None,
    ) -> None:
        """One arrival, one end. A key that failed before and is an article now is one more arrival."""
        named = (key or secrets.token_hex(16))[:MAX_KEY]
        is_counted = await self._tx.arrivals.add(
            source_id=self._source.id,
            key=named,
            origin=origin,
            state=state,
            reason=reason,
            article_id=None if article is None else article.id,
            received_at=self._now,
        )
        if not is_counted and state in (ArrivalState.MATCHED, ArrivalState.UNMATCHED):
            again = f"{named[: MAX_KEY - 17]} {secrets.token_hex(8)}"
            await self._count(again, origin, state, reason=reason, article=article)

    async def _arrived(
        self,
        one: Identified,
        article: Article,
        matches: Sequence[Match],
        *,
        state: Literal["new", "known"],
        deliveries: int,
    ) -> Arrived:
        viewer = self._source.workspace_id
        shown = [
            match
            for match in matches
            if match.topic_id in self._topics
            and (viewer == SHARED or sees(viewer, self._topics[match.topic_id].workspace_id))
        ]
        story = () if article.story_id is None else await self._tx.articles.of_story(article.story_id, viewer)
        return Arrived(
            origin=one.draft.origin,
            article=article,
            state=state,
            matches=tuple(shown),
            topics=tuple(self._topics[match.topic_id] for match in shown),
            story_id=article.story_id,
            story_articles=len(story),
            deliveries=deliveries,
        )


async def find_known(tx: Tx, one: Identified, source: Source) -> Article | None:
    """The article that this draft is, among what the source's workspace may see."""
    workspaces = {SHARED, source.workspace_id}
    known = await tx.articles.by_keys(workspaces, one.keys)
    if known is None or not one.keys[0].startswith("guid:") or known.source_id != source.id:
        return known
    if folded(known.title) == folded(one.draft.title):
        return known
    # The same feed gives another guid and another headline at the same address: two articles, not one that changed.
    return await tx.articles.by_keys(workspaces, one.keys[:1])
