"""A forecast says how many alerts a channel will get, as its subscription groups articles into alerts."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Preview, TopicTest
from handlers.queries.forecasts import MatchedArticle, alert_times
from handlers.stories.features import encode_features
from handlers.stories.same_report import ReportedArticle
from storage.records import Grouping
from storage.store import Store
from tests.support.newsroom import NOW, Newsroom

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    """Return a newsroom with two stories: one of two reports, of which one came twice, and one of a single report."""
    newsroom = await Newsroom(sqlite_store).open()
    for hours, publisher, title in (
        (9, "Example Wire", "Huawei to build a chip plant in Debrecen"),
        (8, "Daily Sample", "Huawei to build a chip plant in Debrecen"),
        (7, "Sample Post", "Debrecen gets a chip plant of Huawei"),
        (5, "Example Wire", "Huawei sues the regulator over its ban"),
    ):
        await newsroom.add_article(title, publisher=publisher, ago=hours * HOUR)
    return newsroom


@pytest.mark.parametrize(("grouping", "alerts"), [("normal", 2.0), ("strict", 3.0), ("off", 4.0)])
async def test_forecasts_follow_the_grouping_of_the_subscription(
    newsroom: Newsroom, grouping: str, alerts: float
) -> None:
    preview = await newsroom.ask(f"/subscribe huawei grouping {grouping}")
    tested = await newsroom.ask("/topics test huawei")
    listing = await newsroom.ask("/subscriptions")

    assert isinstance(preview, Preview) and preview.posts_a_week == pytest.approx(alerts)
    assert isinstance(tested, TopicTest) and tested.posts_a_week == pytest.approx(alerts)
    unit = "stories" if grouping == "normal" else "alerts"
    assert isinstance(listing, Listing) and f"about {alerts:.0f} {unit} a week" in listing.rows[0].detail


async def test_the_forecast_of_a_topic_without_subscription_counts_stories(newsroom: Newsroom) -> None:
    tested = await newsroom.ask("/topics test huawei")

    assert isinstance(tested, TopicTest) and tested.posts_a_week == pytest.approx(2.0)


def test_copies_begin_an_alert_only_without_grouping() -> None:
    report = ReportedArticle("A plant opens", "Example Wire", encode_features("A plant opens", "", "en"))
    matched = [MatchedArticle(NOW - n * HOUR, n % 3, report) for n in range(30)]

    assert len(alert_times(matched, Grouping.OFF)) == 30
    assert len(alert_times(matched, Grouping.NORMAL)) == len(alert_times(matched, Grouping.STRICT)) == 3
