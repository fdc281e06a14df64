"""/sources add: the feeds of a page are found, and one is added for the workspace only."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.answers.parts import Tone
from handlers.sources.fetch.client import Limits, open_fetcher
from storage.records import SHARED
from storage.store import Store
from tests.support.http_server import Answer, LocalServer, local_server
from tests.support.newsroom import Newsroom

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title><link>{site}</link>
<item><title>Huawei opens a plant</title><link>{site}/1</link><guid>{site}/1</guid></item>
<item><title>Rain in Spain</title><link>{site}/2</link><guid>{site}/2</guid></item>
</channel></rss>"""


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def newsroom(sqlite_store: Store) -> AsyncIterator[Newsroom]:
    limits = Limits(delay=timedelta(0))
    async with open_fetcher(user_agent="tests", allow_private=True, limits=limits) as fetcher:
        yield await Newsroom(sqlite_store, fetcher=fetcher).open()


def page(server: LocalServer, *feeds: str) -> str:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="Feed {feed}" href="{feed}">' for feed in feeds
    )
    body = f"<html><head><title>The Daily</title>{links}</head><body><p>News.</p></body></html>".encode()
    return server.answer("/news", Answer(body=body, headers={"Content-Type": "text/html"}))


def feed(server: LocalServer, path: str, title: str = "The Daily") -> str:
    body = RSS.format(title=title, site=server.address).encode()
    return server.answer(path, Answer(body=body, headers={"Content-Type": "application/rss+xml"}))


async def test_the_feed_of_a_page_is_added_for_this_workspace_only(newsroom: Newsroom, server: LocalServer) -> None:
    address = feed(server, "/rss")

    answer = await newsroom.ask(f"/sources add {page(server, '/rss')}")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE and "for this workspace only" in answer.text
    home = await newsroom.workspace()
    async with newsroom.store.read() as tx:
        (source,) = await tx.sources.visible(home.id)
        assert await tx.sources.visible(SHARED) == ()
    assert (source.url, source.workspace_id) == (address, home.id)
    assert source.channel_id == (await newsroom.channel()).id
    assert newsroom.wakes


async def test_several_feeds_of_a_page_are_offered_as_buttons(newsroom: Newsroom, server: LocalServer) -> None:
    feed(server, "/world")
    feed(server, "/tech")

    answer = await newsroom.ask(f"/sources add {page(server, '/world', '/tech')}")
    assert isinstance(answer, Listing) and len(answer.rows) == 2
    added = await newsroom.click(answer.rows[1].buttons[0])
    again = await newsroom.click(answer.rows[1].buttons[0])

    assert isinstance(added.answer, Notice) and added.answer.text.startswith("Now watching Feed /tech")
    assert isinstance(again.answer, Notice) and "already watched here" in again.answer.text


async def test_a_shared_feed_is_not_added_again(newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.source(feed(server, "/rss"))

    answer = await newsroom.ask(f"/sources add {page(server, '/rss')}")

    assert isinstance(answer, Notice) and answer.text == "Example Wire is already watched for all workspaces."


async def test_a_page_without_a_feed_is_refused_with_what_was_tried(newsroom: Newsroom, server: LocalServer) -> None:
    answer = await newsroom.ask(f"/sources add {page(server)}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.text.startswith("I found no feed at ")


async def test_a_site_that_refuses_is_shown_with_its_status(newsroom: Newsroom, server: LocalServer) -> None:
    address = server.answer("/feed", Answer(status=403))

    answer = await newsroom.ask(f"/sources add {address}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "403" in answer.text
