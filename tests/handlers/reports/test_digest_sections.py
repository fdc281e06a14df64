"""The content of digests: topics, stories, paces, and what was held back."""

from datetime import timedelta

import pytest

from storage.store import Store
from tests.support.digests import FRIDAY, due_digest
from tests.support.newsroom import NOW, Newsroom

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_a_story_is_listed_under_its_first_topic_only(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    for topic in ("huawei", "5g", "sanctions"):
        await newsroom.ask(f"/subscribe {topic} daily")
    await newsroom.add_article("Huawei wins a 5G order in Brazil")
    await newsroom.add_article("Huawei sues the regulator in Sweden")
    await newsroom.add_article("5G auction in India raises billions")

    digest = await due_digest(newsroom, FRIDAY)

    assert digest is not None and (digest.stories, digest.articles) == (3, 3)
    groups = [(group.topic.title, len(group.stories), group.more, group.elsewhere) for group in digest.groups]
    assert groups == [("5G", 2, 0, 0), ("Huawei", 1, 0, 1)]


async def test_a_topic_lists_five_stories_and_counts_the_others(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    for place in ("plant in Hungary", "court case Sweden", "sea cable Chile", "phone launch Dubai", "chip rumour",
                  "school fund Kenya", "solar park Spain"):  # fmt: skip
        await newsroom.add_article(f"Huawei {place}")

    digest = await due_digest(newsroom, FRIDAY)

    assert digest is not None
    assert (digest.stories, len(digest.groups[0].stories), digest.groups[0].more) == (7, 5, 2)


async def test_articles_held_back_are_counted_by_reason(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/news quiet 22:00-07:00")
    await newsroom.ask("/subscribe huawei")
    newsroom.now = NOW + 9 * HOUR
    await newsroom.add_article("Huawei opens a plant in Hungary")
    await newsroom.add_article(
        "Huawei was founded in Shenzhen", source_url="https://young.example/feed", ago=timedelta()
    )

    digest = await due_digest(newsroom, FRIDAY)

    assert digest is not None and digest.held == (("overnight (22:00-07:00)", 2),)
    assert digest.stories == 2


async def test_weekly_topics_appear_on_monday_with_their_last_seven_days(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei weekly")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    friday = await due_digest(newsroom, FRIDAY)
    for day in (1, 2):
        await due_digest(newsroom, FRIDAY + day * DAY)
    newsroom.now = FRIDAY + 2 * DAY + HOUR
    await newsroom.add_article("Huawei sues the regulator in Sweden")
    monday = await due_digest(newsroom, FRIDAY + 3 * DAY)
    tuesday = await due_digest(newsroom, FRIDAY + 4 * DAY)

    assert friday is not None and friday.stories == 0
    assert monday is not None and monday.stories == 2
    assert tuesday is not None and tuesday.stories == 0


async def test_weekly_topics_appear_on_the_first_digest_day_of_the_week(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30 UTC wed,fri")
    await newsroom.ask("/subscribe huawei weekly")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    friday = await due_digest(newsroom, FRIDAY)
    wednesday = await due_digest(newsroom, FRIDAY + 5 * DAY)

    assert friday is not None and friday.stories == 0
    assert wednesday is not None and wednesday.stories == 1


async def test_a_muted_story_is_not_in_the_digest(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei")
    arrived = await newsroom.add_article("Huawei opens a plant in Hungary")
    await newsroom.click(f"mute:story:{arrived.story_id}")

    digest = await due_digest(newsroom, FRIDAY)

    assert digest is not None and digest.stories == 0


async def test_a_story_shows_the_different_headlines_of_its_articles_once_each(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    for publisher, title in (
        ("Example Wire", "Huawei to build a chip plant in Debrecen"),
        ("Daily Sample", "Huawei builds chip plant in Debrecen"),
        ("Sample Post", "Debrecen gets a chip plant of Huawei"),
        ("Sample Mail", "Huawei to build a chip plant in Debrecen"),
        ("Sample News", "Chip plant in Debrecen planned by Huawei"),
    ):
        await newsroom.add_article(title, publisher=publisher)

    digest = await due_digest(newsroom, FRIDAY)

    assert digest is not None and digest.stories == 1
    (line,) = digest.groups[0].stories
    shown = {line.headline.text, *(other.headline.text for other in line.also)}
    assert len(shown) == 3
    assert line.more_also == 1
    assert all(other.publisher and other.headline.url for other in line.also)


async def test_one_headline_of_all_articles_is_shown_once(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    for publisher in ("Example Wire", "Daily Sample"):
        await newsroom.add_article("Huawei to build a chip plant in Debrecen", publisher=publisher)

    digest = await due_digest(newsroom, FRIDAY)

    assert digest is not None
    (line,) = digest.groups[0].stories
    assert (line.sources, line.also, line.more_also) == (2, (), 0)
