"""The order of the stories in a brief or a digest."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.stories.ranking import StoryFacts, rank

NOW = datetime(2024, 6, 3, 12, tzinfo=UTC)


def story(story_id: int, *, hours: float = 1, **given: object) -> StoryFacts:
    values: dict[str, object] = {"independent": 1, "articles": 1, "sources": 1, "score": 0.5} | given
    return StoryFacts(story_id=story_id, last_at=NOW - timedelta(hours=hours), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (story(9, independent=4, articles=4, sources=4), story(1)),
        (story(9, independent=3, articles=3, sources=3), story(1, independent=1, articles=6, sources=6)),
        (story(9, independent=1, articles=5, sources=5), story(1)),
        (story(9, in_title=True), story(1)),
        (story(9, score=0.9), story(1, score=0.2)),
        (story(9, hours=1), story(1, hours=30)),
        (story(9, hours=200, independent=1), story(1, hours=400, independent=9, articles=9, sources=9)),
    ],
    ids=[
        "more independent reports",
        "independent reports over copies",
        "copies count a little",
        "match in the headline",
        "better match",
        "newer",
        "old news loses its weight",
    ],
)
def test_the_more_important_story_is_ranked_first(first: StoryFacts, second: StoryFacts) -> None:
    assert rank([second, first], now=NOW) == (first, second)


def test_equal_stories_are_ordered_by_id_whatever_the_order_of_the_input() -> None:
    stories = [story(number) for number in (3, 1, 2)]

    assert [ranked.story_id for ranked in rank(stories, now=NOW)] == [1, 2, 3]
    assert rank(reversed(stories), now=NOW) == rank(stories, now=NOW)
