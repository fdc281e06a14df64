"""What a matched article becomes in each subscribed channel: an alert, part of one, or held; and what is owed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from handlers.answers import Note, Quote
from handlers.freeze import freeze
from handlers.moments import zone_of
from handlers.rules.alerting import Case, Decision, decide, is_old, sees
from handlers.rules.pacing import BURST_ALERTS, BURST_WINDOW, quiet_until
from handlers.settle import new_key
from handlers.stories.changes import HEADLINE_CHANGED
from handlers.stories.summary import Change, new_facts
from handlers.story_lines import bold, report
from storage.records import (
    Article,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Match,
    OutcomeState,
    Source,
    Subscription,
    Topic,
    Workspace,
)
from storage.store import Tx

DEBOUNCE: Final = timedelta(seconds=20)
"""A story that grows is edited once for all that came meanwhile."""
NEW: Final = "New"
_COMPARED: Final = 20
"""The newest articles of a story that a new fact is held against."""


@dataclass(slots=True)
class Owing:
    """One arrival's transaction: what it owes to the channels, and the workspaces that it has read."""

    tx: Tx
    now: datetime
    topics: Mapping[int, Topic]
    owed: int = 0
    """Deliveries that were made or that want an edit."""
    _workspaces: dict[int, Workspace | None] = field(default_factory=dict)

    async def alert(
        self, article: Article, source: Source, matches: Sequence[Match], *, story_id: int, is_copy: bool
    ) -> int:
        """Decide for every subscribed channel, once, and owe. Gives how many deliveries were made."""
        made = 0
        for channel, subscriptions in await self._subscribed(article, matches):
            if await self.tx.outcomes.of_article(article.id, channel.id) is not None:
                continue
            alert = await self.tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(story_id))
            decision = await self._decide(article, source, channel, subscriptions, story_id, alert)
            match decision.state:
                case OutcomeState.ALERT:
                    alert, is_new = await self.tx.deliveries.owe(
                        channel_id=channel.id,
                        kind=DeliveryKind.ALERT,
                        subject=str(story_id),
                        key=new_key(),
                        due_at=self.now,
                        now=self.now,
                        story_id=story_id,
                    )
                    made += is_new
                case OutcomeState.MERGED:
                    if alert is not None and not is_copy:
                        made += await self._note_new_facts(article, channel, alert, matches)
                case OutcomeState.HELD:
                    alert = None
            await self.tx.outcomes.add(
                channel_id=channel.id,
                article_id=article.id,
                story_id=story_id,
                state=decision.state,
                reason=decision.reason,
                delivery_id=None if alert is None else alert.id,
                decided_at=self.now,
            )
        self.owed += made
        return made

    async def grow(self, article: Article, story_id: int) -> tuple[Channel, ...]:
        """Have the story's alerts edited wherever the article can be seen, and give those channels."""
        channels = []
        for alert in await self.tx.deliveries.of_story(story_id):
            if alert.kind is not DeliveryKind.ALERT or alert.state is DeliveryState.DEAD:
                continue
            channel = await self.tx.channels.get(alert.channel_id)
            if channel is None or not sees(channel.workspace_id, article.workspace_id):
                continue
            if await self.tx.social.is_muted(channel.id, _mutes(article.source_id, story_id)):
                continue
            await self.tx.deliveries.grow(channel.id, story_id, due_at=self.now + DEBOUNCE)
            self.owed += 1
            channels.append(channel)
        return tuple(channels)

    async def note_changes(
        self, article: Article, changes: Iterable[Change], channels: Iterable[Channel], *, story_id: int
    ) -> int:
        """A note in the alert's thread for each headline or number that the publisher changed."""
        made, changes = 0, tuple(changes)
        for channel in channels:
            alert = await self.tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(story_id))
            # Nobody has read the old words while the alert is not posted.
            if alert is None or alert.state in (DeliveryState.OWED, DeliveryState.FAILED):
                continue
            for change in changes:
                is_headline = change.label == HEADLINE_CHANGED
                note = Note(
                    label=change.label,
                    quote=Quote(text=change.after, bold=_where(change.added, change.after)),
                    before=change.before if is_headline else change.removed or None,
                    source=report(article),
                    mentions=await self.tx.social.followers(channel.id, story_id),
                )
                made += await self._owe_note(channel, alert, note, what=f"{article.id}:{_digest(change)}")
        self.owed += made
        return made

    async def _subscribed(self, article: Article, matches: Sequence[Match]) -> list[tuple[Channel, list[Subscription]]]:
        """The channels that may see the article and subscribe to a topic of it that their workspace may see."""
        found: dict[int, tuple[Channel, list[Subscription]]] = {}
        for subscription, channel in await self.tx.subscriptions.for_topics([match.topic_id for match in matches]):
            topic = self.topics.get(subscription.topic_id)
            if topic is None or not sees(channel.workspace_id, topic.workspace_id):
                continue
            if sees(channel.workspace_id, article.workspace_id):
                found.setdefault(channel.id, (channel, []))[1].append(subscription)
        return list(found.values())

    async def _decide(
        self,
        article: Article,
        source: Source,
        channel: Channel,
        subscriptions: Sequence[Subscription],
        story_id: int,
        alert: Delivery | None,
    ) -> Decision:
        workspace = await self._workspace(channel.workspace_id)
        quiet = workspace is not None and quiet_until(
            self.now, zone_of(workspace.time_zone).key, workspace.quiet_from, workspace.quiet_until
        )
        alerts = await self.tx.outcomes.count_alerts(channel.id, self.now - BURST_WINDOW)
        return decide(
            Case(
                subscriptions=subscriptions,
                language=article.language,
                workspace_languages=() if workspace is None else workspace.languages,
                has_alert=alert is not None,
                is_muted=bool(await self.tx.social.is_muted(channel.id, _mutes(article.source_id, story_id))),
                is_old=is_old(article.published_at, source, self.now),
                is_quiet=bool(quiet),
                is_burst=alerts >= BURST_ALERTS,
            )
        )

    async def _workspace(self, id: int) -> Workspace | None:
        if id not in self._workspaces:
            self._workspaces[id] = await self.tx.workspaces.get(id)
        return self._workspaces[id]

    async def _note_new_facts(
        self, article: Article, channel: Channel, alert: Delivery, matches: Sequence[Match]
    ) -> int:
        story_id = alert.story_id
        if story_id is None or alert.state is DeliveryState.DEAD:
            return 0
        others = [
            other for other in await self.tx.articles.of_story(story_id, channel.workspace_id) if other.id != article.id
        ]
        facts = new_facts(
            [f"{other.title}\n\n{other.text}" for other in others[-_COMPARED:]],
            title=article.title,
            text=article.text,
            language=article.language,
            limit=1,
        )
        evidence = [hit for match in matches for hit in match.evidence]
        made = 0
        for fact in facts:
            note = Note(
                label=NEW,
                quote=Quote(text=fact.text, bold=bold(fact.start, fact.end, evidence)),
                source=report(article),
                mentions=await self.tx.social.followers(channel.id, story_id),
            )
            made += await self._owe_note(channel, alert, note, what=f"{article.id}:new")
        return made

    async def _owe_note(self, channel: Channel, alert: Delivery, note: Note, *, what: str) -> bool:
        _, is_new = await self.tx.deliveries.owe(
            channel_id=channel.id,
            kind=DeliveryKind.NOTE,
            subject=f"{alert.story_id}:{what}",
            key=new_key(),
            due_at=self.now,
            now=self.now,
            story_id=alert.story_id,
            parent_id=alert.id,
            body=freeze(note),
        )
        return is_new


def _mutes(source_id: int, story_id: int) -> tuple[str, str]:
    return f"story:{story_id}", f"source:{source_id}"


def _where(words: str, text: str) -> tuple[tuple[int, int], ...]:
    start = text.find(words) if words else -1
    return () if start < 0 else ((start, start + len(words)),)


def _digest(change: Change) -> str:
    return hashlib.sha256(f"{change.label}\0{change.after}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
