"""/sources add: the feeds of a page are found, and one is added for the workspace only."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from handlers.answers.answer import Digest, Listing, Notice
from handlers.answers.parts import Tone
from handlers.answers.phrases import digest_head
from handlers.sources.fetch.client import Limits, open_fetcher
from storage.records import SHARED, OutcomeState
from storage.store import Store
from tests.support.http_server import Answer, LocalServer, local_server
from tests.support.newsroom import Newsroom, button
from tests.support.polling import poll_source

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


BACK_CATALOGUE = (
    "Court in Lyon fines Huawei for unpaid invoices",
    "Students of Tartu build a telescope with Huawei",
    "Huawei quits the football league of Ghana",
    "Farmers near Cuzco test sensors from Huawei",
    "Museum of Porto shows maps on Huawei tablets",
    "Rain delays the ferry that carries Huawei's exhibition",
)


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


async def test_the_back_catalogue_of_a_new_feed_is_shown_on_request_and_not_posted(
    newsroom: Newsroom, server: LocalServer
) -> None:
    await newsroom.ask("/subscribe huawei")
    items = "".join(
        f"<item><title>{title}</title><link>{server.address}/old/{hours}</link><guid>{hours}</guid>"
        f"<pubDate>{format_datetime(newsroom.now - timedelta(hours=hours))}</pubDate></item>"
        for hours, title in enumerate(BACK_CATALOGUE, 1)
    )
    body = RSS.format(title="The Daily", site=server.address).replace("</channel>", f"{items}</channel>")
    address = server.answer("/rss", Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml"}))

    added = await newsroom.ask(f"/sources add {address}")
    early = await newsroom.click(button(added, "Catch me up"))
    async with newsroom.store.read() as tx:
        (source,) = await tx.sources.visible((await newsroom.workspace()).id)
    assert newsroom.fetcher is not None
    await poll_source(newsroom.store, newsroom.fetcher, newsroom.ingest, source, now=newsroom.now)
    later = await newsroom.click(button(added, "Catch me up"))

    assert isinstance(early.answer, Notice) and "has not been read yet" in early.answer.text
    assert isinstance(later.answer, Digest)
    (group,) = later.answer.groups
    assert digest_head(later.answer) == ("The Daily until now", "1 topic · 7 stories from 7 articles")
    assert (group.topic.title, len(group.stories), group.more) == ("Huawei", 5, 2)
    channel = await newsroom.channel()
    async with newsroom.store.read() as tx:
        outcomes = await tx.outcomes.of_channel(channel.id, since=None)
    assert sorted(outcome.state for outcome in outcomes) == [OutcomeState.ALERT, *[OutcomeState.HELD] * 6]


async def test_a_feed_without_a_match_has_nothing_to_catch_up_with(newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.ask("/subscribe zte")
    added = await newsroom.ask(f"/sources add {feed(server, '/rss')}")
    async with newsroom.store.read() as tx:
        (source,) = await tx.sources.visible((await newsroom.workspace()).id)
    assert newsroom.fetcher is not None
    await poll_source(newsroom.store, newsroom.fetcher, newsroom.ingest, source, now=newsroom.now)

    here = await newsroom.click(button(added, "Catch me up"))
    elsewhere = await newsroom.click(button(added, "Catch me up"), channel="C2")
    rival = await newsroom.click(button(added, "Catch me up"), workspace="rival")

    assert isinstance(here.answer, Notice)
    assert here.answer.text == "None of the 2 stored articles of The Daily matches what #general gets."
    assert isinstance(elsewhere.answer, Digest)
    assert [group.topic.title for group in elsewhere.answer.groups] == ["Huawei"]
    assert isinstance(rival.answer, Notice) and rival.answer.tone is Tone.REFUSED


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


async def test_a_feed_that_cannot_be_read_is_not_added(newsroom: Newsroom, server: LocalServer) -> None:
    address = page(server, "/dead")
    server.answer("/dead", Answer(status=404))

    refused = await newsroom.ask(f"/sources add {address}")
    living = feed(server, "/feed/")
    added = await newsroom.ask(f"/sources add {address}")

    assert isinstance(refused, Notice) and refused.tone is Tone.REFUSED and "/dead answered 404" in refused.text
    assert isinstance(added, Notice) and added.tone is Tone.DONE
    home = await newsroom.workspace()
    async with newsroom.store.read() as tx:
        assert [source.url for source in await tx.sources.visible(home.id)] == [living]


async def test_a_site_that_refuses_is_shown_with_its_status(newsroom: Newsroom, server: LocalServer) -> None:
    address = server.answer("/feed", Answer(status=403))

    answer = await newsroom.ask(f"/sources add {address}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "403" in answer.text


LISTS = Path(__file__).parents[1] / "sources" / "lists" / "editions"


async def test_an_official_list_alerts_who_was_added_and_posts_nothing_of_its_first_edition(
    newsroom: Newsroom, server: LocalServer
) -> None:
    first, second = ((LISTS / name).read_bytes() for name in ("un-a.xml", "un-b.xml"))
    url = server.answer("/consolidated.xml", first)
    await newsroom.ask("/subscribe zelmarsk")

    added = await newsroom.ask(f"/sources add {url}")
    async with newsroom.store.read() as tx:
        (source,) = await tx.sources.visible((await newsroom.workspace()).id)
    assert newsroom.fetcher is not None
    await poll_source(newsroom.store, newsroom.fetcher, newsroom.ingest, source, now=newsroom.now)
    server.answer("/consolidated.xml", second)
    async with newsroom.store.read() as tx:
        (source,) = await tx.sources.visible((await newsroom.workspace()).id)
    await poll_source(newsroom.store, newsroom.fetcher, newsroom.ingest, source, now=newsroom.now + timedelta(hours=1))

    assert isinstance(added, Notice)
    assert added.text.startswith("Now watching UN Security Council sanctions list, for this workspace only.")
    channel = await newsroom.channel()
    async with newsroom.store.read() as tx:
        outcomes = await tx.outcomes.of_channel(channel.id, since=None)
    assert [outcome.state for outcome in outcomes] == [OutcomeState.ALERT]
    listing = await newsroom.ask("/sources list")
    assert isinstance(listing, Listing)
    assert "official list" in (listing.rows[0].detail or "")
