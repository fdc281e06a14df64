"""A permanent redirect is followed for good only when it has lasted, and led to the same feed."""

from datetime import timedelta

import pytest

from tests.support.http_server import Answer
from tests.support.polling import Polling, rss

MOVED = Answer(status=301, headers={"Location": "/new"})
FEED, MAINTENANCE = rss("1 one"), rss("9 down for maintenance")


async def test_a_redirect_on_three_days_moves_the_feed_and_both_are_reported(polling: Polling) -> None:
    new = polling.server.answer("/new", FEED)
    feed = await polling.feed(polling.server.answer("/old", FEED, MOVED), is_private=True)

    urls = []
    for hours in (0, 1, 2, 25, 30, 49, 50):
        urls.append((await polling.poll(feed, after=timedelta(hours=hours))).source.url.rpartition("/")[2])

    assert urls == ["old", "old", "old", "old", "old", "new", "new"]
    first, second = await polling.notices()
    assert f"redirects permanently to {new}. I keep its old address" in first
    assert f"has moved to {new}" in second
    assert (await polling.stored(feed)).moved_to is None


@pytest.mark.parametrize("days", [1, 3, 30])
async def test_a_redirect_to_a_feed_without_a_known_entry_never_moves_the_feed(polling: Polling, days: int) -> None:
    polling.server.answer("/new", MAINTENANCE, *(rss(f"{n} still down") for n in range(10, 20)))
    feed = await polling.feed(polling.server.answer("/old", FEED, *[MOVED] * 5, FEED), is_private=True)
    await polling.poll(feed)

    for number in range(1, 6):
        polling.server.answer("/new", rss(f"{number + 10} still down"))
        polled = await polling.poll(feed, after=timedelta(days=days * number))
    back = await polling.poll(feed, after=timedelta(days=days * 6))

    assert polled.source.url.endswith("/old")
    assert (back.error, back.source.moved_to) == (None, None)
    assert "where none of its entries is listed" in (await polling.notices())[0]


@pytest.mark.parametrize("entries", [("9 down", "8 sorry"), ("9 down",)])
async def test_entries_that_came_with_the_redirect_are_no_proof_of_the_same_feed(
    polling: Polling, entries: tuple[str, ...]
) -> None:
    polling.server.answer("/new", rss("9 down"), rss(*entries))
    feed = await polling.feed(polling.server.answer("/old", FEED, MOVED), is_private=True)

    urls = [(await polling.poll(feed, after=timedelta(days=day))).source.url for day in range(7)]

    assert {url.rpartition("/")[2] for url in urls} == {"old"}
    assert sum("redirects permanently" in text for text in await polling.notices()) == 1


async def test_a_feed_that_is_redirected_from_the_start_moves_after_three_days(polling: Polling) -> None:
    polling.server.answer("/new", FEED)
    feed = await polling.feed(polling.server.answer("/old", MOVED), is_private=True)

    urls = [(await polling.poll(feed, after=timedelta(days=day))).source.url for day in range(4)]

    assert [url.rpartition("/")[2] for url in urls] == ["old", "old", "new", "new"]
    assert "I keep its old address until" in (await polling.notices())[0]


async def test_a_redirect_that_ends_is_counted_from_one_again(polling: Polling) -> None:
    polling.server.answer("/new", FEED)
    feed = await polling.feed(polling.server.answer("/old", FEED, MOVED, MOVED, FEED, MOVED), is_private=True)

    for day in range(6):
        polled = await polling.poll(feed, after=timedelta(days=day))

    assert polled.source.url.endswith("/old")
    assert polled.source.moved_times == 2


async def test_a_feed_does_not_move_to_the_address_of_another_one(polling: Polling) -> None:
    new = polling.server.answer("/new", FEED)
    await polling.feed(new, is_private=True)
    feed = await polling.feed(polling.server.answer("/old", FEED, MOVED), is_private=True)

    for day in range(6):
        polled = await polling.poll(feed, after=timedelta(days=day))

    assert polled.source.url.endswith("/old")
    (reported,) = await polling.notices()
    assert f"redirects permanently to {new}, the address of another source" in reported
