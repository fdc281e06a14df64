"""Mentions, and the stories and counts that they add up to."""

from datetime import datetime, timedelta

import pytest

from storage.records import SHARED, Article, Evidence, Match, Mention, Tally, Topic
from storage.store import Store, Tx
from tests.support.stores import make_article, make_source, make_story, make_topic, make_workspace

TITLE = Evidence(field="title", start=0, end=6, text="Huawei")
BODY = Evidence(field="body", start=0, end=6, text="Huawei")
MISLEADING = Evidence(field="body", start=0, end=15, text='"field":"title"')


DAY = timedelta(days=1)


def _match(article: Article, topic: Topic, *, evidence: Evidence = BODY, score: float = 1.0) -> Match:
    return Match(article_id=article.id, topic_id=topic.id, evidence=(evidence,), score=score, trace={})


async def _report(tx: Tx, at: datetime, publisher: str, *, workspace_id: int = SHARED) -> Article:
    """Store an article that its publisher published at that time."""
    source = await make_source(tx, at, workspace_id=workspace_id)
    (article,) = await tx.articles.add_many(
        [
            (
                Article(
                    id=0,
                    workspace_id=workspace_id,
                    source_id=source.id,
                    publisher=publisher,
                    title="Huawei opens a plant",
                    text="Huawei opens a plant.",
                    language="en",
                    published_at=at,
                    received_at=at + timedelta(minutes=5),
                ),
                b"",
            )
        ]
    )
    return article


@pytest.mark.parametrize("publisher", ['The "Wire" \\ Co.\n', "新华社 📰", "null", "[1, 2]", "1e999"])
async def test_a_mention_is_read_back_as_it_was_stored(store: Store, now: datetime, publisher: str) -> None:
    at = now.replace(microsecond=123_456)
    async with store.begin() as tx:
        topic, article = await make_topic(tx, now), await _report(tx, at, publisher)
        await tx.matches.add_many([_match(article, topic, score=12.345)])

        (mention,) = await tx.matches.mentions(topic.id, SHARED, since=now)

    assert mention == Mention(
        article_id=article.id,
        story_id=None,
        publisher=publisher,
        at=at,
        received_at=at + timedelta(minutes=5),
        score=12.345,
        in_title=False,
    )


@pytest.mark.parametrize(
    ("evidence", "in_title"),
    [((BODY,), False), ((TITLE,), True), ((BODY, TITLE), True), ((), False), ((MISLEADING,), False)],
    ids=["in the text", "in the headline", "in both", "no evidence", "text that looks like the field of a headline"],
)
async def test_a_mention_says_whether_the_headline_contains_evidence(
    store: Store, now: datetime, evidence: tuple[Evidence, ...], in_title: bool
) -> None:
    async with store.begin() as tx:
        topic, article = await make_topic(tx, now), await make_article(tx, now)
        match = Match(article_id=article.id, topic_id=topic.id, evidence=evidence, score=1.5, trace={})
        await tx.matches.add_many([match])

        (mention,) = await tx.matches.mentions(topic.id, SHARED, since=now)

    assert (mention.in_title, mention.article_id, mention.score, mention.at) == (in_title, article.id, 1.5, now)


