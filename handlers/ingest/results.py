"""The results of a batch: what became of each draft, for the caller and for the ledger of arrivals."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from handlers.drafts import Draft, FailedDraft
from handlers.ingest.duplicates import ArticleRef
from handlers.ingest.prepare import IdentifiedDraft, PreparedArticle
from handlers.ingest.story_index import StoryAssignment
from handlers.rules.alerting import can_see
from storage.arrivals import NewArrival
from storage.records import SHARED, ArrivalState, Article, Match, SetAside, Source, Topic
from storage.store import Tx

MAX_KEY: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """What became of one draft. Includes only matches, topics and articles that the source's workspace may see."""

    origin: str
    article: Article | None
    state: Literal["new", "known", "failed"]
    """"known": the draft repeats or revises a stored article, or repeats one that is not stored any more."""
    reason: str | None = None
    """Why the draft failed, or why a known article cannot be shown."""
    set_aside: tuple[SetAside, ...] = ()
    """What the document has besides the text of the article."""
    note: str | None = None
    """What is uncertain about the reading of the document."""
    matches: tuple[Match, ...] = ()
    topics: tuple[Topic, ...] = ()
    story_id: int | None = None
    story_articles: int = 0
    """The number of articles in the story when this one was added."""
    deliveries: int = 0
    """The number of alerts and notes that it created."""


@dataclass(slots=True, kw_only=True)
class ProcessedDraft:
    """A draft of the batch that is an article, with what is known about it so far."""

    position: int
    """In the batch."""
    identified: IdentifiedDraft
    ref: ArticleRef
    prepared: PreparedArticle | None = None
    """The content of a new article; None for a duplicate."""
    assignment: StoryAssignment | None = None
    """The story of a new article."""
    corrected: Mapping[int, int] = field(default_factory=dict)
    """Its story in workspaces that corrected similar articles, by workspace id."""
    matches: tuple[Match, ...] = ()
    deliveries: int = 0
    taken_keys: tuple[str, ...] = ()
    """The names of another article that its feed now gives to this one."""

    @property
    def is_new(self) -> bool:
        return self.prepared is not None


class BatchResults:
    """Collects the results of a batch, and stores an arrival for each draft."""

    def __init__(self, tx: Tx, source: Source, now: datetime, topics: Mapping[int, Topic]) -> None:
        self._tx = tx
        self._source = source
        self._now = now
        self._topics = topics
        self._results: dict[int, IngestResult] = {}
        """By position."""
        self._arrivals: dict[int, NewArrival] = {}
        """By position."""

    def add_failed(self, position: int, draft: FailedDraft) -> None:
        self._results[position] = IngestResult(origin=draft.origin, article=None, state="failed", reason=draft.reason)
        self._add_arrival(position, draft, ArrivalState.FAILED, reason=draft.reason)

    def add_past(self, position: int, draft: Draft) -> None:
        """Add the result of a draft whose article retention has deleted. It counts as a duplicate."""
        self._results[position] = IngestResult(
            origin=draft.origin,
            article=None,
            state="known",
            reason="It was stored before, and deleted because of its age.",
        )
        self._add_arrival(position, draft, ArrivalState.DUPLICATE)

    async def add(self, processed: Sequence[ProcessedDraft]) -> None:
        """Add the results of stored drafts, in the order in which their stories received them."""
        stored_matches = await self._tx.matches.of_articles(
            draft.ref.article.id for draft in processed if not draft.is_new
        )
        story_articles = await self._count_stories(processed)
        for draft in reversed(processed):
            article = draft.ref.article
            matches = draft.matches if draft.is_new else stored_matches.get(article.id, ())
            self._results[draft.position] = self._result(draft, matches, story_articles.get(article.story_id or 0, 0))
            state = ArrivalState.DUPLICATE
            if draft.is_new:
                state = ArrivalState.MATCHED if matches else ArrivalState.UNMATCHED
                if article.story_id is not None:
                    story_articles[article.story_id] -= 1
            self._add_arrival(draft.position, draft.identified.draft, state, article=article)

    async def _count_stories(self, processed: Sequence[ProcessedDraft]) -> dict[int, int]:
        """Return the number of articles in the stories of these drafts, by story id. A story may have just begun."""
        drafts = Counter(story_id for draft in processed if (story_id := draft.ref.article.story_id) is not None)
        begun = {draft.ref.article.story_id for draft in processed if draft.assignment and draft.assignment.is_new}
        grown = {story_id for story_id, number in drafts.items() if number > 1 or story_id not in begun}
        counts = await self._tx.articles.count_of_stories(grown, self._source.workspace_id)
        return counts | dict.fromkeys(drafts.keys() - grown, 1)

    async def store(self) -> list[IngestResult]:
        """Store the arrivals, one for each draft, and return the results in the order of the drafts.

        A draft whose key failed before and that is an article now becomes a further arrival with a new key.
        """
        waiting = [self._arrivals[position] for position in sorted(self._arrivals)]
        while waiting:
            already_stored = await self._tx.arrivals.add_many(self._source.id, waiting, self._now)
            waiting = [
                replace(arrival, key=f"{arrival.key[: MAX_KEY - 17]} {secrets.token_hex(8)}")
                for arrival in already_stored
                if arrival.state in (ArrivalState.MATCHED, ArrivalState.UNMATCHED)
            ]
        return [self._results[position] for position in sorted(self._results)]

    def _add_arrival(
        self,
        position: int,
        draft: Draft,
        state: ArrivalState,
        *,
        reason: str | None = None,
        article: Article | None = None,
    ) -> None:
        self._arrivals[position] = NewArrival(
            key=(draft.key or secrets.token_hex(16))[:MAX_KEY],
            origin=draft.origin,
            state=state,
            reason=reason,
            article_id=None if article is None else article.id,
        )

    def _result(self, draft: ProcessedDraft, matches: Sequence[Match], story_articles: int) -> IngestResult:
        viewer = self._source.workspace_id
        visible = [
            match
            for match in matches
            if match.topic_id in self._topics
            and (viewer == SHARED or can_see(viewer, self._topics[match.topic_id].workspace_id))
        ]
        return IngestResult(
            origin=draft.identified.draft.origin,
            article=draft.ref.article,
            state="new" if draft.is_new else "known",
            set_aside=draft.identified.draft.set_aside,
            note=draft.identified.draft.note,
            matches=tuple(visible),
            topics=tuple(self._topics[match.topic_id] for match in visible),
            story_id=draft.ref.article.story_id,
            story_articles=story_articles,
            deliveries=draft.deliveries,
        )
