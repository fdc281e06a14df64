"""/subscriptions: what a channel gets, at what pace, and how much to expect."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.answers.answer import Listing, Notice, Preview
from handlers.delivery.recheck import ChannelAccess
from storage.records import Platform
from storage.store import Store
from tests.support.blocked import blocked
from tests.support.newsroom import Newsroom, button

HOUR = timedelta(hours=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_the_list_shows_paces_forecasts_and_the_digest(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant in Hungary", ago=HOUR)
    await newsroom.ask("/subscribe huawei")
    await newsroom.ask("/subscribe zte weekly")

    answer = await newsroom.ask("/subscriptions")

    assert isinstance(answer, Listing)
    assert answer.summary == "2 subscriptions · digest every day at 08:30, next tomorrow 08:30."
    assert [(row.title, row.detail) for row in answer.rows] == [
        ("Huawei", "instant · about 1 story a week"),
        ("ZTE", "weekly · no stories in 30 days"),
    ]
    assert all(len(row.buttons) <= 5 for row in answer.rows)
    changed = await newsroom.click(answer.rows[0].buttons[0])
    assert (
        isinstance(changed.answer, Listing) and changed.replaces and changed.answer.rows[0].detail.startswith("daily")
    )


async def test_an_empty_channel_gets_the_first_command_to_type(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscriptions")

    assert isinstance(answer, Listing) and "/subscribe huawei" in answer.summary


async def test_the_grouping_is_saved_shown_and_changed_by_a_button(newsroom: Newsroom) -> None:
    subscribed = await newsroom.ask("/subscribe huawei grouping strict")
    listed = await newsroom.ask("/subscriptions")
    asked = (await newsroom.click(button(listed, "Grouping"))).answer
    changed = await newsroom.click(button(asked, "Off"))
    kept = await newsroom.ask("/subscribe huawei")
    normal = await newsroom.ask("/subscribe huawei grouping normal")

    assert isinstance(subscribed, Preview) and isinstance(kept, Preview) and isinstance(normal, Preview)
    assert "Grouping is strict: only copies and reports under the same headline share an alert." in subscribed.text
    assert isinstance(listed, Listing) and "grouping strict" in listed.rows[0].detail
    assert isinstance(asked, Notice)
    assert [each.primary for each in asked.buttons] == [True, False, False]
    assert isinstance(changed.answer, Listing) and "grouping off" in changed.answer.rows[0].detail
    assert "Grouping is off: each article is an alert of its own." in kept.text
    assert "Grouping is normal: reports of one event share an alert." in normal.text


async def test_an_unknown_grouping_or_a_stranger_changes_nothing(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")
    listed = await newsroom.ask("/subscriptions")
    action = button(listed, "Grouping").action

    refused = await newsroom.ask("/subscribe huawei grouping loose")
    unknown = await newsroom.click(f"{action}:loose")
    stranger = await newsroom.click(f"{action}:off", may_manage=False)
    other = await newsroom.click(f"{action}:off", workspace="other")

    assert isinstance(refused, Notice) and '"loose" is not a choice here' in refused.text
    for reply in (unknown, stranger, other):
        assert isinstance(reply.answer, Notice)
    again = await newsroom.ask("/subscriptions")
    assert isinstance(again, Listing) and "grouping" not in again.rows[0].detail


async def test_a_blocked_channel_is_shown_as_such_everywhere_until_it_opens(sqlite_store: Store) -> None:
    world, channel, _ = await blocked(sqlite_store)
    newsroom = Newsroom(
        sqlite_store, now=world.now, access=ChannelAccess(sqlite_store, {Platform.DISCORD: world.messenger})
    )
    place: dict[str, Any] = {"workspace": "local", "channel": channel.external_id}

    listed, health = await newsroom.ask("/subscriptions", **place), await newsroom.ask("/news health", **place)
    channels, *_ = (await newsroom.commands.home(newsroom.request(**place))).listings
    world.messenger.channel_failures.clear()
    checked = await newsroom.click(button(listed, "Check again"), **(place | {"channel": "elsewhere"}))

    assert isinstance(listed, Listing) and isinstance(health, Listing)
    expected = "Blocked since today 12:00: I am not a member. What is due is kept."
    assert listed.summary.startswith(expected) and "1 subscription" in listed.summary
    assert any(row.title == "#intel" and row.detail.startswith(expected) for row in health.rows)
    assert channels.rows[0].detail.startswith(expected) and channels.rows[0].detail.endswith("Huawei (instant)")
    assert isinstance(checked.answer, Listing) and "Blocked" not in checked.answer.summary


@pytest.mark.parametrize(
    ("platform", "said", "listed"),
    [(Platform.DISCORD, "Its alerts are silent", "silent"), (Platform.SLACK, "Slack has no silent messages", "silent")],
)
async def test_a_subscription_that_notifies_nobody_says_so_and_says_where_that_is_not_possible(
    platform: Platform, said: str, listed: str, sqlite_store: Store
) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    where: dict[str, Any] = {"platform": platform, "manages": frozenset({"C1"})}

    answer = await newsroom.ask("/subscribe huawei notify off", **where)
    rows = await newsroom.ask("/subscriptions", **where)
    on = await newsroom.ask("/subscribe huawei notify on", **where)

    assert isinstance(answer, Preview) and said in answer.text
    assert isinstance(rows, Listing) and listed in rows.rows[0].detail
    assert isinstance(on, Preview) and "notify people as usual" in on.text
