"""A digest that is too long for one message is split between stories."""

from itertools import chain

import pytest

from handlers.answers.answer import Digest
from handlers.answers.split import split_digest
from tests.support.answers import digest


def stories(part: Digest) -> list[int]:
    return [story.story_id for group in part.groups for story in group.stories]


def test_a_digest_that_fits_is_not_split() -> None:
    assert split_digest(digest(8), lambda part: True) == (digest(8),)


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_the_parts_have_every_story_once_and_in_order(limit: int) -> None:
    whole = digest(12)

    parts = split_digest(whole, lambda part: len(stories(part)) <= limit)

    assert list(chain.from_iterable(map(stories, parts))) == stories(whole)
    assert all(len(stories(part)) <= limit for part in parts)
    assert [part.part for part in parts] == [(number, len(parts)) for number in range(1, len(parts) + 1)]


def test_the_chart_is_in_the_first_part_and_what_was_held_back_in_the_last() -> None:
    whole = digest(6)

    first, *others, last = split_digest(whole, lambda part: len(stories(part)) <= 2)

    assert first.chart == whole.chart
    assert not first.held
    assert not first.buttons
    assert all(part.chart is None and part.held == () for part in others)
    assert (last.chart, last.held, last.buttons) == (None, whole.held, whole.buttons)


def test_counts_of_unlisted_stories_are_not_repeated() -> None:
    whole = digest(6)

    parts = split_digest(whole, lambda part: len(stories(part)) <= 1)

    groups = [group for part in parts for group in part.groups]
    assert sum(group.more for group in groups) == sum(group.more for group in whole.groups)
    assert sum(group.elsewhere for group in groups) == sum(group.elsewhere for group in whole.groups)
