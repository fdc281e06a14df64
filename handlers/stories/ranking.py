"""Ranks the stories of a brief or a digest: by how widely reported, how relevant and how recent each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from typing import Final

HALF_LIFE: Final = timedelta(hours=36)
"""The weight of a story halves each time this much time passes after its last report."""
_COPY_WEIGHT: Final = 0.25
"""A near-duplicate shows that an editor found the story worth publishing, but not that somebody else confirmed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """The facts that determine the rank of a story."""

    story_id: int
    independent: int
    """Sources that do not copy another."""
    articles: int
    """All articles of the story in the period."""
    sources: int = 1
    """The number of different publishers of these articles."""
    score: float
    """The best match score among its articles, 0 to 1."""
    in_title: bool = False
    """A headline matches the topic."""
    last_at: datetime
    """Publication time of the newest article."""


def weight(story: StoryFacts, *, now: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """Return how important the story is at `now`. Weights are only meaningful relative to each other."""
    confirmations = min(story.independent, max(story.sources, 1))
    copies = max(story.articles - confirmations, 0)
    reach = log2(1 + confirmations + _COPY_WEIGHT * min(copies, 4 * confirmations))
    relevance = (0.6 + 0.4 * min(max(story.score, 0.0), 1.0)) * (1.5 if story.in_title else 1.0)
    age = max((now - story.last_at) / half_life, 0.0)
    return float(reach * relevance * 0.5**age)


def rank(stories: Iterable[StoryFacts], *, now: datetime, half_life: timedelta = HALF_LIFE) -> tuple[StoryFacts, ...]:
    """Return the stories, most important first. Stories of equal weight are ordered newest first, then by id."""
    return tuple(
        sorted(
            stories,
            key=lambda story: (
                -round(weight(story, now=now, half_life=half_life), 9),
                -story.last_at.timestamp(),
                story.story_id,
            ),
        )
    )
