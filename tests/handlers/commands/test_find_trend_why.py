"""/find, /trend and /why: what the archive holds, how it moves, and what stopped a post."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.answers.answer import Explanation, Listing, Notice, Trend
from handlers.answers.parts import Tone
from handlers.drafts import FailedDraft
from handlers.queries.backfill import backfill, enqueue_backfill
from handlers.queries.search import Search, SearchCache, newest_matching
from handlers.queries.subjects import read_query
from storage.records import SHARED, Article, DeliveryState
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import NOW, Newsroom, button
from tests.support.stores import make_source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PLANT = "Huawei opens a plant in Hungary"


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_find_shows_the_newest_first_with_the_words_marked(newsroom: Newsroom) -> None:
    await newsroom.arrives("Huawei sues the regulator in Sweden", "The firm went to court on Monday.", ago=3 * DAY)
    await newsroom.arrives(PLANT, "The plant of Huawei stands near Budapest.", ago=HOUR)
    await newsroom.arrives("ZTE hires a new chief", ago=HOUR)

    answer = await newsroom.says("/find huawei 7d")

    assert isinstance(answer, Listing)
    assert (answer.title, answer.summary) == ('"huawei", last 7 days', "2 articles, the newest first.")
    assert [row.title for row in answer.rows] == [PLANT, "Huawei sues the regulator in Sweden"]
    for row in answer.rows:
        assert row.quote is not None
        assert [row.quote.text[start:end] for start, end in row.quote.bold] == ["Huawei"]
    assert answer.rows[0].detail == "Example Wire · today 13:00"


async def test_find_says_how_much_was_searched(newsroom: Newsroom) -> None:
    await newsroom.arrives(PLANT, ago=HOUR)

    answer = await newsroom.says("/find unicorn")

    assert isinstance(answer, Notice) and answer.text.startswith("None of the 1 article of the last 30 days matches")
    longer = await newsroom.presses(button(answer, "365 days"))
    assert isinstance(longer.answer, Notice) and "last 365 days" in longer.answer.text


async def test_find_stops_once_it_has_enough_to_show(newsroom: Newsroom) -> None:
    """What nobody looks at is not read: a common word would be looked for in thousands of articles."""
    async with newsroom.store.begin() as tx:
        source = await make_source(tx, NOW - DAY)
        stored = await tx.articles.add_many(
            [
                (
                    Article(
                        id=0,
                        workspace_id=SHARED,
                        source_id=source.id,
                        publisher="Wire",
                        title=f"Huawei opens plant {number}",
                        text="",
                        language="en",
                        published_at=NOW - DAY,
                        received_at=NOW - DAY,
                    ),
                    b"",
                )
                for number in range(201)
            ]
        )
        await tx.search.put_many((article.id, article.title.casefold()) for article in stored)

        cache = SearchCache()
        search = Search(tree=read_query("huawei", ()), since=NOW - 2 * DAY, until=NOW, shown=10)
        found = await newest_matching(tx, SHARED, search, cache)
        all_of_them = await newest_matching(tx, SHARED, replace(search, shown=201), cache)

    assert (len(found.shown), found.count, found.examined) == (10, 200, 200)
    assert (len(all_of_them.shown), all_of_them.count, all_of_them.examined) == (201, 201, None)
    answer = await newsroom.says("/find huawei 7d")
    assert isinstance(answer, Listing)
    assert (answer.summary, answer.more) == ("200 articles among the newest 200 looked at, the newest first.", 190)


async def test_a_trend_draws_one_topic_or_two(newsroom: Newsroom) -> None:
    await newsroom.arrives(PLANT, ago=HOUR)
    await newsroom.arrives("ZTE hires a new chief", ago=2 * DAY)

    one = await newsroom.says("/trend huawei")
    two = await newsroom.says("/trend huawei vs zte 7d")

    assert isinstance(one, Trend) and isinstance(two, Trend)
    assert one.text == "Last 30 days. Huawei: 1 mention." and len(one.chart.days) == 30
    assert [(name, counts) for name, counts in two.chart.series] == [
        ("Huawei", (0, 0, 0, 0, 0, 0, 1)),
        ("ZTE", (0, 0, 0, 0, 1, 0, 0)),
    ]
    assert (await newsroom.presses(button(two, "Share"))).public


async def steps(newsroom: Newsroom, asked: str) -> tuple[list[tuple[bool, str]], Explanation]:
    answer = await newsroom.says(f"/why {asked}")
    assert isinstance(answer, Explanation), answer
    return [(step.ok, step.text) for step in answer.steps], answer


async def test_why_not_where_it_never_arrived(newsroom: Newsroom) -> None:
    await newsroom.source()

    unknown, answer = await steps(newsroom, "https://www.elsewhere.example/story")
    known, other = await steps(newsroom, "https://wire.example/missing?utm_source=x")

    assert unknown[-1] == (False, "Watched from elsewhere.example: nothing.")
    assert answer.verdict == (
        "No source of elsewhere.example is watched, so it could not arrive. "
        "Watch it: /sources add https://elsewhere.example"
    )
    assert known[-1][1].startswith("Watched from that site: Example Wire")
    assert other.verdict == "wire.example is watched, but its feed has not listed this article."


async def test_why_not_where_it_could_not_be_read(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    failed = FailedDraft(origin="https://wire.example/broken", reason="it holds no text", key="k1")
    await newsroom.ingest([failed], source=source, now=newsroom.now - HOUR)

    _, answer = await steps(newsroom, "https://wire.example/broken")

    assert answer.verdict == "It arrived today 13:00 but could not be read."
    assert answer.steps[-1].text.endswith("could not be read: it holds no text")


async def test_why_not_where_no_topic_matched(newsroom: Newsroom) -> None:
    await newsroom.says("/subscribe huawei")
    await newsroom.arrives("Rain in Spain", url="https://wire.example/rain")

    found, answer = await steps(newsroom, "https://wire.example/rain?utm_campaign=x#top")

    assert found[-1] == (False, "Matched no topic.")
    assert [name for name, _ in answer.trees] == ["Huawei"] and "✗ huawei" in answer.trees[0][1]


async def test_why_not_where_nobody_asked_for_it(newsroom: Newsroom) -> None:
    arrived = await newsroom.arrives(PLANT)
    assert arrived.article is not None

    found, answer = await steps(newsroom, str(arrived.article.id))

    assert found[-1] == (False, "#general is not subscribed to Huawei.")
    assert "✓ huawei" in answer.trees[0][1]
    assert button(answer, "Subscribe").action.startswith("subscribe:")


async def test_why_where_it_is_older_than_the_subscription(newsroom: Newsroom) -> None:
    arrived = await newsroom.arrives(PLANT, ago=HOUR)
    await newsroom.says("/subscribe huawei")
    assert arrived.article is not None

    _, answer = await steps(newsroom, str(arrived.article.id))

    assert answer.verdict == "It is older than the subscription; /brief finds it."


async def test_why_where_it_was_held(newsroom: Newsroom) -> None:
    await newsroom.says("/subscribe huawei daily")
    arrived = await newsroom.arrives(PLANT)
    assert arrived.article is not None

    _, answer = await steps(newsroom, str(arrived.article.id))

    assert answer.verdict == "Not posted: its subscription is daily or weekly, so it comes in the digest."


async def test_why_where_it_waits_is_posted_or_dead(newsroom: Newsroom) -> None:
    await newsroom.says("/subscribe huawei")
    arrived = await newsroom.arrives(PLANT)
    assert arrived.article is not None
    channel = await newsroom.channel()

    _, waiting = await steps(newsroom, str(arrived.article.id))
    async with newsroom.store.begin() as tx:
        delivery = await tx.deliveries.claim(channel.id, now=newsroom.now, lease=HOUR)
        assert delivery is not None
        await tx.deliveries.settle_sent(delivery.id, ref="m1", version=1, now=newsroom.now)
    _, sent = await steps(newsroom, str(arrived.article.id))

    assert (waiting.verdict, waiting.steps[-1].text) == ("Not posted yet.", "To be posted now.")
    assert (sent.verdict, sent.steps[-1].text) == ("Posted.", "Posted today 14:00.")
    async with newsroom.store.read() as tx:
        assert (await tx.deliveries.counts())[DeliveryState.SENT] == 1


async def test_why_works_as_a_button_too(newsroom: Newsroom) -> None:
    arrived = await newsroom.arrives(PLANT)
    assert arrived.article is not None

    reply = await newsroom.presses(f"why:{arrived.article.id}", may_manage=False)

    assert isinstance(reply.answer, Explanation) and not reply.public


async def test_why_calls_a_persons_own_messages_by_their_name(newsroom: Newsroom) -> None:
    arrived = await newsroom.arrives(PLANT)
    assert arrived.article is not None

    explained = await newsroom.says(f"/why {arrived.article.url}", channel="@U1")

    assert isinstance(explained, Explanation)
    assert explained.verdict == "@U1 did not ask for it."


async def test_following_not_relevant_and_muting_are_harmless_twice(newsroom: Newsroom) -> None:
    await newsroom.says("/subscribe huawei")
    arrived = await newsroom.arrives(PLANT)
    channel, story = await newsroom.channel(), arrived.story_id
    assert story is not None and arrived.article is not None
    muted_ones = {f"story:{story}", f"source:{arrived.article.source_id}"}

    for action in (f"irrelevant:{story}", f"irrelevant:{story}", f"mute:story:{story}", f"mute:story:{story}",
                   f"mute:source:{arrived.article.source_id}", f"follow:{story}:mention"):  # fmt: skip
        reply = await newsroom.presses(action)
        assert isinstance(reply.answer, Notice) and reply.answer.tone is Tone.DONE and not reply.public

    async with newsroom.store.read() as tx:
        assert await tx.follows.to_mention(channel.id, story) == ("U1",)
        assert await tx.mutes.among(channel.id, muted_ones) == muted_ones
    muted = await newsroom.arrives("Huawei sues the regulator in Sweden")
    assert muted.deliveries == 0
    await newsroom.presses(f"unmute:source:{arrived.article.source_id}")
    await newsroom.presses(f"follow:{story}:stop")
    async with newsroom.store.read() as tx:
        assert await tx.follows.to_mention(channel.id, story) == ()
        assert await tx.mutes.among(channel.id, muted_ones) == {f"story:{story}"}


async def test_a_backfill_keeps_old_matches_and_forgets_wrong_ones(newsroom: Newsroom) -> None:
    old = await newsroom.arrives("Huawei sold its sea cable unit", ago=80 * DAY)
    wrong = await newsroom.arrives(PLANT, ago=HOUR)
    right = await newsroom.arrives("Cable ship repaired in Lisbon", ago=2 * HOUR)
    async with newsroom.store.begin() as tx:
        topic = await tx.topics.find(SHARED, "huawei")
        assert topic is not None
        await tx.topics.update(topic.id, query="cable", aliases=[])
        await enqueue_backfill(tx, topic.id, now=newsroom.now)

    assert await backfill(newsroom.store, topic.id)
    assert await backfill(newsroom.store, topic.id)

    async with newsroom.store.read() as tx:
        found = await tx.matches.article_ids(topic.id, SHARED, since=None)
    assert old.article and right.article and wrong.article
    assert set(found) == {old.article.id, right.article.id}


async def test_a_bounded_backfill_judges_the_newest_first_and_goes_on_later(newsroom: Newsroom) -> None:
    older = await newsroom.arrives("Huawei sold its sea unit", ago=3 * DAY)
    newer = await newsroom.arrives("Huawei opens a plant in Porto", ago=2 * DAY)
    cable = await newsroom.arrives("Cable ship repaired in Lisbon", ago=HOUR)
    async with newsroom.store.begin() as tx:
        topic = await tx.topics.find(SHARED, "huawei")
        assert topic is not None
        await tx.topics.update(topic.id, query="cable", aliases=[])
        await enqueue_backfill(tx, topic.id, now=newsroom.now)

    assert not await backfill(newsroom.store, topic.id, limit=2)

    assert older.article and newer.article and cable.article
    async with newsroom.store.read() as tx:
        assert set(await tx.matches.article_ids(topic.id, SHARED, since=None)) == {older.article.id, cable.article.id}
    assert await backfill(newsroom.store, topic.id)
    async with newsroom.store.read() as tx:
        assert set(await tx.matches.article_ids(topic.id, SHARED, since=None)) == {cable.article.id}


async def test_a_catalogue_topic_is_backfilled_in_private_articles_too(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    await newsroom.arrives("Cable cut in the Baltic", workspace_id=home.id, source_url="https://own.example/feed")
    async with newsroom.store.begin() as tx:
        topic = await tx.topics.add(
            NewTopic(workspace_id=SHARED, name="cables", title="Cables", query="cable"), newsroom.now
        )
        assert topic is not None
        await enqueue_backfill(tx, topic.id, now=newsroom.now)

    assert await backfill(newsroom.store, topic.id)
    async with newsroom.store.read() as tx:
        assert len(await tx.matches.article_ids(topic.id, home.id, since=None)) == 1
        assert await tx.matches.article_ids(topic.id, SHARED, since=None) == ()
