"""Matches: they are updated and replaced when a query or a text changes."""

from datetime import datetime

from storage.records import Evidence, Match
from storage.store import Store
from tests.support.stores import make_article, make_topic


def _match(article_id: int, topic_id: int, *, score: float = 1.0) -> Match:
    evidence = Evidence(field="title", start=0, end=6, text="Huawei")
    return Match(
        article_id=article_id, topic_id=topic_id, evidence=(evidence,), score=score, trace={"any": [True, "华为"]}
    )


async def test_matches_are_updated_and_replaced(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, other_topic = await make_topic(tx, now, "one"), await make_topic(tx, now, "two")
        first, second = await make_article(tx, now, "First"), await make_article(tx, now, "Second")
        await tx.matches.add_many([_match(first.id, topic.id), _match(first.id, other_topic.id)])
        await tx.matches.add_many([_match(first.id, topic.id, score=2.0)])

        assert [match.score for match in await tx.matches.of_article(first.id)] == [2.0, 1.0]
        assert (await tx.matches.of_article(first.id))[0].evidence[0].text == "Huawei"
        await tx.matches.replace_for_topic(topic.id, [_match(second.id, topic.id), _match(999, topic.id)])
        found = await tx.matches.of_articles([first.id, second.id])
        assert {id: [match.topic_id for match in matches] for id, matches in found.items()} == {
            first.id: [other_topic.id],
            second.id: [topic.id],
        }
        await tx.matches.replace_for_article(first.id, [_match(first.id, topic.id)])
        assert [match.topic_id for match in await tx.matches.of_article(first.id)] == [topic.id]
