"""Entries of feeds over several polls: none is lost under a reused name, and none is new under a new name."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from html import escape

import pytest
from aiohttp import web

from handlers.ingest.polled import Polled
from tests.support.feeds import rss
from tests.support.polling import Polling

NEWS = (
    ("Ferry strike leaves islanders without mail", "Crews walked out over night pay and hope to sail on Thursday."),
    ("Court orders brewer to pay growers", "Hop farmers had waited four years for their money."),
    ("New tram line opens between port and campus", "The first tram left at dawn with a brass band aboard."),
    ("Storm tears roof off concert hall", "Nobody was hurt, but the spring season is cancelled."),
    ("Minister quits over leaked cables", "The opposition wants an inquiry before the budget."),
    ("Wolves return to the upper valley", "Herders ask for dogs and fences, hunters for permits."),
)
PAGE = "https://site.example/now"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def item(title: str, text: str = "", link: str = "", guid: str = "", date: str = "") -> str:
    fields = {"title": title, "link": link, "guid": guid, "description": text, "pubDate": date}
    return f"<item>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in fields.items() if value)}</item>"


def news(number: int, link: str = "", guid: str = "", date: str = "") -> str:
    return item(*NEWS[number], link, guid, date)


async def poll_all(polling: Polling, readings: Sequence[Sequence[str]], *, every: timedelta = 2 * HOUR) -> list[Polled]:
    """Poll a feed that has these items, once for each reading."""
    url = polling.server.answer("/feed", *(rss("".join(items)).encode() for items in readings))
    feed = await polling.feed(url, is_private=True)
    return [await polling.poll(feed, after=every * number) for number in range(len(readings))]


async def stored(polling: Polling) -> list[str]:
    """The titles of all articles that the feed's workspace sees."""
    async with polling.store.read() as tx:
        found = await tx.articles.recent(polling.channel.workspace_id, since=polling.now - 900 * DAY, limit=99)
    return sorted(article.title for article in found)


REUSED = {
    "one link for all entries": [[news(n, PAGE) for n in (k + 2, k + 1, k)] for k in range(4)],
    "one link for two entries": [[news(k + 1, PAGE), news(k, PAGE)] for k in range(5)],
    "one entry at a time at one link": [[news(n, PAGE)] for n in range(6)],
    "one entry at a time under one guid": [[news(n, f"{PAGE}/{n}", "current")] for n in range(6)],
    "one entry at a time without a name": [[news(n)] for n in range(6)],
    "guids that number the entries": [
        [news(k + 2 - place, f"{PAGE}/{place}", str(place)) for place in range(3)] for k in range(4)
    ],
    "one guid for all entries": [[news(n, f"{PAGE}/{n}", "0") for n in (k + 2, k + 1, k)] for k in range(4)],
    "a fragment each": [[news(n, f"{PAGE}#{n}") for n in range(k + 1)] for k in range(6)],
    "a token in each link": [
        [news(n, f"{PAGE}/{n}?session={k + 3}{n}f{k}") for n in (k + 2, k + 1, k)] for k in range(4)
    ],
    "a token in each guid": [[news(n, guid=f"{n}-{k + 3}f{k}") for n in (k + 2, k + 1, k)] for k in range(4)],
    "a name that returns to an old entry": [[news(n, PAGE)] for n in (0, 1, 0, 2, 1, 3, 4, 5, 0)],
}


@pytest.mark.parametrize("readings", REUSED.values(), ids=REUSED)
async def test_no_entry_is_lost_or_overwritten_and_each_is_stored_once(
    polling: Polling, readings: list[list[str]]
) -> None:
    polls = await poll_all(polling, readings)

    assert await stored(polling) == sorted(title for title, _ in NEWS)
    assert sum(polled.new for polled in polls) == len(NEWS)
    assert not any("new addresses or ids" in text for text in await polling.notices())


