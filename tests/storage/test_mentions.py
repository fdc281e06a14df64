"""Mentions: a match without its texts, as counts and orders need it."""

from datetime import datetime, timedelta

import pytest

from storage.records import SHARED, Evidence, Match
from storage.store import Store
from tests.support.stores import make_article, make_topic

TITLE = Evidence(field="title", start=0, end=6, text="Huawei")
BODY = Evidence(field="body", start=0, end=6, text="Huawei")
SLY = Evidence(field="body", start=0, end=15, text='"field":"title"')


@pytest.mark.parametrize(
    ("evidence", "title_hit"),
    [((BODY,), False), ((TITLE,), True), ((BODY, TITLE), True), ((), False), ((SLY,), False)],
    ids=["in the text", "in the headline", "in both", "without a word", "in words that look like the headline's"],
)
async def test_a_mention_says_whether_the_headline_holds_a_word(
    store: Store, now: datetime, evidence: tuple[Evidence, ...], title_hit: bool
) -> None:
    async with store.begin() as tx:
        topic, article = await make_topic(tx, now), await make_article(tx, now)
        match = Match(article_id=article.id, topic_id=topic.id, evidence=evidence, score=1.5, trace={})
        await tx.matches.add_many([match], now)

        (mention,) = await tx.matches.mentions(topic.id, SHARED, since=now)

    assert (mention.title_hit, mention.article_id, mention.score, mention.at) == (title_hit, article.id, 1.5, now)


async def test_a_mention_is_of_the_day_that_its_article_came_to_be_known_by(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, article = await make_topic(tx, now), await make_article(tx, now)
        await tx.matches.add_many(
            [Match(article_id=article.id, topic_id=topic.id, evidence=(BODY,), score=1, trace={})], now
        )

        await tx.articles.complete(article.id, {"published_at": now - timedelta(days=2)})

        assert await tx.matches.mentions(topic.id, SHARED, since=now - timedelta(days=1)) == ()
        (mention,) = await tx.matches.mentions(topic.id, SHARED, since=now - timedelta(days=3))
        assert mention.at == now - timedelta(days=2)
