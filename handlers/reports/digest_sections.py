"""What stands in a digest: outcomes chosen by pace, shelved by topic, each story with a sentence; what was held."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.answers.parts import Button, DigestGroup, StoryLine, TopicMark
from handlers.answers.story_lines import MentionedStory, group_mentions, quote_story
from handlers.answers.times import clock_label
from handlers.commands.follow import Followed
from storage.records import (
    Article,
    Evidence,
    HeldReason,
    Match,
    Mention,
    Outcome,
    OutcomeState,
    Pace,
    Subscription,
    Topic,
    Workspace,
)

LISTED: Final = 5
"""Stories listed under one topic."""
_NEUTRAL: Final = "#5b6b7b"
_FOLLOWED: Final = 20
"""Stories listed that a person follows."""
_SHOWN: Final = frozenset({None, HeldReason.PACE, HeldReason.QUIET, HeldReason.BURST})
"""Outcomes whose stories are listed; those held for another reason are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A topic of the channel, and its stories in their order."""

    topic: Topic
    stories: tuple[MentionedStory, ...]
    elsewhere: int


def choose(
    outcomes: Iterable[Outcome],
    matches: Mapping[int, Sequence[Match]],
    subscriptions: Mapping[int, Subscription],
    *,
    fresh: frozenset[int],
    weekly: bool,
) -> list[tuple[Outcome, tuple[Match, ...]]]:
    """The outcomes to list, each with its matches of topics whose pace is due now."""
    chosen = []
    for outcome in outcomes:
        if outcome.reason not in _SHOWN:
            continue
        found = tuple(
            match
            for match in matches.get(outcome.article_id, ())
            if (subscription := subscriptions.get(match.topic_id)) is not None
            and subscription.paused_reason is None
            and (weekly if subscription.pace is Pace.WEEKLY else outcome.article_id in fresh)
        )
        if found:
            chosen.append((outcome, found))
    return chosen


def shelve(
    chosen: Sequence[tuple[Outcome, tuple[Match, ...]]],
    articles: Mapping[int, Article],
    topics: Mapping[int, Topic],
    *,
    now: datetime,
) -> tuple[Shelf, ...]:
    """The topics, those with most stories first; a story stands under the first one that it is about."""
    mentions: dict[int, list[Mention]] = {}
    for outcome, found in chosen:
        article = articles.get(outcome.article_id)
        if article is not None:
            for match in found:
                mentions.setdefault(match.topic_id, []).append(_mention(outcome, article, match))
    about = {id: group_mentions(found, now=now) for id, found in mentions.items() if id in topics}
    order = sorted(about, key=lambda id: (-len(about[id]), topics[id].title.casefold(), id))
    seen: set[int] = set()
    shelves = []
    for id in order:
        own = tuple(story for story in about[id] if story.story_id not in seen)
        seen.update(story.story_id for story in own)
        shelves.append(Shelf(topic=topics[id], stories=own, elsewhere=len(about[id]) - len(own)))
    return tuple(shelf for shelf in shelves if shelf.stories or shelf.elsewhere)


def _mention(outcome: Outcome, article: Article, match: Match) -> Mention:
    return Mention(
        article_id=article.id,
        story_id=outcome.story_id,
        publisher=article.publisher,
        at=min(article.published_at, article.received_at),
        received_at=article.received_at,
        score=match.score,
        title_hit=any(hit.field == "title" for hit in match.evidence),
    )


def draw_lines(
    shelves: Sequence[Shelf],
    articles: Mapping[int, Article],
    chosen: Sequence[tuple[Outcome, tuple[Match, ...]]],
) -> dict[int, StoryLine]:
    evidence: dict[int, list[Evidence]] = {}
    for outcome, found in chosen:
        evidence[outcome.article_id] = [hit for match in found for hit in match.evidence]
    quoted = {
        story.story_id: quote_story(story, articles, evidence) for shelf in shelves for story in shelf.stories[:LISTED]
    }
    return {story_id: one.line for story_id, one in quoted.items() if one is not None}


def to_group(shelf: Shelf, lines: Mapping[int, StoryLine]) -> DigestGroup:
    shown = tuple(lines[story.story_id] for story in shelf.stories if story.story_id in lines)
    return DigestGroup(
        topic=TopicMark(title=shelf.topic.title, color=shelf.topic.color),
        stories=shown,
        more=len(shelf.stories) - len(shown),
        elsewhere=shelf.elsewhere,
        brief=Button(label="Brief", action=f"brief:{shelf.topic.id}:7d"),
    )


def followed_group(own: Followed) -> list[DigestGroup]:
    """The stories that a person follows, under one head; no group where there is nothing new."""
    quoted = [quote_story(story, own.articles, own.evidence) for story in own.stories[:_FOLLOWED]]
    lines = tuple(one.line for one in quoted if one is not None)
    if not lines:
        return []
    mark = TopicMark(title="Stories you follow", color=_NEUTRAL)
    return [DigestGroup(topic=mark, stories=lines, more=len(own.stories) - len(lines))]


def held_labels(outcomes: Iterable[Outcome], workspace: Workspace) -> tuple[tuple[str, int], ...]:
    """What no alert was posted for, by the words that people read. A slower pace is a choice, not held back."""
    counts = Counter(one.reason for one in outcomes if one.state is OutcomeState.HELD)
    quiet = "in quiet hours"
    if workspace.quiet_from is not None and workspace.quiet_until is not None:
        overnight = workspace.quiet_from > workspace.quiet_until
        hours = f"({clock_label(workspace.quiet_from)}-{clock_label(workspace.quiet_until)})"
        quiet = f"overnight {hours}" if overnight else f"in quiet hours {hours}"
    labels = (
        (HeldReason.QUIET, quiet),
        (HeldReason.BURST, "folded in a burst"),
        (HeldReason.OLD, "older than a week"),
        (HeldReason.MUTED, "muted"),
        (HeldReason.LANGUAGE, "in other languages"),
        (HeldReason.PAUSED, "while paused"),
    )
    return tuple((label, counts[reason]) for reason, label in labels if counts[reason])
