"""Notes for the threads of alerts: new facts in further articles, and changes that a publisher made to an article."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.alerts.channel_state import StoryArticle
from handlers.answers.answer import Note
from handlers.answers.parts import Link, Quote
from handlers.answers.story_lines import bold_spans, report
from handlers.delivery.added_headlines import separate_button
from handlers.queries.quotable import quotable
from handlers.rules.alerting import can_see
from handlers.stories.changes import HEADLINE_CHANGED, Change, new_facts
from handlers.stories.sentences import Span
from storage.records import Channel, DeliveryKind
from storage.store import Tx

NEW: Final = "New"
"""The label of a note with a new fact."""
_COMPARED: Final = 20
"""The number of the story's newest articles with which an article is compared to find new facts."""


_NUMBERS: Final = 2
"""Notes about a headline whose numbers alone change, within this period and the one before."""
_NUMBERS_PERIOD: Final = timedelta(hours=6)


class ThreadNotes:
    """Composes the notes of one batch. Texts and facts are cached, as all channels of a workspace share them."""

    def __init__(self, tx: Tx, articles: Sequence[StoryArticle], now: datetime) -> None:
        self._tx = tx
        self._now = now
        self._articles = articles
        self._stored_texts: dict[tuple[int, int], list[str]] = {}
        """By story and workspace id."""
        self._facts: dict[tuple[int, int, int], tuple[Span, ...]] = {}
        """By the article's position in the batch, story id and workspace id."""

    async def new_facts(self, position: int, channel: Channel, story_id: int) -> list[tuple[str, Note]]:
        """Return notes for the new facts in the batch's article at that position, each with a unique key."""
        story_article = self._articles[position]
        article = story_article.article
        cache_key = position, story_id, channel.workspace_id
        if cache_key not in self._facts:
            self._facts[cache_key] = await self._tx.compute(
                new_facts,
                await self._earlier_texts(position, channel, story_id),
                title=article.title,
                text=(await quotable(self._tx, {article.id: article}))[article.id].text,
                language=article.language,
                limit=1,
            )
        evidence = [word for match in story_article.matches for word in match.evidence]
        return [
            (
                f"{article.id}:new",
                Note(
                    label=NEW,
                    quote=Quote(text=fact.text, bold=bold_spans(fact.start, fact.end, evidence)),
                    source=report(article),
                    mentions=await self._tx.follows.to_mention(channel.id, story_id),
                    headline=Link(text=article.title, url=article.url),
                    buttons=(separate_button(article.id),),
                ),
            )
            for fact in self._facts[cache_key]
        ]

    async def changes(
        self, story_article: StoryArticle, changes: Sequence[Change], channel: Channel
    ) -> list[tuple[str, Note]]:
        """Return a note for each headline or number that the publisher changed, each with a unique key.

        A headline whose numbers alone change may contain a counter, so its thread gets two such notes in some hours.
        """
        keys = [await self._change_key(story_article, change, channel) for change in changes]
        return [
            (
                key,
                Note(
                    label=change.label,
                    quote=Quote(text=change.after, bold=_position(change.added, change.after)),
                    before=change.before if change.label == HEADLINE_CHANGED else change.removed or None,
                    source=report(story_article.article),
                    mentions=await self._tx.follows.to_mention(channel.id, story_article.story_in(channel)),
                ),
            )
            for key, change in zip(keys, changes, strict=True)
            if key is not None
        ]

    async def _change_key(self, story_article: StoryArticle, change: Change, channel: Channel) -> str | None:
        """Return the key of the note about a change; None if the thread has enough of its kind."""
        article_id, story_id = story_article.article.id, story_article.story_in(channel)
        if change.label != HEADLINE_CHANGED or _masked(change.before) != _masked(change.after):
            return f"{article_id}:{_hash(change)}"
        period = int(self._now.timestamp() // _NUMBERS_PERIOD.total_seconds())
        keys = [f"{article_id}:numbers:{when}:{number}" for when in (period, period - 1) for number in range(_NUMBERS)]
        free = [
            key
            for key in keys
            if await self._tx.deliveries.find(channel.id, DeliveryKind.NOTE, f"{story_id}:{key}") is None
        ]
        return free[0] if len(free) > _NUMBERS else None

    async def _earlier_texts(self, position: int, channel: Channel, story_id: int) -> list[str]:
        """Return the newest earlier texts of the story that the channel's workspace may see."""
        cache_key = story_id, channel.workspace_id
        if cache_key not in self._stored_texts:
            first_id = min(other.article.id for other in self._articles)
            stored = await self._tx.channel_stories.newest(channel, story_id, before_id=first_id, limit=_COMPARED)
            self._stored_texts[cache_key] = [f"{article.title}\n\n{article.text}" for article in stored]
        in_batch = [
            f"{other.article.title}\n\n{other.article.text}"
            for other in self._articles[:position]
            if other.story_in(channel) == story_id and can_see(channel.workspace_id, other.article.workspace_id)
        ]
        return [*self._stored_texts[cache_key], *in_batch][-_COMPARED:]


def _position(words: str, text: str) -> tuple[tuple[int, int], ...]:
    start = text.find(words) if words else -1
    return () if start < 0 else ((start, start + len(words)),)


def _masked(headline: str) -> str:
    return re.sub(r"\d+(?:[.,]\d+)*", "0", headline)


def _hash(change: Change) -> str:
    return hashlib.sha256(f"{change.label}\0{change.after}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
