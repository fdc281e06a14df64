"""/brief: stories are quoted, cited and counted, and the same store gives the same brief."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.answers.answer import Brief, Listing, Notice, Reply, Trend
from handlers.answers.parts import Tone
from handlers.answers.serialize import serialize
from storage.store import Store
from tests.support.newsroom import Newsroom, button
from tests.support.paths import SHARED

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DATA = Path(__file__).parent / "data"

PLANT = "Huawei opens a plant in Hungary"
PLANT_TEXT = (
    "Huawei opened a plant near Budapest on Thursday that will build 5G base stations for central Europe.\n\n"
    "“We came to Hungary to stay and to build for the whole continent,” said Guo Ping, the company's chairman."
)
BAN = "Berlin weighs a ban of Huawei parts"
BAN_TEXT = (
    "The German government is weighing a ban of Huawei parts in its 5G networks, three officials said on Tuesday."
)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def ingest_a_week(newsroom: Newsroom) -> None:
    await newsroom.add_article(BAN, BAN_TEXT, ago=2 * DAY)
    await newsroom.add_article(PLANT, PLANT_TEXT, ago=5 * HOUR)
    await newsroom.add_article(f"{PLANT}, its first", PLANT_TEXT, ago=3 * HOUR, publisher="Daily Sample")
    await newsroom.add_article("ZTE hires a new chief", ago=3 * DAY)
    await newsroom.add_article("Huawei sold its sea cable unit", "Huawei sold the unit for 100 million.", ago=20 * DAY)


async def brief(newsroom: Newsroom, line: str = "/brief huawei", **more: str) -> Brief:
    answer = await newsroom.ask(line, **more)
    assert isinstance(answer, Brief), answer
    return answer


async def test_stories_are_counted_quoted_and_cited(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)

    answer = await brief(newsroom)

    assert (answer.topic, answer.period, answer.articles, answer.total_stories) == ("Huawei", "last 7 days", 3, 2)
    assert [(line.headline.text, line.sources, line.articles) for line in answer.stories] == [
        (PLANT, 2, 2),
        (BAN, 1, 1),
    ]
    first, second = (line.sentence for line in answer.stories)
    assert first.text == PLANT_TEXT.partition("\n")[0] and second.text == BAN_TEXT
    assert [first.text[start:end] for start, end in first.bold] == ["Huawei"]
    assert first.cites == (1, 2) and second.cites == (3,)
    assert [(number, link.text) for number, link, _ in answer.references] == [
        (1, "Example Wire"),
        (2, "Daily Sample"),
        (3, "Example Wire"),
    ]


async def test_what_a_person_said_is_quoted_with_its_source(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)

    answer = await brief(newsroom)

    assert answer.said is not None
    assert answer.said.text in PLANT_TEXT and "Guo Ping" in answer.said.text and answer.said.cites == (1,)


async def test_every_quotation_is_part_of_a_stored_article(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)
    sample = SHARED / "seeds" / "000_3da3446e5dcaf2dd.txt"
    if sample.exists():
        title, _, text = sample.read_text(encoding="utf-8").partition("\n")
        await newsroom.add_article(title, text, ago=HOUR)

    answer = await brief(newsroom)

    async with newsroom.store.read() as tx:
        texts = [article.text for article in await tx.articles.recent(0, since=newsroom.now - 60 * DAY, limit=100)]
    for quote in (*(line.sentence for line in answer.stories), answer.said):
        assert quote is not None and any(quote.text in text for text in texts)
        assert quote.cites


async def test_the_chart_has_seven_full_days_in_the_readers_zone(newsroom: Newsroom) -> None:
    await newsroom.add_article(
        PLANT, ago=14 * HOUR + timedelta(minutes=30)
    )  # 23:30 UTC the day before, 00:30 in Berlin
    await newsroom.add_article(BAN, ago=6 * DAY + 13 * HOUR)

    berlin = await brief(newsroom, zone="Europe/Berlin", user="U2")
    london = await brief(newsroom, zone="Europe/London", user="U3")

    assert berlin.chart.series[0][1] == (1, 0, 0, 0, 0, 0, 1)
    assert london.chart.series[0][1] == (1, 0, 0, 0, 0, 1, 0)
    assert berlin.chart.days[-1] == berlin.chart.today and len(berlin.chart.days) == 7
    assert berlin.chart.alt == "Huawei: 2 mentions in 7 days, most on Fri 20 Nov (1), 1 so far today."


async def test_the_same_store_gives_the_same_brief_byte_for_byte(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)

    answers = [repr(serialize(await brief(newsroom, user=user))) for user in ("A", "B", "C")]

    assert len(set(answers)) == 1


async def test_it_counts_the_stories_that_are_new_since_this_persons_last_brief(newsroom: Newsroom) -> None:
    await newsroom.add_article(BAN, BAN_TEXT, ago=2 * DAY)
    first = await brief(newsroom)
    newsroom.later(HOUR)
    await newsroom.add_article(PLANT, PLANT_TEXT)
    newsroom.later(HOUR)

    second = await brief(newsroom)
    third = await brief(newsroom)
    others = await brief(newsroom, user="U2")

    assert (first.fresh, second.fresh, third.fresh, others.fresh) == (None, 1, 0, None)
    assert second.last_read_at == newsroom.now - 2 * HOUR


async def test_the_usual_number_needs_an_earlier_period_of_the_same_length(newsroom: Newsroom) -> None:
    await newsroom.add_article(PLANT, ago=HOUR)
    assert (await brief(newsroom)).usual is None

    await newsroom.add_article(BAN, ago=15 * DAY)
    await newsroom.add_article("Huawei sold its sea cable unit", ago=9 * DAY)

    assert (await brief(newsroom)).usual == pytest.approx(1.0)


async def test_topics_that_rise_with_it_are_named(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei and its old phones", "A look back at old things.", ago=16 * DAY)
    for number, place in enumerate(("Paris", "Rome", "Oslo", "Lima")):
        await newsroom.add_article(f"Huawei faces sanctions after talks in {place}", ago=(number + 1) * HOUR)

    answer = await brief(newsroom)

    assert answer.also == (("Sanctions", "new"),)


async def test_a_query_works_without_being_saved_as_a_topic(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)

    answer = await brief(newsroom, '/brief huawei AND "base stations"')

    assert answer.topic_id is None and answer.articles == 2 and answer.total_stories == 1
    longer = await newsroom.click(button(answer, "30 days"))
    assert isinstance(longer.answer, Brief) and longer.answer.period == "last 30 days"


async def test_an_empty_brief_says_what_is_watched_and_what_is_covered_most(newsroom: Newsroom) -> None:
    await newsroom.add_article("ZTE hires a new chief", ago=timedelta(minutes=4))

    answer = await newsroom.ask("/brief huawei")

    assert isinstance(answer, Notice) and answer.tone is Tone.INFO
    assert answer.text == (
        'Nothing on "Huawei" in the last 7 days. 1 source watched, last article 4 minutes ago. '
        "Most covered: ZTE (1 article)."
    )
    assert [button.label for button in answer.buttons] == ["30 days", "Test the topic"]


async def test_an_empty_brief_names_the_two_most_covered_topics(newsroom: Newsroom) -> None:
    for place in ("Paris", "Rome"):
        await newsroom.add_article(f"ZTE opens an office in {place}", ago=HOUR)
    await newsroom.add_article("New sanctions on steel", ago=HOUR)
    await newsroom.add_article("A 5G auction in India", ago=2 * HOUR)

    answer = await newsroom.ask("/brief huawei")

    assert isinstance(answer, Notice) and answer.text.endswith("Most covered: ZTE (2 articles), 5G (1).")


async def test_an_empty_brief_names_a_topic_that_matches_the_same_articles(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei and ZTE open a plant together", ago=20 * DAY)
    await newsroom.add_article("ZTE hires a new chief", ago=HOUR)

    answer = await newsroom.ask("/brief huawei 7d")

    assert isinstance(answer, Notice) and "Nearest: 1 article on ZTE." in answer.text


async def test_an_old_article_that_arrives_today_is_not_in_todays_brief(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.add_article(PLANT, PLANT_TEXT, ago=HOUR)
    old = await newsroom.add_article("Huawei was founded in Shenzhen", ago=20 * DAY)
    assert old.article is not None and source.id == old.article.source_id

    assert (await brief(newsroom)).articles == 1
    assert (await brief(newsroom, "/brief huawei 30d")).articles == 2


async def test_share_posts_the_brief_without_what_is_new_to_the_person(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)
    await brief(newsroom)
    seen = await brief(newsroom)
    await newsroom.add_article("Huawei is fined in France")

    reply: Reply = await newsroom.click(button(seen, "Share"))

    assert reply.public and isinstance(reply.answer, Brief)
    assert reply.answer.stories == seen.stories and reply.answer.fresh is None and reply.answer.buttons == ()


async def test_the_markdown_escapes_text_from_outside(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei [click](https://evil.example) *now*", PLANT_TEXT, ago=HOUR)

    reply = await newsroom.click(button(await brief(newsroom), "Markdown"))

    assert isinstance(reply.answer, Notice) and reply.answer.code is not None
    expected = (DATA / "brief.md").read_text(encoding="utf-8").rstrip("\n")
    assert re.sub(r"/\d+>", "/N>", reply.answer.code) == expected


async def test_compare_offers_topics_and_charts_both(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)

    offered = await newsroom.click(button(await brief(newsroom), "Compare…"))
    drawn = await newsroom.click(button(offered.answer, "Compare"))

    assert isinstance(drawn.answer, Trend) and len(drawn.answer.chart.series) == 2


async def test_the_chart_has_at_least_seven_and_at_most_ninety_days(newsroom: Newsroom) -> None:
    await ingest_a_week(newsroom)

    assert len((await brief(newsroom, "/brief huawei 365d")).chart.days) == 90
    assert len((await brief(newsroom, "/brief huawei 24h")).chart.days) == 7


async def test_it_works_on_each_database(store: Store) -> None:
    newsroom = await Newsroom(store).open()
    await ingest_a_week(newsroom)
    await newsroom.add_article("Huawei faces sanctions after talks in Paris", ago=HOUR)

    first, second = await brief(newsroom), await brief(newsroom)
    query = await brief(newsroom, '/brief huawei AND "base stations"')
    shared = await newsroom.click(button(second, "Share"))
    shown = await newsroom.ask("/topics show huawei")

    assert (first.articles, first.total_stories, first.fresh, second.fresh) == (4, 3, None, 0)
    assert query.articles == 2 and shared.public
    assert isinstance(shown, Listing) and "5 articles in 30 days" in shown.rows[2].detail
