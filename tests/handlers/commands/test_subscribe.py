"""/subscribe: what a channel gets from now on, and what the answer shows."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.answers.answer import Alert, Notice, Preview
from handlers.answers.parts import Tone
from storage.records import ChannelState, Pace
from storage.store import Store
from tests.support.newsroom import NOW, Newsroom, button

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_the_answer_shows_the_newest_story_as_an_example_and_posts_nothing(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei sues the regulator over its ban", ago=3 * DAY)
    await newsroom.add_article("Huawei opens a plant in Hungary", ago=HOUR)

    reply = await newsroom.reply("/subscribe Huawei")

    preview = reply.answer
    assert isinstance(preview, Preview) and not reply.public
    assert isinstance(preview.example, Alert)
    assert preview.example.headline.text == "Huawei opens a plant in Hungary"
    assert preview.posts_a_week == pytest.approx(2.0)
    assert preview.pace == "instant"
    assert [button.label for button in preview.buttons][:3] == ["Instant", "Daily", "Weekly"]
    async with newsroom.store.read() as tx:
        assert sum((await tx.deliveries.counts()).values()) == 0


async def test_a_new_story_is_alerted_after_subscribing(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")

    arrived = await newsroom.add_article("Huawei opens a plant in Hungary")

    assert arrived.deliveries == 1


@pytest.mark.parametrize("name", ["huawei", "HUAWEI", "华为", "@huawei"])
async def test_a_topic_is_found_by_any_of_its_names(newsroom: Newsroom, name: str) -> None:
    await newsroom.ask(f"/subscribe {name}")

    assert await newsroom.subscriptions() == [("huawei", Pace.INSTANT)]


async def test_a_query_becomes_a_topic_that_is_matched_against_stored_articles(newsroom: Newsroom) -> None:
    await newsroom.add_article("Chipmaker TSMC opens a plant in Dresden", ago=2 * DAY)

    preview = await newsroom.ask('/subscribe tsmc AND "plant in Dresden"')
    again = await newsroom.ask('/subscribe tsmc AND "plant in Dresden"')

    assert isinstance(preview, Preview) and preview.example is not None
    assert isinstance(again, Preview) and "already" in again.text
    assert await newsroom.subscriptions() == [('tsmc and "plant in dresden"', Pace.INSTANT)]


async def test_a_misspelt_topic_is_questioned_before_anything_is_subscribed(newsroom: Newsroom) -> None:
    reply = await newsroom.reply("/subscribe huwaei")

    assert isinstance(reply.answer, Notice)
    assert "Did you mean Huawei? You have not subscribed yet." in reply.answer.text
    assert await newsroom.subscriptions() == []
    await newsroom.click(button(reply.answer, "Subscribe to Huawei"))
    assert await newsroom.subscriptions() == [("huawei", Pace.INSTANT)]


async def test_a_query_that_looks_misspelt_can_be_subscribed_to_exactly_as_typed(newsroom: Newsroom) -> None:
    asked = await newsroom.ask("/subscribe huwaei weekly in #intel", manages=frozenset({"C2"}))
    assert isinstance(asked, Notice) and "I know no channel" in asked.text
    await newsroom.channel("C2")
    asked = await newsroom.ask("/subscribe huwaei weekly in #intel", manages=frozenset({"C2"}))

    for _ in range(2):
        answer = (await newsroom.click(button(asked, "Subscribe to exactly this"), manages=frozenset({"C2"}))).answer
        assert isinstance(answer, Preview)

    assert await newsroom.subscriptions("C2") == [("huwaei", Pace.WEEKLY)]


async def test_a_query_that_matches_an_article_is_not_questioned(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huwaei, a village in Peru, opens a school", ago=DAY)

    assert isinstance(await newsroom.ask("/subscribe huwaei"), Preview)


async def test_the_example_has_no_buttons_because_it_is_not_posted(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant", ago=DAY)

    answer = await newsroom.ask("/subscribe huawei")

    assert isinstance(answer, Preview) and answer.example is not None
    assert (answer.example.buttons, answer.example.menu) == ((), ())


async def test_a_digest_set_up_for_a_pace_comes_every_day_whatever_the_days_of_an_earlier_one(
    newsroom: Newsroom,
) -> None:
    await newsroom.ask("/digest at 07:00 UTC sun")
    await newsroom.ask("/digest off")

    answer = await newsroom.ask("/subscribe huawei daily")

    assert isinstance(answer, Preview) and "I set up a digest at 08:30 every day" in answer.text
    assert (await newsroom.channel()).digest_days == tuple(range(7))


async def test_subscribing_again_keeps_the_pace(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")

    answer = await newsroom.ask("/subscribe huawei")

    assert isinstance(answer, Preview) and answer.pace == "daily"
    assert answer.text.startswith("#general already gets Huawei in the daily digest.")
    assert await newsroom.subscriptions() == [("huawei", Pace.DAILY)]


async def test_a_chosen_pace_changes_the_subscription(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")

    answer = await newsroom.ask("/subscribe huawei weekly")

    assert isinstance(answer, Preview) and answer.pace == "weekly" and "it was instant" in answer.text


async def test_a_daily_pace_sets_up_a_digest_if_the_channel_has_none(newsroom: Newsroom) -> None:
    await newsroom.ask("/news zone Europe/Berlin")

    answer = await newsroom.ask("/subscribe huawei daily")

    assert isinstance(answer, Preview) and "I set up a digest at 08:30 every day" in answer.text
    assert answer.next_digest_at == datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    assert (await newsroom.channel()).digest_time == time(8, 30)


async def test_the_digest_gets_the_persons_time_zone_if_the_workspace_has_none(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscribe huawei daily", zone="Asia/Tokyo")

    assert isinstance(answer, Preview) and answer.time_zone == "Asia/Tokyo"
    assert answer.next_digest_at == datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert (await newsroom.channel()).digest_zone == "Asia/Tokyo"


async def test_an_existing_digest_keeps_its_time(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 18:00")

    answer = await newsroom.ask("/subscribe huawei daily")

    assert isinstance(answer, Preview) and "I set up" not in answer.text
    assert answer.next_digest_at == datetime(2026, 11, 26, 18, 0, tzinfo=UTC)


async def test_a_pace_button_replaces_the_message_and_may_be_clicked_twice(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscribe huawei")

    first = await newsroom.click(button(answer, "Daily"))
    second = await newsroom.click(button(answer, "Daily"))

    assert first.replaces and isinstance(first.answer, Preview) and first.answer.pace == "daily"
    assert isinstance(second.answer, Preview) and second.answer.pace == "daily"


async def test_another_channel_is_named_in_words_or_by_the_platform(newsroom: Newsroom) -> None:
    await newsroom.channel("C2")

    there = frozenset({"C2"})
    await newsroom.ask("/subscribe huawei in #intel", manages=there)
    await newsroom.ask("/subscribe zte", target_channel=("C2", "intel"), manages=there)

    assert [name for name, _ in await newsroom.subscriptions("C2")] == ["huawei", "zte"]
    assert await newsroom.subscriptions("C1") == []


async def test_a_closed_channel_is_refused_with_the_reason(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")
    await newsroom.commands.channel_gone(newsroom.request().platform, "acme", "C1", "10003", NOW)

    answer = await newsroom.ask("/subscribe zte")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "it was deleted" in answer.text


async def test_a_blocked_channel_keeps_the_subscription_and_the_answer_says_what_is_missing(
    newsroom: Newsroom,
) -> None:
    await newsroom.ask("/subscribe huawei")
    await newsroom.commands.channel_gone(newsroom.request().platform, "acme", "C1", "50001", NOW)

    answer = await newsroom.ask("/subscribe zte")

    assert isinstance(answer, Preview)
    assert "can't post in #general yet: I lack" in answer.text and "I keep what is due" in answer.text
    assert [name for name, _ in await newsroom.subscriptions("C1")] == ["huawei", "zte"]


async def test_subscriptions_are_active_again_when_the_bot_is_added_again(newsroom: Newsroom) -> None:
    request = newsroom.request()
    await newsroom.ask("/subscribe huawei")
    await newsroom.commands.channel_gone(request.platform, "acme", "C1", "10003", NOW)

    await newsroom.commands.greet(request.platform, "acme", "Acme", "C1", "general", NOW)

    channel = await newsroom.channel()
    async with newsroom.store.read() as tx:
        (held,) = await tx.subscriptions.of_channel(channel.id)
    assert channel.state is ChannelState.ACTIVE and held.paused_reason is None
