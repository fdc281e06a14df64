"""An alert shows the story as its channel may see it: quoted sentences, reports, topics and buttons."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.answers.answer import Alert
from handlers.delivery.compose import NothingToShow, compose_alert
from storage.records import Channel, Pace
from storage.store import Store
from tests.support.world import World, copied, draft, huawei, huawei_elsewhere, watching


async def alert_of(world: World, channel: Channel, story_id: int | None = 1) -> Alert:
    async with world.store.read() as tx:
        current = await tx.channels.get(channel.id)
        assert current is not None
        return await compose_alert(tx, current, story_id or 0)


async def test_an_alert_quotes_its_article_word_for_word_with_the_matched_words_in_bold(store: Store) -> None:
    world, channel, topic = await watching(store)
    (arrived,) = await world.take(huawei(image_url="https://example.org/a.jpg"))
    assert arrived.article is not None

    alert = await alert_of(world, channel, arrived.story_id)

    assert (alert.headline.text, alert.headline.url) == (arrived.article.title, arrived.article.url)
    assert 1 <= len(alert.sentences) <= 3
    for quote in alert.sentences:
        assert quote.text in arrived.article.text
    bold = [quote.text[start:end] for quote in alert.sentences for start, end in quote.bold]
    assert bold
    assert set(bold) == {"Huawei"}
    assert [(mark.title, mark.color) for mark in alert.topics] == [(topic.title, topic.color)]
    assert (alert.lead.publisher, alert.more, alert.independent) == ("Example Wire", (), 1)
    assert (alert.image_url, alert.language, alert.updated_at) == ("https://example.org/a.jpg", "en", None)


async def test_each_button_carries_the_id_of_what_it_acts_on(sqlite_store: Store) -> None:
    world, channel, topic = await watching(sqlite_store)
    (arrived,) = await world.take(huawei())
    assert arrived.article is not None

    alert = await alert_of(world, channel)

    assert [(button.label, button.action) for button in alert.buttons] == [
        ("Brief", f"brief:{topic.id}:7d"),
        ("Why?", f"why:{arrived.article.id}"),
        ("Not relevant", f"irrelevant:{arrived.story_id}"),
        ("Follow", f"follow:{arrived.story_id}"),
        ("Claim", f"claim:{arrived.story_id}"),
    ]
    assert alert.menu[0].action == f"mute:story:{arrived.story_id}"


async def test_further_reports_are_listed_oldest_first_and_copies_do_not_count_as_independent(
    sqlite_store: Store,
) -> None:
    world, channel, _ = await watching(sqlite_store)
    for article in (huawei(), huawei_elsewhere(), copied()):
        await world.take(article)
        world.clock.advance(timedelta(minutes=10))

    alert = await alert_of(world, channel)

    assert [report.publisher for report in alert.more] == ["Daily Sample", "Sample Post"]
    assert (alert.sources, alert.independent) == (3, 2)
    assert alert.updated_at == world.now - timedelta(minutes=10)


async def test_several_reports_of_one_publisher_are_one_source(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    for article in (huawei(), copied(publisher="EXAMPLE WIRE")):
        await world.take(article)

    alert = await alert_of(world, channel)

    assert (len(alert.more), alert.sources, alert.independent) == (1, 1, 1)


async def test_the_headline_is_that_of_the_article_that_started_the_alert(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    await world.subscribe(channel, await world.topic("huawei"), pace=Pace.DAILY)
    await world.subscribe(channel, await world.topic("nato"))
    await world.take(huawei())
    await world.take(huawei_elsewhere())

    alert = await alert_of(world, channel)

    assert alert.lead.publisher == "Daily Sample"
    assert [report.publisher for report in alert.more] == ["Example Wire"]
    assert [mark.title for mark in alert.topics] == ["Huawei", "Nato"]


async def test_an_alert_names_the_subscribed_topics_or_all_topics_if_the_channel_has_no_subscription(
    sqlite_store: Store,
) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.topic("mts")
    fresh = await world.channel("fresh")
    await world.take(huawei())

    subscribed, preview = await alert_of(world, channel), await alert_of(world, fresh)

    assert [mark.title for mark in subscribed.topics] == ["Huawei"]
    assert sorted(mark.title for mark in preview.topics) == ["Huawei", "Mts"]


async def test_an_article_without_text_gives_an_alert_with_a_headline_only(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(draft("Huawei opens a harbour office", publisher="Example Wire"))

    alert = await alert_of(world, channel)

    assert (alert.headline.text, alert.sentences) == ("Huawei opens a harbour office", ())


@pytest.mark.parametrize(
    ("workspace", "channel", "expected"),
    [
        ({}, {}, "UTC"),
        ({"time_zone": "Asia/Tokyo"}, {}, "Asia/Tokyo"),
        ({}, {"digest_zone": "Europe/Berlin"}, "Europe/Berlin"),
    ],
)
async def test_times_are_shown_in_the_zone_of_the_channel_or_else_of_the_workspace(
    sqlite_store: Store, workspace: dict[str, Any], channel: dict[str, Any], expected: str
) -> None:
    world, intel, _ = await watching(sqlite_store)
    if workspace:
        await world.workspace(**workspace)
    if channel:
        async with sqlite_store.begin() as tx:
            await tx.channels.update(intel.id, **channel)
    await world.take(huawei())

    assert (await alert_of(world, intel)).time_zone == expected


async def test_a_headline_with_mention_syntax_is_passed_on_as_plain_text(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    title = "Huawei <!channel> @everyone <https://evil.example|bank>"
    await world.take(replace(huawei(), title=title, url=None))

    assert (await alert_of(world, channel)).headline.text == title


async def test_composing_a_story_that_the_channel_may_not_see_raises_an_error(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)

    with pytest.raises(NothingToShow):
        await alert_of(world, channel, 99)
