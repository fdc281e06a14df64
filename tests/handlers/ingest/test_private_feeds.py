"""Feeds with a password or key in their address, over real HTTP: the secret is used to read them and never shown."""

import asyncio
import logging
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import text

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.parts import Tone
from handlers.ingest.polled import Polled
from handlers.ports import Attachment
from handlers.sources.fetch.client import Limits, open_fetcher
from storage.records import Source
from storage.store import Store, open_store
from tests.support.http_server import Answer, LocalServer, local_server
from tests.support.newsroom import Newsroom, button
from tests.support.polling import poll_source
from tests.support.stores import migrated_store

SECRETS = ("hunter22", "Zx9Qw7ab", "ann:")


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def newsroom(sqlite_store: Store) -> AsyncIterator[Newsroom]:
    limits = Limits(total=timedelta(seconds=2), delay=timedelta(0))
    async with open_fetcher(user_agent="test", allow_private=True, limits=limits) as fetcher:
        yield await Newsroom(sqlite_store, fetcher).open()


def rss(secret: str = "Zx9Qw7ab", base: str = "") -> bytes:
    """A feed whose entries repeat the secret in every field."""
    items = "".join(
        f"<item><title>Huawei opens plant {number}</title><link>{link}</link><guid>{guid}</guid>"
        f"<description>Read it with {secret} at {link}</description><enclosure url='{link}' type='image/png'/></item>"
        for number, (link, guid) in enumerate(
            [
                (f"{base}/1?token={secret}&amp;id=1", f"{base}/1?token={secret}"),
                ("?p=2", "17"),
                ("", f"{secret}-18"),
                (f"http://ann:hunter22@127.0.0.1/4?u={secret}", "19"),
            ]
        )
    )
    about = f"<title>Wire of {secret}</title><link>?token={secret}</link>"
    return f"<rss version='2.0'><channel>{about}{items}</channel></rss>".encode()


