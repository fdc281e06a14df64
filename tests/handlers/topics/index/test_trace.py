"""Traces: a stored match keeps its query, whose tree equals that of the topic, so that a trace can be made later."""

from dataclasses import replace
from datetime import timedelta

from handlers.answers.answer import Explanation
from handlers.queries.subjects import readable, resolver
from handlers.topics.index.evaluate import evaluate
from handlers.topics.query.names import topic_tree, tree_of
from storage.records import SHARED
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom

QUERIES = {
    "words": "huawei OR nokia",
    "both": "huawei AND 5G NOT potato",
    "near": "ban NEAR/4 huawei",
    "in order": "ban ONEAR/4 huawei",
    "outside": 'war OUTSIDE "civil war"',
    "most": "2 of (huawei, zte, 5G)",
    "fields": "title:huawei OR site:wire.example OR source:wire",
    "expression": r"/hua\w+/ lang:en",
    "another": "@both OR @near",
    "wildcard": 'sanction* OR "trade w?r"',
}


async def test_the_stored_match_equals_a_later_evaluation(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    async with newsroom.store.begin() as tx:
        for name, query in QUERIES.items():
            await tx.topics.add(NewTopic(workspace_id=SHARED, name=name, title=name, query=query), newsroom.now)
    arrived = await newsroom.add_article(
        "A ban on Huawei in the trade war", "Huawei and ZTE fear a ban of 5G. Sanctioned firms sue.", ago=timedelta(1)
    )
    assert arrived.article is not None

    async with newsroom.store.read() as tx:
        topics = await tx.topics.visible(SHARED)
        stored = {match.topic_id: match for match in await tx.matches.of_article(arrived.article.id)}
        article = await tx.articles.get(arrived.article.id)
    assert article is not None
    for topic in (topic for topic in topics if topic.name in QUERIES):
        again = evaluate(topic_tree(topic, resolve=resolver(topics)), readable(article))
        match = stored[topic.id]
        assert match.query is not None
        assert (match.evidence, match.score) == (again.evidence, again.score), topic.name
        assert evaluate(tree_of(topic, match.query), readable(article)).trace == again.trace, topic.name


async def trees(newsroom: Newsroom, article_id: int) -> tuple[tuple[str, str], ...]:
    answer = await newsroom.ask(f"/why {article_id}")
    assert isinstance(answer, Explanation)
    return answer.trees


async def test_an_article_is_explained_by_the_query_that_matched_it_after_the_topic_and_what_it_names_have_changed(
    sqlite_store: Store,
) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    async with newsroom.store.begin() as tx:
        plants = NewTopic(workspace_id=SHARED, title="Plants", name="plants", query="@huawei NEAR/4 plant")
        await tx.topics.add(plants, newsroom.now)
    arrived = await newsroom.add_article("Huawei opens a plant in Hungary", ago=timedelta(days=40))
    assert arrived.article is not None
    before = await trees(newsroom, arrived.article.id)

    async with newsroom.store.begin() as tx:
        topics = {topic.name: topic for topic in await tx.topics.visible(SHARED)}
        await tx.topics.update(topics["huawei"].id, query="nokia", aliases=["诺基亚"])
        await tx.topics.update(topics["plants"].id, query="@zte")
    after = await trees(newsroom, arrived.article.id)

    assert [title for title, _ in after] == ["Huawei", "Plants"]
    assert after == before
    assert "✓ huawei" in after[0][1] and "within 4 words" in after[1][1]


async def test_a_trace_that_an_earlier_version_stored_is_shown_as_it_is(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    arrived = await newsroom.add_article("Huawei opens a plant in Hungary")
    assert arrived.article is not None
    async with newsroom.store.begin() as tx:
        (match,) = await tx.matches.of_article(arrived.article.id)
        trace = {"is": "word", "text": "hua wei", "ok": True, "found": ["Huawei"]}
        await tx.matches.replace_for_article(arrived.article.id, [replace(match, query=None, trace=trace)])

    assert await trees(newsroom, arrived.article.id) == (("Huawei", "✓ hua wei — “Huawei”"),)
