"""The reasons of a match: what is stored with it is what a later look at the article and the query gives."""

from datetime import timedelta

from handlers.queries.subjects import readable, resolver
from handlers.topics.index.evaluate import evaluate
from handlers.topics.query.names import topic_tree
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


async def test_the_stored_trace_is_the_one_worked_out_again(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    async with newsroom.store.begin() as tx:
        for known, query in QUERIES.items():
            await tx.topics.add(NewTopic(workspace_id=SHARED, name=known, title=known, query=query), newsroom.now)
    arrived = await newsroom.add_article(
        "A ban on Huawei in the trade war", "Huawei and ZTE fear a ban of 5G. Sanctioned firms sue.", ago=timedelta(1)
    )
    assert arrived.article is not None

    async with newsroom.store.read() as tx:
        topics = await tx.topics.visible(SHARED)
        stored = {match.topic_id: match for match in await tx.matches.of_article(arrived.article.id)}
        article = await tx.articles.get(arrived.article.id)
    assert article is not None
    for topic in (one for one in topics if one.name in QUERIES):
        again = evaluate(topic_tree(topic, resolve=resolver(topics)), readable(article))
        kept = stored[topic.id]
        assert (kept.trace, kept.evidence, kept.score) == (again.trace, again.evidence, again.score), topic.name
