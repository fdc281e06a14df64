"""References: @name means the same topic when a query is saved, matched and explained."""

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
    ("workspace", "name", "expected"),
    [
        (7, "huawei", OWN),
        (7, "Trade-War", CATALOGUE),  # a name precedes an alias, even one of an own topic
        (7, "ｔｒａｄｅ  war", CATALOGUE),
        (8, "huawei", CATALOGUE),
        (8, "贸易战", CATALOGUE),
        (SHARED, "nokia", None),
    ],
)
def test_a_name_precedes_an_alias_and_an_own_topic_precedes_the_catalogue(
    workspace: int, name: str, expected: Topic | None
) -> None:
    names = Names(TOPICS)

    assert names.find(workspace, name) == expected

    names.remove(CATALOGUE)
    assert names.find(workspace, name) == (OWN if workspace == 7 and expected is not None else None)


@pytest.mark.parametrize("query", ["@trade-war", '@"trade war"', "@贸易战", "@TRADE-WAR OR nothing"])
def test_a_reference_that_can_be_saved_also_matches(query: str) -> None:
    article = Readable(title="", body="Huawei in court", language="en")
    read_query(query, TOPICS)

    matcher = Matcher([*TOPICS, a_topic(3, query, workspace_id=7)])

    assert not matcher.broken
    assert matcher.topic_ids(article) == (1, 3)  # by an alias of the topic referred to


def test_a_reference_by_alias_follows_changes_of_the_topic() -> None:
    matcher = Matcher([CATALOGUE, a_topic(3, "@贸易战")])

    matcher.put(a_topic(1, "nokia", name="trade war", aliases=("贸易战",)))

    assert matcher.topic_ids(Readable(title="", body="Nokia", language="en")) == (1, 3)


def test_a_similar_name_is_suggested_for_a_misspelled_one() -> None:
    with pytest.raises(QueryError) as caught:
        read_query('5G AND @"trade wra" NOT zte', TOPICS)

    assert caught.value.column == 7
    assert caught.value.suggestion == "5G AND @trade-war NOT zte"


@pytest.mark.parametrize("name", ["a", "Title", "other"])
def test_a_topic_that_refers_to_itself_by_any_of_its_names_is_refused(name: str) -> None:
    topics = (a_topic(1, f"x1 OR @{name}", name="a", aliases=("title", "other")),)

    with pytest.raises(QueryError, match="refers to itself"):
        parse("@a", resolve=resolver(topics))