async def test_a_mention_takes_the_date_that_its_article_gets_later(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, article = await make_topic(tx, now), await make_article(tx, now)
        await tx.matches.add_many([_match(article, topic)])

        await tx.articles.complete(article.id, {"published_at": now - timedelta(days=2)})

        assert await tx.matches.mentions(topic.id, SHARED, since=now - timedelta(days=1)) == ()
        (mention,) = await tx.matches.mentions(topic.id, SHARED, since=now - timedelta(days=3))
        assert mention.at == now - timedelta(days=2)


async def test_tallies_add_up_the_mentions_of_each_story(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, story, other = await make_topic(tx, now), await make_story(tx, now), await make_story(tx, now)
        reports = [
            await _report(tx, now - age, publisher)
            for age, publisher in ((3 * DAY, "Straße"), (2 * DAY, "STRASSE"), (DAY, "Wire"), (DAY, "Wire"))
        ]
        await tx.matches.add_many([_match(report, topic, score=index) for index, report in enumerate(reports)])
        await tx.matches.add_many([_match(reports[1], topic, evidence=TITLE)])
        await tx.articles.set_stories({reports[0].id: story.id, reports[1].id: story.id, reports[2].id: other.id})

        tallies = {tally.story_id: tally for tally in await tx.matches.tallies(topic.id, SHARED, since=now - 9 * DAY)}

        assert set(tallies) == {story.id, other.id, -reports[3].id}
        assert tallies[story.id] == Tally(
            story_id=story.id,
            articles=2,
            sources=1,
            score=1.0,
            in_title=True,
            last_at=reports[1].published_at,
            first_received_at=reports[0].received_at,
        )
        mentions = await tx.matches.mentions(topic.id, SHARED, since=now - 9 * DAY, stories=[other.id, -reports[3].id])
        assert _ids(mentions) == [reports[2].id, reports[3].id]
        assert _ids(await tx.matches.mentions(topic.id, SHARED, since=now - 9 * DAY, newest=2)) == _ids(mentions)


async def test_a_tally_counts_only_articles_published_and_received_in_its_period(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, story = await make_topic(tx, now), await make_story(tx, now)
        before, inside, received_later = [
            await _report(tx, at, "Wire") for at in (now - DAY, now - timedelta(hours=1), now - timedelta(minutes=2))
        ]
        await tx.matches.add_many([_match(report, topic) for report in (before, inside, received_later)])
        await tx.articles.set_stories(dict.fromkeys([before.id, inside.id, received_later.id], story.id))
        since = now - timedelta(hours=2)

        (tally,) = await tx.matches.tallies(topic.id, SHARED, since=since, until=now)

        assert (tally.articles, tally.last_at) == (1, inside.published_at)
        assert await tx.matches.span_counts([topic.id], SHARED, [now - 2 * DAY, since, now], until=now) == (1, 1)


async def test_mentions_move_with_a_merged_story(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, target, merged = await make_topic(tx, now), await make_story(tx, now), await make_story(tx, now)
        first, second = await _report(tx, now - DAY, "Wire"), await _report(tx, now - DAY, "Herald")
        await tx.articles.set_stories({first.id: target.id, second.id: merged.id})
        await tx.matches.add_many([_match(first, topic), _match(second, topic)])

        await tx.stories.merge(merged.id, target.id, now)

        (tally,) = await tx.matches.tallies(topic.id, SHARED, since=now - 2 * DAY)
        assert (tally.story_id, tally.articles, tally.sources) == (target.id, 2, 2)


async def test_stories_that_began_late_are_counted_separately(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        topic, quiet = await make_topic(tx, now), await make_topic(tx, now, "quiet")
        old, new = await make_story(tx, now), await make_story(tx, now)
        reports = [await _report(tx, now - age * DAY, "Wire") for age in (29, 20, 10, 5)]
        await tx.matches.add_many([_match(report, topic) for report in reports])
        stories = (old.id, old.id, new.id, new.id)
        await tx.articles.set_stories(dict(zip([report.id for report in reports], stories, strict=True)))

        starts = await tx.matches.story_starts(
            [topic.id, quiet.id], SHARED, since=now - 30 * DAY, early=now - 28 * DAY, until=now
        )

        assert set(starts) == {topic.id}
        found = starts[topic.id]
        assert (found.first_at, found.stories, found.later) == (reports[0].published_at, 2, 1)


async def test_no_count_includes_articles_of_another_workspace(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        topic = await make_topic(tx, now)
        await tx.matches.add_many([_match(await _report(tx, now - DAY, "Wire", workspace_id=theirs.id), topic)])
        since, edges = now - 2 * DAY, [now - 2 * DAY, now]

        for viewer, count in ((mine.id, 0), (SHARED, 0), (theirs.id, 1)):
            assert len(await tx.matches.tallies(topic.id, viewer, since=since)) == count
            assert len(await tx.matches.mentions(topic.id, viewer, since=since, newest=5)) == count
            assert await tx.matches.span_counts([topic.id], viewer, edges, until=now) == (count,)
            assert len(await tx.matches.story_starts([topic.id], viewer, since=since, early=since, until=now)) == count


def _ids(mentions: tuple[Mention, ...]) -> list[int]:
    return [mention.article_id for mention in mentions]
