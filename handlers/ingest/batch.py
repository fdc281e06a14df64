"""One batch of drafts inside its transaction: each is counted, stored or known, matched, in a story, and owed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from handlers.alerts.channel_state import Report
from handlers.alerts.decide import AlertQueue
from handlers.drafts import Draft, FailedDraft
from handlers.ingest.duplicates import Kept, Names
from handlers.ingest.prepare import Identified, Reading, as_article, gains, is_revised, read
from handlers.ingest.story_index import Joined, Stories
from handlers.rules.alerting import can_see
from handlers.stories.changes import changes
from handlers.topics.matcher import Matcher
from storage.arrivals import NewArrival
from storage.articles import Revision
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


@dataclass(slots=True, kw_only=True)
class _Step:
    """A draft that is an article, on its way."""

    place: int
    one: Identified
    kept: Kept
    reading: Reading | None = None
    """Of a new article."""
    joined: Joined | None = None
    matches: tuple[Match, ...] = ()
    made: int = 0


class Line:
    """A batch of drafts of one source in one transaction. Decided one after another, written for many at once."""

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
        self._steps: list[_Step] = []
        self._arrived: dict[int, Arrived] = {}
        self._counted: dict[int, NewArrival] = {}
        self.alert_queue = AlertQueue(tx=tx, now=now, source=source, topics=topics)

    async def take(
        self, drafts: Sequence[Draft], identified: Sequence[Identified], readings: Sequence[Reading | None]
    ) -> list[Arrived]:
        """Store each, or find that it is known. The others are given for the articles among the drafts, in order."""
        names = await Names.read(self._tx, identified, self._source)
        waiting = iter(zip(identified, readings, strict=True))
        for place, draft in enumerate(drafts):
            if isinstance(draft, FailedDraft):
                self._fail(place, draft)
            else:
                await self._take(place, *next(waiting), names)
        await self._settle()
        await self._count()
        return [self._arrived[place] for place in range(len(drafts))]

    def _fail(self, place: int, draft: FailedDraft) -> None:
        """It could not be read; the reason is kept."""
        self._arrived[place] = Arrived(origin=draft.origin, article=None, state="failed", reason=draft.reason)
        self._note_end(place, draft, ArrivalState.FAILED, reason=draft.reason)

    async def _take(self, place: int, one: Identified, reading: Reading | None, names: Names) -> None:
        kept = names.find(one)
        if kept is None and not one.keys:
            reason = "It has neither a title nor a text nor an address."
            self._fail(place, FailedDraft(origin=one.draft.origin, reason=reason, key=one.draft.key))
            return
        if kept is None:
            reading = reading or read(one.draft, self._source, self._matcher)
            kept = Kept(as_article(one.draft, reading, self._source, self._now))
            self._steps.append(_Step(place=place, one=one, kept=kept, reading=reading))
        else:
            step = _Step(place=place, one=one, kept=kept)
            revised = is_revised(kept.article, one.draft, self._source)
            gained = gains(kept.article, one.draft, self._source)
            if revised or gained:
                await self._settle()
            if gained:
                kept.article = await self._tx.articles.complete(kept.article.id, gained)
            if revised:
                step.made = await self._revise(kept, one, reading)
            elif gained:
                step.made = await self._complete(kept, one)
            self._steps.append(step)
        names.add(one, kept)

    async def _settle(self) -> None:
        """Write the steps so far: the articles, then their stories, then what is owed for them."""
        steps, self._steps = self._steps, []
        await self._store([(step, step.reading) for step in steps if step.reading is not None])
        names = [(step.kept.article.id, step.one.keys) for step in steps]
        await self._tx.identities.add_many(self._source.workspace_id, names)
        together: list[_Step] = []
        for step in steps:
            if step.reading is not None:
                article, features = step.kept.article, step.reading.features
                relatives = await self._stories.relatives(self._tx, article, features)
                if relatives.merges and together:
                    # Two stories become one: what came before was decided when they were two.
                    await self._finish(together)
                    together = []
                    relatives = await self._stories.relatives(self._tx, article, features)
                step.joined = await self._stories.place(self._tx, article, features, relatives, self._now)
            together.append(step)
        await self._finish(together)

    async def _store(self, new: Sequence[tuple[_Step, Reading]]) -> None:
        stored = await self._tx.articles.add_many([(step.kept.article, reading.features) for step, reading in new])
        for (step, reading), article in zip(new, stored, strict=True):
            step.kept.article = article
            step.matches = self._matches(article, reading)
        await self._tx.search.put_many((step.kept.article.id, reading.words) for step, reading in new)
        await self._tx.matches.add_many(match for step, _ in new for match in step.matches)

    async def _finish(self, steps: Sequence[_Step]) -> None:
        made = await self._stories.store(self._tx, self._now)
        fresh: list[_Step] = []
        reports: list[Report] = []
        for step in steps:
            if step.joined is None:
                continue
            story_id = made.get(step.joined.story_id, step.joined.story_id)
            step.kept.article = replace(step.kept.article, story_id=story_id)
            fresh.append(step)
            reports.append(
                Report(
                    article=step.kept.article,
                    matches=step.matches,
                    story_id=story_id,
                    is_copy=step.joined.is_copy,
                    grows=not step.joined.is_new,
                )
            )
        for step, deliveries in zip(fresh, await self.alert_queue.take(reports), strict=True):
            step.made = deliveries
        await self._tell(steps)

    async def _tell(self, steps: Sequence[_Step]) -> None:
        """What became of each, with its story as it was just after it came."""
        tx, viewer = self._tx, self._source.workspace_id
        known = await tx.matches.of_articles(step.kept.article.id for step in steps if step.joined is None)
        stories = {step.kept.article.story_id for step in steps} - {None}
        articles = await tx.articles.count_of_stories((id for id in stories if id is not None), viewer)
        for step in reversed(steps):
            article, is_new = step.kept.article, step.joined is not None
            matches = step.matches if is_new else known.get(article.id, ())
            self._arrived[step.place] = self._as_arrived(step, matches, articles.get(article.story_id or 0, 0))
            if is_new and article.story_id is not None:
                articles[article.story_id] -= 1
            state = ArrivalState.MATCHED if matches else ArrivalState.UNMATCHED
            self._note_end(step.place, step.one.draft, state if is_new else ArrivalState.DUPLICATE, article=article)

    async def _revise(self, kept: Kept, one: Identified, reading: Reading | None) -> int:
        """Its publisher changed it: matched again, its alerts edited, what readers must know noted in their threads."""
        tx, known = self._tx, kept.article
        text = one.draft.text.strip() or known.text
        if reading is None or reading.text != text:
            reading = read(one.draft, self._source, self._matcher, known)
        article = kept.article = await tx.articles.revise(
            known.id,
            Revision(
                title=reading.title,
                text=reading.text,
                highlights=reading.highlights,
                features=reading.features,
                image_url=reading.image_url,
            ),
            revised_at=self._now,
        )
        await tx.search.put(article.id, reading.words)
        matches = self._matches(article, reading)
        await tx.matches.replace_for_article(article.id, matches)
        self._stories.put(article, article.story_id, reading.features)
        if article.story_id is None:
            return 0
        report = Report(article=article, matches=matches, story_id=article.story_id, is_copy=True, grows=True)
        return await self.alert_queue.revise(report, changes(known.title, known.text, article.title, article.text))

    async def _complete(self, kept: Kept, one: Identified) -> int:
        """It has an address, an author, a picture or a day now: its alerts are edited, and what asks for these hits."""
        article = kept.article
        told = replace(one.draft, title=article.title, text=article.text, language=article.language)
        matches = self._matches(article, read(told, self._source, self._matcher, article))
        known = await self._tx.matches.of_articles([article.id])
        hits_more = {match.topic_id for match in matches} != {match.topic_id for match in known.get(article.id, ())}
        if hits_more:
            await self._tx.matches.replace_for_article(article.id, matches)
        if article.story_id is None:
            return 0
        report = Report(article=article, matches=matches, story_id=article.story_id, is_copy=True, grows=True)
        return await (self.alert_queue.revise(report, ()) if hits_more else self.alert_queue.complete(report))

    def _matches(self, article: Article, reading: Reading) -> tuple[Match, ...]:
        """Of the topics that the article's workspace may see; a shared article is for the topics of all."""
        return tuple(
            replace(match, article_id=article.id)
            for match in reading.found
            if match.topic_id in self._topics
            and (
                article.workspace_id == SHARED
                or can_see(article.workspace_id, self._topics[match.topic_id].workspace_id)
            )
        )

    def _note_end(
        self,
        place: int,
        draft: Draft,
        state: ArrivalState,
        *,
        reason: str | None = None,
        article: Article | None = None,
    ) -> None:
        self._counted[place] = NewArrival(
            key=(draft.key or secrets.token_hex(16))[:MAX_KEY],
            origin=draft.origin,
            state=state,
            reason=reason,
            article_id=None if article is None else article.id,
        )

    async def _count(self) -> None:
        """One arrival, one end. A key that failed before and is an article now is one more arrival."""
        waiting = [self._counted[place] for place in sorted(self._counted)]
        while waiting:
            known = await self._tx.arrivals.add_many(self._source.id, waiting, self._now)
            waiting = [
                replace(one, key=f"{one.key[: MAX_KEY - 17]} {secrets.token_hex(8)}")
                for one in known
                if one.state in (ArrivalState.MATCHED, ArrivalState.UNMATCHED)
            ]

    def _as_arrived(self, step: _Step, matches: Sequence[Match], story_articles: int) -> Arrived:
        viewer = self._source.workspace_id
        shown = [
            match
            for match in matches
            if match.topic_id in self._topics
            and (viewer == SHARED or can_see(viewer, self._topics[match.topic_id].workspace_id))
        ]
        return Arrived(
            origin=step.one.draft.origin,
            article=step.kept.article,
            state="known" if step.joined is None else "new",
            matches=tuple(shown),
            topics=tuple(self._topics[match.topic_id] for match in shown),
            story_id=step.kept.article.story_id,
            story_articles=story_articles,
            deliveries=step.made,
        )
