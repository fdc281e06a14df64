"""The content of a digest: outcomes selected by pace, grouped into a section per topic, and counts of held articles."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from handlers.answers.parts import Button, DigestGroup, StoryLine, TopicMark
from handlers.answers.story_lines import MentionedStory, QuotedStory, group_mentions, other_headlines, quote_story
from handlers.answers.times import clock_label
from handlers.reports.followed import Followed
from storage.channel_stories import StoryMember
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

MAX_STORIES: Final = 5
"""Stories listed for each topic. The others are counted."""
_MAX_FOLLOWED: Final = 20
"""Stories listed that a person follows."""
_NEUTRAL_COLOR: Final = "#5b6b7b"
_LISTED_REASONS: Final = frozenset({None, HeldReason.PACE, HeldReason.QUIET, HeldReason.BURST, HeldReason.BLOCKED})
"""Outcomes whose stories are listed. Articles held for another reason are only counted."""


class ListedArticle(Protocol):
    """An article in its story: an outcome, or an article that has none in the channel."""

    @property
    def article_id(self) -> int: ...

    @property
    def story_id(self) -> int | None: ...


Selected = tuple[ListedArticle, tuple[Match, ...]]
"""An article, and the matches because of which it is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A topic of the channel with its stories, most important first."""

    topic: Topic
    stories: tuple[MentionedStory, ...]
    elsewhere: int
    """The number of the topic's stories that are listed under an earlier topic."""


def select_outcomes(
    outcomes: Iterable[Outcome],
    matches: Mapping[int, Sequence[Match]],
    subscriptions: Mapping[int, Subscription],
    *,
    new: frozenset[int],
    weekly: bool,
) -> list[Selected]:
    """Return the outcomes to list, each with its matches of topics that are due by their pace.

    `new` are the ids of articles since the last digest. `weekly` says whether weekly subscriptions are due.
    """
    selected: list[Selected] = []
    for outcome in outcomes:
        if outcome.reason not in _LISTED_REASONS:
            continue
        due = tuple(
            match
            for match in matches.get(outcome.article_id, ())
            if (subscription := subscriptions.get(match.topic_id)) is not None
            and subscription.paused_reason is None
            and (weekly if subscription.pace is Pace.WEEKLY else outcome.article_id in new)
        )
        if due:
            selected.append((outcome, due))
    return selected


def build_sections(
    selected: Sequence[Selected],
    articles: Mapping[int, Article],
    topics: Mapping[int, Topic],
    *,
    now: datetime,
) -> tuple[Section, ...]:
    """Return the sections, largest topic first. A story is listed once, under the first of its topics."""
    mentions: dict[int, list[Mention]] = {}
    for listed, matches in selected:
        article = articles.get(listed.article_id)
        if article is not None:
            for match in matches:
                mentions.setdefault(match.topic_id, []).append(_mention(listed, article, match))
    by_topic = {id: group_mentions(found, now=now) for id, found in mentions.items() if id in topics}
    order = sorted(by_topic, key=lambda id: (-len(by_topic[id]), topics[id].title.casefold(), id))
    under_earlier: set[int] = set()
    sections = []
    for id in order:
        own = tuple(story for story in by_topic[id] if story.story_id not in under_earlier)
        under_earlier.update(story.story_id for story in own)
        sections.append(Section(topic=topics[id], stories=own, elsewhere=len(by_topic[id]) - len(own)))
    return tuple(section for section in sections if section.stories or section.elsewhere)


def _mention(listed: ListedArticle, article: Article, match: Match) -> Mention:
    return Mention(
        article_id=article.id,
        story_id=listed.story_id,
        publisher=article.publisher,
        at=min(article.published_at, article.received_at),
        received_at=article.received_at,
        score=match.score,
        in_title=any(word.field == "title" for word in match.evidence),
    )