def private_feed(server: LocalServer) -> str:
    """The address of a feed that answers 401 or 403 without the name, password and token."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Basic {b64encode(b'ann:hunter22').decode()}":
            return web.Response(status=401)
        if request.query.get("token") != "Zx9Qw7ab":
            return web.Response(status=403)
        return web.Response(body=rss(base=server.address), content_type="application/rss+xml")

    return server.answer("/feed", answer).replace("http://", "http://ann:hunter22@") + "?token=Zx9Qw7ab&page=2"


def public(server: LocalServer) -> str:
    return f"{server.address}/feed?page=2"


async def only_source(store: Store) -> Source:
    async with store.read() as tx:
        (source,) = await tx.sources.all()
    return source


async def poll(newsroom: Newsroom, source: Source | None = None) -> Polled:
    assert newsroom.fetcher is not None
    source = source or await only_source(newsroom.store)
    return await poll_source(newsroom.store, newsroom.fetcher, newsroom.ingest, source, now=newsroom.now)


def secrets_in(reply: object) -> list[str]:
    return [secret for secret in SECRETS if secret in repr(reply)]


async def test_a_private_feed_is_read_with_its_secrets_and_no_answer_or_stored_text_contains_them(
    newsroom: Newsroom, server: LocalServer, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = private_feed(server)

    added = await newsroom.reply(f"/sources add {url}")
    await newsroom.reply("/subscribe huawei")
    polled = await poll(newsroom)
    replies: list[Reply] = [added]
    for line in (
        f"sources add {url}",
        f"sources check {url}",
        "sources list",
        "news health",
        "brief huawei",
        "find huawei",
        f"why {server.address}/1?id=1&token=Zx9Qw7ab",
        f"why {url}",
        "digest now",
        f"sources pause {url}",
        f"sources resume {url}",
        f"sources remove {url}z",
        f"sources import {url}",
        f"sources remove {url}",
    ):
        replies.append(await newsroom.reply(f"/{line}"))

    assert (polled.error, polled.new) == (None, 4)
    assert polled.source.title == "Wire of [hidden]"
    assert [secrets_in(reply) for reply in replies] == [[]] * len(replies)
    texts = [reply.answer.text for reply in replies if isinstance(reply.answer, Notice)]
    assert texts[1].startswith("Wire of [hidden] is already watched here")
    assert any("is paused" in text for text in texts) and any("no longer watched" in text for text in texts)
    held = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in sqlite_file.parent.iterdir()))
    assert b"Huawei opens plant" in held
    assert [secret for secret in SECRETS if secret.encode() in held] == []
    assert secrets_in([record.getMessage() for record in caplog.records if record.name != "aiohttp.access"]) == []


async def test_links_of_entries_are_stored_without_the_secret(newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.reply(f"/sources add {private_feed(server)}")
    await poll(newsroom)

    async with newsroom.store.read() as tx:
        articles = await tx.articles.recent(1, since=newsroom.now - timedelta(days=1), limit=9)

    links = {article.title: article.url for article in articles}
    assert links["Huawei opens plant 0"] == f"{server.address}/1?id=1"
    assert links["Huawei opens plant 1"] == f"{server.address}/feed?p=2"
    assert links["Huawei opens plant 3"] == "http://127.0.0.1/4"
    assert all("[hidden]" in article.text for article in articles)


async def test_a_second_poll_recognizes_every_entry(newsroom: Newsroom, server: LocalServer) -> None:
    await newsroom.reply(f"/sources add {private_feed(server)}")

    first = await poll(newsroom)
    async with newsroom.store.begin() as tx:
        await tx.sources.update(first.source.id, body_hash=None)
    second = await poll(newsroom)

    assert (first.new, second.new, second.revised) == (4, 0, 0)


async def test_a_failing_private_feed_is_reported_without_its_secrets(newsroom: Newsroom, server: LocalServer) -> None:
    url = private_feed(server)
    await newsroom.reply(f"/sources add {url}")
    server.answer("/feed", Answer(status=403))
    for _ in range(3):
        polled = await poll(newsroom)

    async with newsroom.store.read() as tx:
        delivery = await tx.deliveries.get(1)

    assert polled.error is not None and "403" in polled.error
    assert delivery is not None and "403" in repr(delivery)
    assert secrets_in((polled, delivery, await newsroom.reply("/sources list"))) == []
    answer = await newsroom.ask(f"/sources check {url}")
    assert isinstance(answer, Notice) and answer.text.startswith(f"{public(server)} could not be read")


async def test_a_permanent_redirect_to_an_address_with_a_key_is_followed_and_encrypted(
    newsroom: Newsroom, server: LocalServer, sqlite_file: Path
) -> None:
    old = server.answer("/old", rss("nobody", base=server.address))
    new = server.answer("/new", rss(base=server.address))
    await newsroom.reply(f"/sources add {old}")
    server.redirect("/old", f"{new}?sig=Zx9Qw7ab", status=301)

    for _ in range(4):
        await poll(newsroom)
        newsroom.later(timedelta(days=1))

    source = await only_source(newsroom.store)
    assert newsroom.store.addresses.full_address(source) == f"{new}?sig=Zx9Qw7ab"
    assert secrets_in(source) == []
    assert server.requests[-1].path == "/new?sig=Zx9Qw7ab"
    async with newsroom.store.read() as tx:
        assert secrets_in([await tx.deliveries.get(id) for id in (1, 2)]) == []


async def test_the_key_of_a_temporary_redirect_is_neither_stored_nor_shown(
    newsroom: Newsroom, server: LocalServer
) -> None:
    server.answer("/cdn", rss(base=server.address))
    old = server.redirect("/old", f"{server.address}/cdn?sig=Zx9Qw7ab")

    await newsroom.reply(f"/sources add {old}")
    polled = await poll(newsroom)

    async with newsroom.store.read() as tx:
        articles = await tx.articles.recent(1, since=newsroom.now - timedelta(days=1), limit=9)
        arrivals = await tx.arrivals.recent(polled.source.id, 9)
    assert polled.new == 4
    assert "Zx9Qw7ab" not in repr((polled, articles, arrivals))


async def test_feeds_that_a_page_offers_are_shown_without_their_keys_and_added_with_them(
    newsroom: Newsroom, server: LocalServer
) -> None:
    links = "".join(
        f"<link rel='alternate' type='application/rss+xml' href='/{name}?key=Zx9Qw7ab'>" for name in ("a", "b")
    )
    page = server.answer("/page", f"<html><head>{links}</head><body></body></html>".encode())
    for path in ("/a", "/b"):
        server.answer(path, rss())

    offered = await newsroom.reply(f"/sources add {page}")
    async with newsroom.store.read() as tx:
        drafts = (await tx.connection.execute(text("SELECT * FROM drafts"))).all()
    added = await newsroom.click(button(offered.answer, "Add"))

    assert isinstance(offered.answer, Listing)
    assert [row.url for row in offered.answer.rows] == [f"{server.address}/a", f"{server.address}/b"]
    assert secrets_in((offered, drafts, added)) == []
    source = await only_source(newsroom.store)
    assert newsroom.store.addresses.full_address(source) == f"{server.address}/a?key=Zx9Qw7ab"


def attached(address: str) -> tuple[Attachment, ...]:
    body = f"<opml><body><outline text='{address}' type='rss' xmlUrl='{address}'/></body></opml>".encode()
    return (Attachment(name="feeds.opml", content_type="", body=body),)


async def test_two_accounts_at_one_address_are_two_feeds_each_added_once(newsroom: Newsroom) -> None:
    ann, bob = "https://ann:hunter22@wire.example/feed", "https://bob:Zx9Qw7ab@wire.example/feed"

    said = [
        (await newsroom.reply("/sources import", attachments=attached(url))).answer
        for url in (ann, bob, ann, "https://wire.example/feed")
    ]

    counts = [answer.text for answer in said if isinstance(answer, Notice)]
    assert ["1 added" in text for text in counts] == [True, True, False, False]
    assert secrets_in(await newsroom.reply("/sources list")) == []
    async with newsroom.store.read() as tx:
        sources = await tx.sources.all()
    assert {newsroom.store.addresses.full_address(source) for source in sources} == {ann, bob}
    assert {source.title for source in sources} == {"https://wire.example/feed"}


async def test_without_a_key_a_private_feed_is_refused_with_the_reason(sqlite_url: str, server: LocalServer) -> None:
    url = private_feed(server)
    async with open_store(sqlite_url) as store, open_fetcher(user_agent="test", allow_private=True) as fetcher:
        newsroom = await Newsroom(store, fetcher).open()

        refused = await newsroom.ask(f"/sources add {url}")
        checked = await newsroom.ask(f"/sources check {url}")
        imported = await newsroom.ask("/sources import", attachments=attached(url))

    assert isinstance(refused, Notice) and refused.tone is Tone.REFUSED and "WIREWATCH_SECRET_KEY" in refused.text
    assert isinstance(checked, Listing) and checked.rows[0].detail.endswith("not watched")
    assert isinstance(imported, Notice)
    assert imported.text.startswith("feeds.opml contains 1 feed: 0 added, 0 already watched. 1 feed was left out.")
    assert secrets_in((refused, checked, imported)) == []


async def test_a_feed_whose_encryption_key_is_lost_fails_with_an_error_that_says_what_to_do(
    newsroom: Newsroom, sqlite_url: str
) -> None:
    await newsroom.source("https://ann:hunter22@wire.example/feed", workspace_id=(await newsroom.workspace()).id)
    async with open_store(sqlite_url) as store:
        other = Newsroom(store, newsroom.fetcher)
        polled = await poll(other)
        exported = await other.ask("/sources export")

    assert polled.error is not None and "WIREWATCH_SECRET_KEY" in polled.error
    assert (
        isinstance(exported, Notice)
        and exported.text == "1 feed as OPML. The password or key in 1 address is left out."
    )
    async with migrated_store(sqlite_url) as store:
        assert store.addresses.full_address(await only_source(store)) == "https://ann:hunter22@wire.example/feed"
