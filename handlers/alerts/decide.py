"""What a matched article becomes in each subscribed channel: an alert, part of one, or held; and what is owed."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from handlers.alerts.channel_state import ChannelState, PostedAlert, Report
from handlers.answers.answer import Note
from handlers.answers.parts import Quote
from handlers.answers.serialize import serialize
from handlers.answers.story_lines import bold_spans, report
from handlers.answers.times import zone_of
from handlers.delivery.settle import new_key
from handlers.rules.alerting import Case, Decision, can_see, decide, is_old
from handlers.rules.pacing import quiet_until
from handlers.stories.changes import HEADLINE_CHANGED, Change, new_facts
from handlers.stories.sentences import Span
from storage.deliveries import NewDelivery
from storage.records import (
    Channel,
    DeliveryKind,
    DeliveryState,
    Outcome,
    OutcomeState,
    Source,
    Subscription,
    Topic,
)
from storage.store import Tx

DEBOUNCE: Final = timedelta(seconds=20)
"""A story that grows is edited once for all that came meanwhile."""
NEW: Final = "New"
_COMPARED: Final = 20
"""The newest articles of a story that a new fact is held against."""


@dataclass(slots=True)
class AlertQueue:
    """What the arrivals of one source enqueue to the channels, in one transaction."""

    tx: Tx
    now: datetime
    source: Source
    topics: Mapping[int, Topic]
    enqueued: int = 0
    """Deliveries that were made or that want an edit."""

    async def take(self, reports: Sequence[Report]) -> list[int]:
        """Decide for every subscribed channel, article by article, and enqueue. How many deliveries each made."""
        decisions = await self._begin(reports)
        for place, one in enumerate(reports):
            if one.grows:
                decisions.grow(one)
            await decisions.alert(place, one)
        return await self._end(decisions)

    async def revise(self, one: Report, changes: Iterable[Change]) -> int:
        """Its publisher changed it: its alerts are edited, and a note tells of each change. How many were made."""
        decisions = await self._begin([one])
        channels = decisions.grow(one)
        await decisions.note_changes(one, changes, channels)
        # Words that it had not before may be what a channel waits for.
        await decisions.alert(0, one, decided=await self.tx.outcomes.channels_of(one.article.id))
        return (await self._end(decisions))[0]

    async def complete(self, one: Report) -> int:
        """It tells more of itself than before, and no other news: its alerts are edited."""
        decisions = await self._begin([one])
        decisions.grow(one)
        return (await self._end(decisions))[0]

    async def _begin(self, reports: Sequence[Report]) -> "_Decisions":
        standing = await ChannelState.read(self.tx, reports, self.topics, self.now)
        return _Decisions(tx=self.tx, now=self.now, source=self.source, reports=reports, standing=standing)

    async def _end(self, decisions: "_Decisions") -> list[int]:
        made = await decisions.store()
        self.enqueued += sum(made) + decisions.grown.total()
        return made


@dataclass(slots=True, kw_only=True)
class _Decisions:
    """Made in memory, in order, and written together."""

    tx: Tx
    now: datetime
    source: Source
    reports: Sequence[Report]
    standing: ChannelState
    grown: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Edits wanted, by channel and story."""
    _made: Counter[int] = field(default_factory=Counter)
    _outcomes: list[tuple[Report, Channel, Decision, PostedAlert | None]] = field(default_factory=list)
    _waiting: list[tuple[int, NewDelivery, PostedAlert | None]] = field(default_factory=list)
    """Not stored yet: the report's place, the delivery, and the alert that it is, unless it is a note."""
    _told: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    _facts: dict[tuple[int, int], tuple[Span, ...]] = field(default_factory=dict)
    """What a report says that is new, by its place and the reading workspace."""

    def grow(self, one: Report) -> list[Channel]:
        """Have the story's alerts edited wherever the article can be seen, and give those channels."""
        channels = self.standing.growing(one)
        self.grown.update((channel.id, one.story_id) for channel in channels)
        return channels

    async def alert(self, place: int, one: Report, *, decided: frozenset[int] = frozenset()) -> None:
        """Decide for every subscribed channel but those that have decided before."""
        for channel, subscriptions in self.standing.subscribed(one):
            if channel.id in decided:
                continue
            alert = self.standing.alert(channel.id, one.story_id)
            decision = self._decide(one, channel, subscriptions, alert)
            match decision.state:
                case OutcomeState.ALERT:
                    alert = self._start(place, one, channel)
                case OutcomeState.MERGED:
                    if alert is not None and not one.is_copy:
                        await self._note_new_facts(place, one, channel, alert)
                case OutcomeState.HELD:
                    alert = None
            self._outcomes.append((one, channel, decision, alert))

    def _decide(
        self, one: Report, channel: Channel, subscriptions: Sequence[Subscription], alert: PostedAlert | None
    ) -> Decision:
        workspace = self.standing.workspace(channel.workspace_id)
        quiet = workspace is not None and quiet_until(
            self.now, zone_of(workspace.time_zone).key, workspace.quiet_from, workspace.quiet_until
        )
        return decide(
            Case(
                subscriptions=subscriptions,
                language=one.article.language,
                workspace_languages=() if workspace is None else workspace.languages,
                has_alert=alert is not None,
                is_muted=self.standing.is_muted(channel.id, one),
                is_old=is_old(one.article.published_at, self.source, self.now),
                is_quiet=bool(quiet),
                is_burst=self.standing.is_burst(channel.id),
            )
        )

    def _start(self, place: int, one: Report, channel: Channel) -> PostedAlert:
        alert = PostedAlert(channel_id=channel.id, story_id=one.story_id, state=DeliveryState.PENDING)
        self.standing.start(alert)
        delivery = NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.ALERT,
            subject=str(one.story_id),
            key=new_key(),
            due_at=self.now,
            story_id=one.story_id,
        )
        self._waiting.append((place, delivery, alert))
        return alert

    async def note_changes(self, one: Report, changes: Iterable[Change], channels: Iterable[Channel]) -> None:
        """A note in the alert's thread for each headline or number that the publisher changed."""
        changes = tuple(changes)
        for channel in channels:
            alert = self.standing.alert(channel.id, one.story_id)
            # Nobody has read the old words while the alert is not posted.
            if alert is None or alert.state in (DeliveryState.PENDING, DeliveryState.FAILED):
                continue
            for change in changes:
                is_headline = change.label == HEADLINE_CHANGED
                note = Note(
                    label=change.label,
                    quote=Quote(text=change.after, bold=_where(change.added, change.after)),
                    before=change.before if is_headline else change.removed or None,
                    source=report(one.article),
                    mentions=await self.tx.follows.to_mention(channel.id, one.story_id),
                )
                await self._enqueue_note(0, alert, note, what=f"{one.article.id}:{_digest(change)}")

    async def _note_new_facts(self, place: int, one: Report, channel: Channel, alert: PostedAlert) -> None:
        if alert.state is DeliveryState.DEAD:
            return
        article = one.article
        asked = place, channel.workspace_id
        if asked not in self._facts:  # every channel of a workspace has been told the same
            self._facts[asked] = await asyncio.to_thread(
                new_facts,
                await self._told_before(place, one, channel),
                title=article.title,
                text=article.text,
                language=article.language,
                limit=1,
            )
        evidence = [hit for match in one.matches for hit in match.evidence]
        for fact in self._facts[asked]:
            note = Note(
                label=NEW,
                quote=Quote(text=fact.text, bold=bold_spans(fact.start, fact.end, evidence)),
                source=report(article),
                mentions=await self.tx.follows.to_mention(channel.id, one.story_id),
            )
            await self._enqueue_note(place, alert, note, what=f"{article.id}:new")

    async def _told_before(self, place: int, one: Report, channel: Channel) -> list[str]:
        """The newest texts of the story that came before, as the channel's workspace sees it."""
        asked = one.story_id, channel.workspace_id
        if asked not in self._told:
            first_id = min(other.article.id for other in self.reports)
            before = await self.tx.articles.newest_of_story(*asked, before_id=first_id, limit=_COMPARED)
            self._told[asked] = [f"{other.title}\n\n{other.text}" for other in before]
        now = [
            f"{other.article.title}\n\n{other.article.text}"
            for other in self.reports[:place]
            if other.story_id == one.story_id and can_see(channel.workspace_id, other.article.workspace_id)
        ]
        return [*self._told[asked], *now][-_COMPARED:]

    async def _enqueue_note(self, place: int, alert: PostedAlert, note: Note, *, what: str) -> None:
        if alert.id is None:
            await self._enqueue()
        delivery = NewDelivery(
            channel_id=alert.channel_id,
            kind=DeliveryKind.NOTE,
            subject=f"{alert.story_id}:{what}",
            key=new_key(),
            due_at=self.now,
            story_id=alert.story_id,
            parent_id=alert.id,
            body=serialize(note),
        )
        self._waiting.append((place, delivery, None))

    async def _enqueue(self) -> None:
        """Store the deliveries decided so far, in that order: it is the order in which a channel gets them."""
        waiting, self._waiting = self._waiting, []
        stored = await self.tx.deliveries.enqueue_many([delivery for _, delivery, _ in waiting], self.now)
        for (place, _, alert), (delivery, is_new) in zip(waiting, stored, strict=True):
            self._made[place] += is_new
            if alert is not None:
                alert.id = delivery.id

    async def store(self) -> list[int]:
        """Write everything. How many deliveries each report made."""
        await self._enqueue()
        await self.tx.deliveries.grow_many(self.grown, due_at=self.now + DEBOUNCE)
        await self.tx.outcomes.add_many(
            [
                Outcome(
                    channel_id=channel.id,
                    article_id=one.article.id,
                    story_id=one.story_id,
                    state=decision.state,
                    reason=decision.reason,
                    delivery_id=None if alert is None else alert.id,
                    decided_at=self.now,
                )
                for one, channel, decision, alert in self._outcomes
            ]
        )
        return [self._made[place] for place in range(len(self.reports))]


def _where(words: str, text: str) -> tuple[tuple[int, int], ...]:
    start = text.find(words) if words else -1
    return () if start < 0 else ((start, start + len(words)),)


def _digest(change: Change) -> str:
    return hashlib.sha256(f"{change.label}\0{change.after}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
