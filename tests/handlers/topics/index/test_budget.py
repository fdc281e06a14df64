"""A topic that takes too much work for an article is stopped, and nobody else's topic is touched by that."""

import itertools
from random import Random

import pytest

from handlers.topics.index.budget import Budget, OverBudget, budget_for
from handlers.topics.index.evaluate import draw_trace, evaluate
from handlers.topics.index.fields import Readable
from handlers.topics.matcher import Matcher
from handlers.topics.query.query import parse
from storage.records import SHARED, Topic
from tests.support.queries import dense_text
from tests.support.topics import a_topic

COMMON = ("the", "of", "to", "in")
GREEDY = " NEAR/100 ".join(["the", "of", "to"] * 30)
"""Runs of words within runs of words, far apart, of the commonest words there are."""
ARTICLE = Readable(title="Huawei", body=dense_text(Random(1), COMMON, 5_000), language="en")
GLUED = ["&".join(["at"] * count) for count in range(2, 60)]
SIGNS = Readable(title="ZTE", body=" & ".join(["at"] * 1_500), language="en")
MINE, YOURS = 1, 2


def outcome(topics: list[Topic], article: Readable = ARTICLE) -> tuple[list[int], list[int]]:
    """The topics that matched and those that were stopped."""
    matched = Matcher(topics).match_fully(article)
    return [one.topic_id for one in matched.matches], list(matched.stopped)


def test_a_topic_that_takes_too_much_work_is_stopped_and_the_others_go_on() -> None:
    topics = [
        a_topic(1, GREEDY, workspace_id=MINE),
        a_topic(2, "huawei", workspace_id=MINE),
        a_topic(3, "the NEAR/3 of", workspace_id=MINE),
        a_topic(4, "huawei AND the NEAR/3 of", workspace_id=YOURS),
        a_topic(5, "of NEAR/3 the", workspace_id=SHARED),
    ]

    assert outcome(topics) == ([2, 3, 4, 5], [1])
    assert Matcher(topics).topic_ids(ARTICLE) == (2, 3, 4, 5)


def test_topics_that_use_up_the_budget_of_their_workspace_leave_the_others_and_every_small_topic_theirs() -> None:
    large = " OR ".join(f"(the NEAR/{number} of)" for number in range(20))
    topics = [a_topic(number, GREEDY, workspace_id=MINE) for number in range(1, 9)]
    topics += [a_topic(20, "huawei NEAR/3 the OR the NEAR/3 of", workspace_id=MINE)]
    topics += [a_topic(30, large, workspace_id=YOURS), a_topic(31, large, workspace_id=SHARED)]
    topics += [a_topic(40, large, workspace_id=MINE)]

    matched, stopped = outcome(topics)

    assert matched == [20, 30, 31]
    assert stopped == [1, 2, 3, 4, 5, 6, 7, 8, 40]


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_what_is_stopped_depends_neither_on_the_order_nor_on_others(order: tuple[int, ...]) -> None:
    topics = [
        a_topic(1, GREEDY, workspace_id=YOURS),
        a_topic(2, GREEDY, workspace_id=MINE),
        a_topic(3, "the NEAR/3 of", workspace_id=MINE),
    ]

    assert outcome([topics[place] for place in order]) == ([3], [1, 2])
    assert outcome([topics[1], topics[2]]) == ([3], [2])


def test_a_topic_stays_stopped_however_often_the_article_is_matched_and_goes_on_when_it_is_edited() -> None:
    matcher = Matcher([a_topic(1, GREEDY)])

    assert [matcher.match_fully(ARTICLE).stopped for _ in range(12)] == [(1,)] * 12

    matcher.put(a_topic(1, "the NEAR/100 of"))
    assert [one.topic_id for one in matcher.match_fully(ARTICLE).matches] == [1]
    assert matcher.match_fully(ARTICLE).stopped == ()