def story_lines(
    sections: Sequence[Section],
    articles: Mapping[int, Article],
    selected: Sequence[Selected],
    members: Mapping[int, Sequence[StoryMember]] = MappingProxyType({}),
) -> dict[int, StoryLine]:
    """Return the line of each story to list, by story id. Quoting takes some milliseconds per story.

    `members` are the articles of each story whose headlines are to be seen, by story id.
    """
    evidence: dict[int, list[Evidence]] = {}
    for listed, matches in selected:
        evidence[listed.article_id] = [word for match in matches for word in match.evidence]
    quoted = {
        story.story_id: quote_story(story, articles, evidence)
        for section in sections
        for story in section.stories[:MAX_STORIES]
    }
    return {
        story_id: _with_headlines(quote, members.get(story_id, ()))
        for story_id, quote in quoted.items()
        if quote is not None
    }


def _with_headlines(quoted: QuotedStory, members: Sequence[StoryMember]) -> StoryLine:
    also, more = other_headlines(members, quoted.articles[0].id)
    return replace(quoted.line, also=also, more_also=more)


def mark_listed(
    lines: Mapping[int, StoryLine], selected: Sequence[Selected], listed: Mapping[int, datetime]
) -> dict[int, StoryLine]:
    """Return the lines with the time at which a roll-up named their story, if none of its articles is newer.

    `listed` are the times (UTC) of roll-ups by the ids of the articles that they covered.
    """
    articles: dict[int, list[int]] = {}
    for article, _ in selected:
        articles.setdefault(article.story_id or -article.article_id, []).append(article.article_id)
    return {
        story_id: replace(line, listed_at=max(listed[id] for id in articles[story_id]))
        if all(id in listed for id in articles[story_id])
        else line
        for story_id, line in lines.items()
    }


def to_group(section: Section, lines: Mapping[int, StoryLine]) -> DigestGroup:
    """Return the section as part of a digest, with the stories that have a line."""
    shown = tuple(lines[story.story_id] for story in section.stories if story.story_id in lines)
    return DigestGroup(
        topic=TopicMark(title=section.topic.title, color=section.topic.color),
        stories=shown,
        more=len(section.stories) - len(shown),
        elsewhere=section.elsewhere,
        brief=Button(label="Brief", action=f"brief:{section.topic.id}:7d"),
    )


def followed_group(followed: Followed) -> list[DigestGroup]:
    """Return the group of the stories that a person follows, or no group if they contain nothing new."""
    quoted = [quote_story(story, followed.articles, followed.evidence) for story in followed.stories[:_MAX_FOLLOWED]]
    lines = tuple(quote.line for quote in quoted if quote is not None)
    if not lines:
        return []
    mark = TopicMark(title="Stories you follow", color=_NEUTRAL_COLOR)
    return [DigestGroup(topic=mark, stories=lines, more=len(followed.stories) - len(lines))]


def held_labels(outcomes: Iterable[Outcome], workspace: Workspace) -> tuple[tuple[str, int], ...]:
    """Return how many articles were held back for each reason, with the label that people see.

    Leaves out articles held for a slower pace, which is the channel's own choice.
    """
    counts = Counter(outcome.reason for outcome in outcomes if outcome.state is OutcomeState.HELD)
    quiet = "in quiet hours"
    if workspace.quiet_from is not None and workspace.quiet_until is not None:
        is_overnight = workspace.quiet_from > workspace.quiet_until
        hours = f"({clock_label(workspace.quiet_from)}-{clock_label(workspace.quiet_until)})"
        quiet = f"overnight {hours}" if is_overnight else f"in quiet hours {hours}"
    labels = (
        (HeldReason.QUIET, quiet),
        (HeldReason.BURST, "too many at once"),
        (HeldReason.OLD, "older articles"),
        (HeldReason.MUTED, "muted"),
        (HeldReason.LANGUAGE, "in other languages"),
        (HeldReason.PAUSED, "while paused"),
    )
    return tuple((label, counts[reason]) for reason, label in labels if counts[reason])