@pytest.mark.parametrize(
    "entries",
    [
        [item("Daily wrap", text, PAGE) for _, text in NEWS[:4]],
        [item("Daily wrap", text, PAGE, f"w{n}") for n, (_, text) in enumerate(NEWS[:4])],
        [item("Update", text, f"{PAGE}#{n}") for n, (_, text) in enumerate(NEWS[:4])],
        [item(f"Rate on {n} June", f"It is 7.{n}.", PAGE) for n in (3, 4, 5, 6)],
        [item(f"Flood alert for {town}", "Stay at home.", PAGE) for town in ("Nord", "Sund", "Arn", "Bek")],
    ],
    ids=["one headline at one link", "with guids", "with fragments", "dated headlines", "towns"],
)
async def test_a_series_under_one_name_is_an_article_each_day(polling: Polling, entries: list[str]) -> None:
    polls = await poll_all(polling, [[entry] for entry in entries], every=DAY)

    assert [polled.new for polled in polls] == [1, 1, 1, 1]
    assert len(await stored(polling)) == 4


async def test_a_page_that_is_rewritten_during_a_day_is_one_article(polling: Polling) -> None:
    texts = ("Morning: the firm says nothing.", "Noon: the board meets in Nord.", "Night: the head steps down.")
    polls = await poll_all(polling, [[item("What is known", text, PAGE)] for text in texts], every=3 * HOUR)

    assert [(polled.new, polled.revised) for polled in polls] == [(1, 0), (0, 1), (0, 1)]


def dated(polling: Polling, host: str, guid: str, *, days: int = 0) -> list[str]:
    dates = [format_datetime(polling.now + days * DAY - timedelta(hours=n, minutes=7)) for n in range(len(NEWS))]
    return [news(n, f"https://{host}/{n}", f"{guid}{n}", date) for n, date in enumerate(dates)]


@pytest.mark.parametrize("host", ["old.example/story", "www.new.example/n"])
@pytest.mark.parametrize("gap", [HOUR, 7 * DAY, 21 * DAY], ids=["next poll", "a week later", "three weeks later"])
async def test_most_ids_of_a_feed_change_and_nothing_is_new_and_it_is_reported_once(
    polling: Polling, host: str, gap: timedelta
) -> None:
    old, new = dated(polling, "old.example/n", "a"), dated(polling, host, "b")
    later = item("Dam repair closes mountain road", "Drivers must take the pass.", f"https://{host}/9", "b9")

    polls = await poll_all(polling, [old, new, [later, *new], [later, *new[1:]]], every=gap)

    assert [polled.new for polled in polls] == [6, 0, 1, 0]
    assert len(await stored(polling)) == 7
    reports = [text for text in await polling.notices() if "new addresses or ids" in text]
    assert reports == [
        "Wire gave 6 entries new addresses or ids, so I recognized them by their headlines and texts. "
        "None is posted again."
    ]


async def test_the_same_headlines_with_other_numbers_every_day_are_new(polling: Polling) -> None:
    readings = [
        [
            item(
                f"Storm warning for {town}",
                f"Gusts of {60 + day * 7} km/h are expected in {town}.",
                f"https://site.example/{day}/{town}",
                f"{day}{town}",
                format_datetime(polling.now + day * DAY),
            )
            for town in ("Nord", "Sund", "Arn", "Bek", "Cole")
        ]
        for day in range(3)
    ]

    polls = await poll_all(polling, readings, every=DAY)

    assert [polled.new for polled in polls] == [5, 5, 5]


async def test_a_counter_in_a_headline_revises_nothing(polling: Polling) -> None:
    readings = [[item(f"Works closed [{votes} votes]", "They move.", PAGE, "1")] for votes in (7, 14, 21)]

    polls = await poll_all(polling, readings)

    assert [(polled.new, polled.revised) for polled in polls] == [(1, 0), (0, 0), (0, 0)]


async def test_entries_of_two_accounts_at_one_address_are_separate(polling: Polling) -> None:
    users = {b64encode(f"{name}:pw".encode()).decode(): news(n, guid="1") for n, name in enumerate(("ann", "bob"))}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text=rss(users[request.headers["Authorization"].removeprefix("Basic ")]))

    url = polling.server.answer("/mail", answer)
    feeds = [await polling.feed(url.replace("://", f"://{name}:pw@"), is_private=True) for name in ("ann", "bob")]

    assert [(await polling.poll(feed)).new for feed in feeds] == [1, 1]