def test_topics_that_hang_on_a_phrase_that_was_not_looked_for_are_stopped_and_none_of_them_matches() -> None:
    phrases = [a_topic(number, f'"{glued}"', workspace_id=MINE) for number, glued in enumerate(GLUED, 1)]
    without = a_topic(100, f'zte NOT "{GLUED[-1]}"', workspace_id=MINE)
    other = a_topic(101, f'"{GLUED[-1]}"', workspace_id=YOURS)

    matched, stopped = outcome([*phrases, without, other], SIGNS)

    assert 101 in matched
    assert 100 in outcome([without, a_topic(1, "zte")], Readable(title="ZTE", body="", language="en"))[0]
    assert stopped and set(stopped) | set(matched) == {*range(1, len(GLUED) + 1), 101}
    assert 100 not in matched


def test_expressions_that_are_too_large_for_the_article_are_not_tried() -> None:
    expressions = " OR ".join(f"/[a-z ]{{1,{900 + number}}}z/" for number in range(15))

    assert outcome([a_topic(1, expressions), a_topic(2, r"/the \w+/")]) == ([2], [1])


def test_many_wildcards_find_what_each_finds_alone_and_make_room_for_others_when_they_go() -> None:
    patterns = [f"*{first}{second}*" for first in "hxu" for second in "uwaeixyzbcdfgjk"]
    article = Readable(title="Huawei", body="Six hubs", language="en")
    matcher = Matcher(a_topic(number, pattern, workspace_id=MINE) for number, pattern in enumerate(patterns))
    alone = [number for number, pattern in enumerate(patterns) if evaluate(parse(pattern), article).matches]

    assert list(matcher.topic_ids(article)) == alone

    for number in range(40):
        matcher.remove(number)
    matcher.put(a_topic(100, " OR ".join(patterns), workspace_id=MINE))
    assert list(matcher.topic_ids(article)) == [number for number in alone if number >= 40] + [100]


def test_a_phrase_of_two_workspaces_is_found_for_the_one_that_stays() -> None:
    matcher = Matcher([a_topic(1, "=huawei", workspace_id=MINE), a_topic(2, "title:huawei", workspace_id=MINE)])
    matcher.put(a_topic(3, "title:huawei", workspace_id=YOURS))

    matcher.remove(2)
    assert matcher.topic_ids(ARTICLE) == (1, 3)

    matcher.remove(3)
    matcher.put(a_topic(4, "title:huawei", workspace_id=YOURS))
    assert matcher.topic_ids(ARTICLE) == (1, 4)


def test_what_takes_too_much_work_to_show_is_stopped_too() -> None:
    words = dense_text(Random(2), ("a1", "b2", "c3"), 5_000)
    article = Readable(title="", body=words, language="en")
    query = " OR ".join(f"(a1 NEAR/{number % 100} (b2 NEAR/{number} c3))" for number in range(100))
    matcher = Matcher([a_topic(1, query), a_topic(2, "a1")])

    assert [one.topic_id for one in matcher.match(article)] == [1, 2]
    assert outcome([a_topic(1, query), a_topic(2, "a1")], article) == ([2], [1])


def test_one_query_alone_says_that_it_was_stopped() -> None:
    evaluation = evaluate(parse(GREEDY), ARTICLE)

    assert evaluation.stopped
    assert not evaluation.matches
    assert draw_trace(evaluation.trace) == "✗ stopped: the query is too complex for this article"
    assert not evaluate(parse(GREEDY), ARTICLE, Budget()).stopped


def test_a_topic_gets_no_more_than_its_share_however_often_it_begins_anew() -> None:
    budget = Budget(total=10_000, share=4_000)
    budget.start(1)
    budget.spend(3_000)
    budget.start(2)
    budget.spend(4_000)
    budget.start(1)
    budget.spend(1_000)

    with pytest.raises(OverBudget):
        budget.spend(1)

    budget.start(3)
    assert budget.remaining == budget.total == 1_999
    budget.spend(1_999)


def test_an_article_of_any_size_has_a_budget_that_grows_with_it() -> None:
    sizes = [0, 5_000, 1_400_000, 20_000_000, 500_000_000]
    totals = [budget_for(size).total for size in sizes]

    assert totals == sorted(set(totals))
    assert totals[0] > 0


def test_a_small_topic_goes_on_when_the_others_have_used_up_everything() -> None:
    budget = Budget(total=10_000, share=10_000, allowance=2_000)
    budget.start(1)
    budget.spend(10_000)

    budget.start(2)
    budget.spend(2_000)
    budget.start(3)
    budget.start(2)

    with pytest.raises(OverBudget):
        budget.spend(1)
