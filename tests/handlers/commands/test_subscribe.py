"""/subscribe, /unsubscribe, /subscriptions: what a channel gets, and what it is told."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.answers.answer import Alert, Listing, Notice, Preview
from handlers.answers.parts import Tone
from storage.records import ChannelState, Pace
from storage.store import Store
from tests.support.newsroom import NOW, Newsroom, button

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def subscriptions(newsroom: Newsroom, channel: str = "C1") -> list[tuple[str, Pace]]:
    place = await newsroom.channel(channel)
    async with newsroom.store.read() as tx:
        held = await tx.subscriptions.of_channel(place.id)
        topics = await tx.topics.by_ids([one.topic_id for one in held])
    return [(topics[one.topic_id].name, one.pace) for one in held]


async def test_the_first_answer_shows_the_newest_story_and_posts_nothing(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei sues the regulator over its ban", ago=3 * DAY)
    await newsroom.ingest("Huawei opens a plant in Hungary", ago=HOUR)

    reply = await newsroom.reply("/subscribe Huawei")

    preview = reply.answer
    assert isinstance(preview, Preview) and not reply.public
    assert isinstance(preview.example, Alert)
    assert preview.example.headline.text == "Huawei opens a plant in Hungary"
    assert preview.posts_a_week == pytest.approx(2.0)
    assert preview.pace == "instant"
    assert [one.label for one in preview.buttons][:3] == ["Instant", "Daily", "Weekly"]
    async with newsroom.store.read() as tx:
        assert sum((await tx.deliveries.counts()).values()) == 0


async def test_a_new_story_is_alerted_after_subscribing(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")

    arrived = await newsroom.ingest("Huawei opens a plant in Hungary")

    assert arrived.deliveries == 1


@pytest.mark.parametrize("name", ["huawei", "HUAWEI", "华为", "@huawei"])
async def test_a_topic_is_meant_by_any_of_its_names(newsroom: Newsroom, name: str) -> None:
    await newsroom.ask(f"/subscribe {name}")

    assert await subscriptions(newsroom) == [("huawei", Pace.INSTANT)]


async def test_a_query_becomes_a_topic_named_after_it_with_its_past(newsroom: Newsroom) -> None:
    await newsroom.ingest("Chipmaker TSMC opens a plant in Dresden", ago=2 * DAY)

    preview = await newsroom.ask('/subscribe tsmc AND "plant in Dresden"')
    again = await newsroom.ask('/subscribe tsmc AND "plant in Dresden"')

    assert isinstance(preview, Preview) and preview.example is not None
    assert isinstance(again, Preview) and "already" in again.text
    assert await subscriptions(newsroom) == [('tsmc and "plant in dresden"', Pace.INSTANT)]


async def test_a_name_that_is_nearly_a_topics_is_asked_about(newsroom: Newsroom) -> None:
    reply = await newsroom.reply("/subscribe huwaei")

    assert isinstance(reply.answer, Notice)
    assert "Did you mean Huawei? Nothing is subscribed yet." in reply.answer.text
    assert await subscriptions(newsroom) == []
    await newsroom.click(button(reply.answer, "Subscribe Huawei"))
    assert await subscriptions(newsroom) == [("huawei", Pace.INSTANT)]


async def test_what_is_nearly_a_topics_name_can_be_meant_all_the_same(newsroom: Newsroom) -> None:
    asked = await newsroom.ask("/subscribe huwaei weekly in #intel", manages=frozenset({"C2"}))
    assert isinstance(asked, Notice) and "I know no channel" in asked.text
    await newsroom.channel("C2")
    asked = await newsroom.ask("/subscribe huwaei weekly in #intel", manages=frozenset({"C2"}))

    for _ in range(2):
        answer = (await newsroom.click(button(asked, "As I wrote it"), manages=frozenset({"C2"}))).answer
        assert isinstance(answer, Preview)

    assert await subscriptions(newsroom, "C2") == [("huwaei", Pace.WEEKLY)]


async def test_words_that_hit_something_are_not_doubted(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huwaei, a village in Peru, opens a school", ago=DAY)

    assert isinstance(await newsroom.ask("/subscribe huwaei"), Preview)


async def test_a_preview_has_no_buttons_of_an_alert_that_is_not_posted(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei opens a plant", ago=DAY)

    answer = await newsroom.ask("/subscribe huawei")

    assert isinstance(answer, Preview) and answer.example is not None
    assert (answer.example.buttons, answer.example.menu) == ((), ())


async def test_unsubscribing_what_is_nearly_named_is_offered(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")

    answer = await newsroom.ask("/unsubscribe huawey")

    assert isinstance(answer, Notice) and "Did you mean Huawei?" in answer.text
    await newsroom.click(button(answer, "Unsubscribe Huawei"))
    assert await subscriptions(newsroom) == []


async def test_a_digest_that_a_pace_sets_comes_every_day_whatever_days_an_older_one_had(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 07:00 UTC sun")
    await newsroom.ask("/digest off")

    answer = await newsroom.ask("/subscribe huawei daily")

    assert isinstance(answer, Preview) and "08:30 every day" in answer.text
    assert (await newsroom.channel()).digest_days == tuple(range(7))


async def test_subscribing_twice_says_so_and_keeps_the_pace(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")

    answer = await newsroom.ask("/subscribe huawei")

    assert isinstance(answer, Preview) and "already" in answer.text and answer.pace == "daily"
    assert await subscriptions(newsroom) == [("huawei", Pace.DAILY)]


async def test_a_chosen_pace_changes_the_subscription(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")

    answer = await newsroom.ask("/subscribe huawei weekly")

    assert isinstance(answer, Preview) and answer.pace == "weekly" and "it was instant" in answer.text


async def test_a_daily_pace_sets_a_digest_where_there_is_none_and_says_so(newsroom: Newsroom) -> None:
    await newsroom.ask("/news zone Europe/Berlin")

    answer = await newsroom.ask("/subscribe huawei daily")

    assert isinstance(answer, Preview) and "I set a digest at 08:30 every day" in answer.text
    assert answer.next_digest_at == datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    assert (await newsroom.channel()).digest_time == time(8, 30)


async def test_the_digest_follows_the_persons_zone_where_the_workspace_has_none(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscribe huawei daily", zone="Asia/Tokyo")

    assert isinstance(answer, Preview) and answer.time_zone == "Asia/Tokyo"
    assert answer.next_digest_at == datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert (await newsroom.channel()).digest_zone == "Asia/Tokyo"


async def test_a_digest_that_is_set_stays_at_its_hour(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 18:00")

    answer = await newsroom.ask("/subscribe huawei daily")

    assert isinstance(answer, Preview) and "I set" not in answer.text
    assert answer.next_digest_at == datetime(2026, 11, 26, 18, 0, tzinfo=UTC)


async def test_pace_buttons_change_it_in_place_and_twice_is_harmless(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscribe huawei")

    first = await newsroom.click(button(answer, "Daily"))
    second = await newsroom.click(button(answer, "Daily"))

    assert first.replaces and isinstance(first.answer, Preview) and first.answer.pace == "daily"
    assert isinstance(second.answer, Preview) and second.answer.pace == "daily"


async def test_another_channel_is_named_by_the_platform_or_by_its_name(newsroom: Newsroom) -> None:
    await newsroom.channel("C2")

    there = frozenset({"C2"})
    await newsroom.ask("/subscribe huawei in #intel", manages=there)
    await newsroom.ask("/subscribe zte", target_channel=("C2", "intel"), manages=there)

    assert [name for name, _ in await subscriptions(newsroom, "C2")] == ["huawei", "zte"]
    assert await subscriptions(newsroom, "C1") == []


async def test_a_closed_channel_is_refused_with_its_reason(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")
    paused = await newsroom.commands.channel_gone(
        newsroom.request().platform, "acme", "C1", 'I lack "Send Messages" there', NOW
    )

    answer = await newsroom.ask("/subscribe zte")

    assert paused == 1
    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and 'I lack "Send Messages"' in answer.text


async def test_a_channel_that_comes_back_goes_on(newsroom: Newsroom) -> None:
    request = newsroom.request()
    await newsroom.ask("/subscribe huawei")
    await newsroom.commands.channel_gone(request.platform, "acme", "C1", "archived", NOW)

    await newsroom.commands.greet(request.platform, "acme", "Acme", "C1", "general", NOW)

    channel = await newsroom.channel()
    async with newsroom.store.read() as tx:
        (held,) = await tx.subscriptions.of_channel(channel.id)
    assert channel.state is ChannelState.ACTIVE and held.paused_reason is None


async def test_unsubscribing_offers_to_undo(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")

    answer = await newsroom.ask("/unsubscribe hua")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert await subscriptions(newsroom) == []
    await newsroom.click(button(answer, "Undo"))
    assert await subscriptions(newsroom) == [("huawei", Pace.DAILY)]


async def test_unsubscribing_asks_when_several_are_meant(newsroom: Newsroom) -> None:
    for topic in ("huawei", "huawei AND 5g"):
        await newsroom.ask(f"/subscribe {topic}")

    exact = await newsroom.ask("/unsubscribe huaw")

    assert isinstance(exact, Listing) and len(exact.rows) == 2
    await newsroom.click(exact.rows[1].buttons[0])
    assert [name for name, _ in await subscriptions(newsroom)] == ["huawei"]


async def test_the_list_shows_pace_forecast_and_the_digest(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei opens a plant in Hungary", ago=HOUR)
    await newsroom.ask("/subscribe huawei")
    await newsroom.ask("/subscribe zte weekly")

    answer = await newsroom.ask("/subscriptions")

    assert isinstance(answer, Listing)
    assert answer.summary == "2 subscriptions · Digest every day at 08:30, next tomorrow 08:30."
    assert [(row.title, row.detail) for row in answer.rows] == [
        ("Huawei", "instant · about 1 story a week"),
        ("ZTE", "weekly · none in 30 days"),
    ]
    assert all(len(row.buttons) <= 5 for row in answer.rows)
    changed = await newsroom.click(answer.rows[0].buttons[0])
    assert (
        isinstance(changed.answer, Listing) and changed.replaces and changed.answer.rows[0].detail.startswith("daily")
    )


async def test_an_empty_channel_is_told_how_to_begin(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscriptions")

    assert isinstance(answer, Listing) and "/subscribe huawei" in answer.summary


async def test_a_channel_is_greeted_once_with_three_topics(newsroom: Newsroom) -> None:
    request = newsroom.request()
    await newsroom.ingest("ZTE opens a plant", ago=HOUR)

    first = await newsroom.commands.greet(request.platform, "acme", "Acme", "C1", "general", NOW)
    second = await newsroom.commands.greet(request.platform, "acme", "Acme", "C1", "general", NOW + DAY)

    assert (first, second) == (True, False)
    channel = await newsroom.channel()
    async with newsroom.store.begin() as tx:
        delivery = await tx.deliveries.claim(channel.id, now=NOW, lease=HOUR)
    assert delivery is not None and delivery.body is not None
    assert [one["label"] for one in delivery.body["buttons"]] == ["ZTE", "Huawei", "5G", "All topics"]
