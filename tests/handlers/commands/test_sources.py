"""/sources: any page finds its feed; what is added stays in the workspace; lists come and go as OPML."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.answers.parts import Tone
from handlers.ports import Attachment
from handlers.sources.feeds.opml import read_opml
from handlers.sources.fetch.client import Limits, open_fetcher
from storage.records import SHARED, SourceState
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


async def test_any_page_finds_its_feed_and_it_is_private(newsroom: Newsroom, server: LocalServer) -> None:
    address = feed(server, "/rss")

    answer = await newsroom.ask(f"/sources add {page(server, '/rss')}")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE and "for this workspace alone" in answer.text
    home = await newsroom.workspace()
    async with newsroom.store.read() as tx:
        (source,) = await tx.sources.visible(home.id)
        assert await tx.sources.visible(SHARED) == ()
    assert (source.url, source.workspace_id) == (address, home.id)
    assert source.channel_id == (await newsroom.channel()).id
    assert newsroom.wakes


async def test_several_feeds_are_offered_as_buttons(newsroom: Newsroom, server: LocalServer) -> None:
    feed(server, "/world")
    feed(server, "/tech")

    answer = await newsroom.ask(f"/sources add {page(server, '/world', '/tech')}")
    assert isinstance(answer, Listing) and len(answer.rows) == 2
    added = await newsroom.click(answer.rows[1].buttons[0])
    again = await newsroom.click(answer.rows[1].buttons[0])

    assert isinstance(added.answer, Notice) and added.answer.text.startswith("Watching Feed /tech")
    assert isinstance(again.answer, Notice) and "already watched here" in again.answer.text


async def test_what_is_shared_is_already_watched(newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.source(feed(server, "/rss"))

    answer = await newsroom.ask(f"/sources add {page(server, '/rss')}")

    assert isinstance(answer, Notice) and answer.text == "Example Wire is already watched for everyone."


async def test_a_page_without_a_feed_says_what_was_tried(newsroom: Newsroom, server: LocalServer) -> None:
    answer = await newsroom.ask(f"/sources add {page(server)}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.text.startswith("I found no feed at ")


async def test_a_site_that_refuses_is_named_with_its_answer(newsroom: Newsroom, server: LocalServer) -> None:
    address = server.answer("/feed", Answer(status=403))

    answer = await newsroom.ask(f"/sources add {address}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "403" in answer.text


async def test_pause_resume_and_remove_by_name_twice(newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.ask(f"/sources add {feed(server, '/rss')}")
    home = await newsroom.workspace()

    for line, state in (
        ("/sources pause the daily", SourceState.PAUSED),
        ("/sources pause the daily", SourceState.PAUSED),
        ("/sources resume the daily", SourceState.ACTIVE),
    ):
        assert isinstance(await newsroom.ask(line), Notice)
        async with newsroom.store.read() as tx:
            (source,) = await tx.sources.visible(home.id)
        assert source.state is state
    removed = await newsroom.ask("/sources remove the daily")

    assert isinstance(removed, Notice) and removed.tone is Tone.DONE
    async with newsroom.store.read() as tx:
        assert await tx.sources.visible(home.id) == ()


async def test_a_shared_source_cannot_be_changed(newsroom: Newsroom) -> None:
    source = await newsroom.source()

    for answer in (
        await newsroom.ask("/sources remove example wire"),
        (await newsroom.click(f"source:remove:{source.id}")).answer,
    ):
        assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "shared" in answer.text


async def test_the_list_says_how_each_one_is(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei opens a plant", ago=timedelta(minutes=4))
    source = await newsroom.source("https://down.example/feed", workspace_id=(await newsroom.workspace()).id)
    async with newsroom.store.begin() as tx:
        await tx.sources.update(
            source.id,
            title="Down Daily",
            failures=3,
            error="Its server answers 503.",
            trouble_since=newsroom.now - timedelta(hours=5),
        )

    answer = await newsroom.ask("/sources")

    assert isinstance(answer, Listing) and answer.summary.startswith("2 sources, 1 of your own, 1 in trouble.")
    assert answer.rows[0].title == "Down Daily"
    assert answer.rows[0].detail.startswith("Its server answers 503 since today 09:00")
    assert [one.label for one in answer.rows[0].buttons] == ["Retry", "Pause", "Remove"]
    assert answer.rows[1].buttons == ()


async def test_a_check_stores_nothing(newsroom: Newsroom, server: LocalServer) -> None:
    answer = await newsroom.ask(f"/sources check {feed(server, '/rss')}", may_manage=False)

    assert isinstance(answer, Listing)
    assert answer.rows[0].detail == "2 entries · 1 would match a topic · newest: Huawei opens a plant · not watched"
    async with newsroom.store.read() as tx:
        assert await tx.sources.all() == ()


OPML = b"""<opml version="2.0"><body><outline text="World">
<outline type="rss" text="One" xmlUrl="https://one.example/feed"/>
<outline type="rss" text="Two" xmlUrl="https://two.example/feed"/>
<outline type="rss" text="Wire" xmlUrl="https://wire.example/feed"/></outline></body></opml>"""


async def test_lists_of_feeds_come_and_go(newsroom: Newsroom) -> None:
    await newsroom.source()
    attached = (Attachment(name="feeds.opml", content_type="text/x-opml", body=OPML),)

    first = await newsroom.ask("/sources import", attachments=attached)
    second = await newsroom.ask("/sources import", attachments=attached)
    exported = await newsroom.ask("/sources export")

    assert isinstance(first, Notice) and first.text == "feeds.opml: 3 feeds, 2 new, 1 watched already."
    assert isinstance(second, Notice) and second.text == "feeds.opml: 3 feeds, 0 new, 3 watched already."
    assert isinstance(exported, Notice) and exported.file is not None
    name, body = exported.file
    assert name == "wirewatch-feeds.opml" and len(read_opml(body.encode())) == 3


@pytest.mark.parametrize("body", [b"", b"not xml", b"<html></html>"])
async def test_what_is_no_opml_is_refused(newsroom: Newsroom, body: bytes) -> None:
    attached = (Attachment(name="feeds.opml", content_type="text/x-opml", body=body),)

    answer = await newsroom.ask("/sources import", attachments=attached)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "feeds.opml" in answer.text


async def test_an_import_without_a_file_says_how(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/sources import")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "Attach" in answer.text


async def test_an_export_holds_own_feeds_and_shared_ones_without_what_is_secret_and_comes_back_as_known(
    newsroom: Newsroom,
) -> None:
    home, rival = await newsroom.workspace(), await newsroom.workspace("rival")
    await newsroom.source("https://shared.example/feed")
    await newsroom.source("https://ann:pw@own.example/feed?token=abc&page=1", workspace_id=home.id)
    await newsroom.source("https://rival.example/feed", workspace_id=rival.id)

    answer = await newsroom.ask("/sources export", may_manage=False)

    assert isinstance(answer, Notice) and answer.file is not None
    feeds = read_opml(answer.file[1].encode())
    assert {one.url for one in feeds} == {"https://shared.example/feed", "https://own.example/feed?page=1"}
    assert "abc" not in repr(answer) and "pw" not in repr(answer)
    assert answer.text == "2 feeds as OPML. Without the password or key that stands in 1 address."
    attached = (Attachment(name="back.opml", content_type="", body=answer.file[1].encode()),)
    again = await newsroom.ask("/sources import", attachments=attached)
    assert isinstance(again, Notice) and "0 new, 2 watched already" in again.text


async def test_a_source_that_is_nearly_named_is_offered(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    await newsroom.source("https://own.example/feed", workspace_id=home.id)

    answer = await newsroom.ask("/sources pause exmple wire")

    assert isinstance(answer, Notice) and "Did you mean Example Wire?" in answer.text
