"""The first part of Home: the person's own top stories of the day, what is new to them, and the chart."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.commands.my_day import MyDay
from storage.store import Store
from tests.support.newsroom import Newsroom

HOUR = timedelta(hours=1)
PLANT, COURT, OTHER = "Huawei opens a plant in Hungary", "Court in Warsaw frees Huawei manager", "ZTE sells its routers"


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    """A newsroom with two alerts in #general and one in #intel, where Ann is not."""
    room = await Newsroom(sqlite_store).open()
    await room.reply("/subscribe huawei")
    await room.reply("/subscribe zte", channel="C2")
    await room.add_article(PLANT, ago=3 * HOUR)
    await room.add_article(COURT, ago=2 * HOUR)
    await room.add_article(COURT, ago=HOUR, publisher="Daily Sample", source_url="https://daily.example/feed")
    await room.add_article(OTHER, ago=HOUR)
    return room


async def my_day(room: Newsroom, **more: Any) -> MyDay:
    shown = (await room.commands.home(room.request(**more))).my_day
    assert shown is not None
    return shown


async def test_home_shows_the_stories_of_the_persons_own_channels(newsroom: Newsroom) -> None:
    own = await my_day(newsroom)
    both = await my_day(newsroom, user="U2", manages=frozenset({"C2"}))

    assert {row.title for row in own.stories.rows} == {PLANT, COURT}
    assert {row.title for row in both.stories.rows} == {PLANT, COURT, OTHER}
    assert own.chart is not None and sum(own.chart.series[0][1]) == 3
    assert own.stories.rows[0].detail == "new · Huawei · 2 sources · #general"
    assert [button.label for button in own.stories.rows[0].buttons] == ["Brief"]


async def test_stories_are_new_until_the_person_has_seen_them(newsroom: Newsroom) -> None:
    first = await my_day(newsroom)
    newsroom.now += HOUR
    await newsroom.add_article("Huawei hires five hundred engineers in Zurich")
    newsroom.now += HOUR
    second, of_other = await my_day(newsroom), await my_day(newsroom, user="U2")

    assert first.stories.summary == "2 stories in 24 hours · 2 new to you · 0 you follow."
    assert second.stories.summary == "3 stories in 24 hours · 1 new to you · 0 you follow."
    assert second.stories.rows[0].detail.startswith("new") and "Zurich" in second.stories.rows[0].title
    assert "3 new to you" in of_other.stories.summary


async def test_followed_stories_come_before_others(newsroom: Newsroom) -> None:
    arrived = await newsroom.add_article("Huawei sells its cable unit to Hengtong", ago=HOUR)
    await newsroom.click(f"follow:{arrived.story_id}:mention")

    shown = await my_day(newsroom)

    assert shown.stories.rows[0].detail == "new · you follow it · Huawei · 1 source · #general"


async def test_yesterdays_stories_are_not_shown_and_an_empty_day_says_so(newsroom: Newsroom) -> None:
    newsroom.now += timedelta(days=2)

    shown = await my_day(newsroom)
    nothing = await my_day(newsroom, workspace="new")

    assert shown.stories.rows == () and nothing.chart is None
    assert shown.stories.summary == nothing.stories.summary == "No alert in your channels in the last 24 hours."
