"""Topics by name: what @ stands for is the same when a query is saved, matched and explained."""

import pytest

from handlers.queries.subjects import read_query, resolver
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.query.names import Names
from handlers.topics.query.query import QueryError, parse
from storage.records import SHARED, Topic
from tests.support.topics import a_topic

CATALOGUE = a_topic(1, "zte", name="trade war", aliases=("贸易战", "Huawei"))
OWN = a_topic(2, "nokia", name="huawei", workspace_id=7, aliases=("trade war",))
TOPICS = (CATALOGUE, OWN)


@pytest.mark.parametrize(
    ("workspace", "name", "means"),
    [
        (7, "huawei", OWN),
        (7, "Trade-War", CATALOGUE),  # a name before an alias, also of an own topic
        (7, "ｔｒａｄｅ  war", CATALOGUE),
        (8, "huawei", CATALOGUE),
        (8, "贸易战", CATALOGUE),
        (SHARED, "nokia", None),
    ],
)
def test_a_topic_is_called_by_name_then_title_then_alias_the_own_one_first(
    workspace: int, name: str, means: Topic | None
) -> None:
    names = Names(TOPICS)

    assert names.find(workspace, name) == means

    names.remove(CATALOGUE)
    assert names.find(workspace, name) == (OWN if workspace == 7 and means is not None else None)


@pytest.mark.parametrize("query", ["@trade-war", '@"trade war"', "@贸易战", "@TRADE-WAR OR nothing"])
def test_what_can_be_saved_also_matches(query: str) -> None:
    article = Readable(title="", body="Huawei in court", language="en")
    read_query(query, TOPICS)

    matcher = Matcher([*TOPICS, a_topic(3, query, workspace_id=7)])

    assert not matcher.broken
    assert matcher.topic_ids(article) == (1, 3)  # by an alias of the topic that is named


def test_a_topic_named_by_its_alias_follows_its_changes() -> None:
    matcher = Matcher([CATALOGUE, a_topic(3, "@贸易战")])

    matcher.put(a_topic(1, "nokia", name="trade war", aliases=("贸易战",)))

    assert matcher.topic_ids(Readable(title="", body="Nokia", language="en")) == (1, 3)


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(QueryError) as caught:
        read_query('5G AND @"trade wra" NOT zte', TOPICS)

    assert caught.value.column == 7
    assert caught.value.suggestion == "5G AND @trade-war NOT zte"


@pytest.mark.parametrize("called", ["a", "Title", "other"])
def test_a_circle_is_found_by_whatever_names_it_closes(called: str) -> None:
    topics = (a_topic(1, f"x1 OR @{called}", name="a", aliases=("title", "other")),)

    with pytest.raises(QueryError, match="refers to itself"):
        parse("@a", resolve=resolver(topics))
