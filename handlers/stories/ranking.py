"""The order of stories in a brief or a digest: how widely reported, how well matched, how recent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from typing import Final

from handlers.stories.features import count_independent

__all__ = ["StoryFacts", "count_independent", "rank"]

HALF_LIFE: Final = timedelta(hours=36)
"""A story that was last reported this long ago counts half."""
_COPY_WORTH: Final = 0.25
"""A copy says that an editor found it worth printing, not that anyone else confirmed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What the order of one story hangs on."""

    story_id: int
    independent: int
    """Articles that are not copies of another (`count_independent`)."""
    articles: int
    """All of its articles in the period."""
    sources: int = 1
    """Different publishers among them."""
    score: float
    """The best match score among its articles, 0 to 1."""
    title_hit: bool = False
    """The topic was found in a headline."""
    last_at: datetime
    """The newest of its articles."""


def weight(story: StoryFacts, *, now: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """How much the story matters to the reader now; only the order of weights means something."""
    voices = min(story.independent, max(story.sources, 1))
    copies = max(story.articles - voices, 0)
    reach = log2(1 + voices + _COPY_WORTH * min(copies, 4 * voices))
    relevance = (0.6 + 0.4 * min(max(story.score, 0.0), 1.0)) * (1.5 if story.title_hit else 1.0)
    age = max((now - story.last_at) / half_life, 0.0)
    return float(reach * relevance * 0.5**age)


def rank(stories: Iterable[StoryFacts], *, now: datetime, half_life: timedelta = HALF_LIFE) -> tuple[StoryFacts, ...]:
    """The stories, the most important first; equal ones newest first, then by id."""
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
