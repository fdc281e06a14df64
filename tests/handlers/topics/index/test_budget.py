"""Budgets: a topic that is too complex for an article is stopped there, without effect on other workspaces."""

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
COMPLEX = " NEAR/100 ".join(["the", "of", "to"] * 30)
"""Nested spans, far apart, of the most common words."""
ARTICLE = Readable(title="Huawei", body=dense_text(Random(1), COMMON, 5_000), language="en")
PHRASES = ["&".join(["at"] * count) for count in range(2, 60)]
SIGNS = Readable(title="ZTE", body=" & ".join(["at"] * 1_500), language="en")
OWN, OTHER = 1, 2


def outcome(topics: list[Topic], article: Readable = ARTICLE) -> tuple[list[int], list[int]]:
    """Return the ids of the topics that matched and of those that were stopped."""
    results = Matcher(topics).match_fully(article)
    return [match.topic_id for match in results.matches], list(results.stopped)


def test_a_topic_that_exceeds_its_share_is_stopped_and_the_others_still_match() -> None:
    topics = [
        a_topic(1, COMPLEX, workspace_id=OWN),
        a_topic(2, "huawei", workspace_id=OWN),
        a_topic(3, "the NEAR/3 of", workspace_id=OWN),
        a_topic(4, "huawei AND the NEAR/3 of", workspace_id=OTHER),
        a_topic(5, "of NEAR/3 the", workspace_id=SHARED),
    ]

    assert outcome(topics) == ([2, 3, 4, 5], [1])
    assert Matcher(topics).topic_ids(ARTICLE) == (2, 3, 4, 5)


def test_topics_that_use_up_their_workspace_s_budget_stop_neither_other_workspaces_nor_small_topics() -> None:
    large = " OR ".join(f"(the NEAR/{number} of)" for number in range(20))
    topics = [a_topic(number, COMPLEX, workspace_id=OWN) for number in range(1, 9)]
    topics += [a_topic(20, "huawei NEAR/3 the OR the NEAR/3 of", workspace_id=OWN)]
    topics += [a_topic(30, large, workspace_id=OTHER), a_topic(31, large, workspace_id=SHARED)]
    topics += [a_topic(40, large, workspace_id=OWN)]

    matched, stopped = outcome(topics)

    assert matched == [20, 30, 31]
    assert stopped == [1, 2, 3, 4, 5, 6, 7, 8, 40]


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_stopping_depends_neither_on_the_order_of_topics_nor_on_other_workspaces(
    order: tuple[int, ...],
) -> None:
    topics = [
        a_topic(1, COMPLEX, workspace_id=OTHER),
        a_topic(2, COMPLEX, workspace_id=OWN),
        a_topic(3, "the NEAR/3 of", workspace_id=OWN),
    ]

    assert outcome([topics[index] for index in order]) == ([3], [1, 2])
    assert outcome([topics[1], topics[2]]) == ([3], [2])


def test_a_topic_is_stopped_at_every_match_of_the_article_until_it_is_edited() -> None:
    matcher = Matcher([a_topic(1, COMPLEX)])

    assert [matcher.match_fully(ARTICLE).stopped for _ in range(12)] == [(1,)] * 12

    matcher.put(a_topic(1, "the NEAR/100 of"))
    assert [match.topic_id for match in matcher.match_fully(ARTICLE).matches] == [1]
    assert matcher.match_fully(ARTICLE).stopped == ()


def test_topics_with_a_phrase_that_costs_too_much_are_stopped_and_do_not_match() -> None:
    phrases = [a_topic(number, f'"{phrase}"', workspace_id=OWN) for number, phrase in enumerate(PHRASES, 1)]
    without = a_topic(100, f'zte NOT "{PHRASES[-1]}"', workspace_id=OWN)
    other = a_topic(101, f'"{PHRASES[-1]}"', workspace_id=OTHER)

    matched, stopped = outcome([*phrases, without, other], SIGNS)

    assert 101 in matched
    assert 100 in outcome([without, a_topic(1, "zte")], Readable(title="ZTE", body="", language="en"))[0]
    assert stopped and set(stopped) | set(matched) == {*range(1, len(PHRASES) + 1), 101}
    assert 100 not in matched


def test_regular_expressions_that_are_too_large_for_the_article_stop_the_topic() -> None:
    expressions = " OR ".join(f"/[a-z ]{{1,{900 + number}}}z/" for number in range(15))

    assert outcome([a_topic(1, expressions), a_topic(2, r"/the \w+/")]) == ([2], [1])


def test_many_wildcards_match_as_each_alone_and_removed_ones_free_their_budget() -> None:
    patterns = [f"*{first}{second}*" for first in "hxu" for second in "uwaeixyzbcdfgjk"]
    article = Readable(title="Huawei", body="Six hubs", language="en")
    matcher = Matcher(a_topic(number, pattern, workspace_id=OWN) for number, pattern in enumerate(patterns))
    alone = [number for number, pattern in enumerate(patterns) if evaluate(parse(pattern), article).matches]

    assert list(matcher.topic_ids(article)) == alone

    for number in range(40):
        matcher.remove(number)
    matcher.put(a_topic(100, " OR ".join(patterns), workspace_id=OWN))
    assert list(matcher.topic_ids(article)) == [number for number in alone if number >= 40] + [100]


def test_a_phrase_of_two_workspaces_is_still_found_after_one_removes_it() -> None:
    matcher = Matcher([a_topic(1, "=huawei", workspace_id=OWN), a_topic(2, "title:huawei", workspace_id=OWN)])
    matcher.put(a_topic(3, "title:huawei", workspace_id=OTHER))

    matcher.remove(2)
    assert matcher.topic_ids(ARTICLE) == (1, 3)

    matcher.remove(3)
    matcher.put(a_topic(4, "title:huawei", workspace_id=OTHER))
    assert matcher.topic_ids(ARTICLE) == (1, 4)


def test_a_match_whose_evidence_costs_too_much_is_stopped() -> None:
    words = dense_text(Random(2), ("a1", "b2", "c3"), 5_000)
    article = Readable(title="", body=words, language="en")
    query = " OR ".join(f"(a1 NEAR/{number % 100} (b2 NEAR/{number} c3))" for number in range(100))
    matcher = Matcher([a_topic(1, query), a_topic(2, "a1")])

    assert [match.topic_id for match in matcher.match(article)] == [1, 2]
    assert outcome([a_topic(1, query), a_topic(2, "a1")], article) == ([2], [1])


def test_the_evaluation_of_one_query_reports_that_it_was_stopped() -> None:
    evaluation = evaluate(parse(COMPLEX), ARTICLE)

    assert evaluation.stopped
    assert not evaluation.matches
    assert draw_trace(evaluation.trace) == "✗ stopped: the query is too complex for this article"
    assert not evaluate(parse(COMPLEX), ARTICLE, Budget()).stopped


def test_a_topic_gets_its_share_once_even_if_it_is_started_repeatedly() -> None:
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


def test_the_budget_grows_with_the_article() -> None:
    sizes = [0, 5_000, 1_400_000, 20_000_000, 500_000_000]
    totals = [budget_for(size).total for size in sizes]

    assert totals == sorted(set(totals))
    assert totals[0] > 0


def test_a_small_topic_still_has_its_allowance_after_the_total_is_used_up() -> None:
    budget = Budget(total=10_000, share=10_000, allowance=2_000)
    budget.start(1)
    budget.spend(10_000)

    budget.start(2)
    budget.spend(2_000)
    budget.start(3)
    budget.start(2)

    with pytest.raises(OverBudget):
        budget.spend(1)
