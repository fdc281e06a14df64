"""At the start, addresses stored in plain text or encrypted with an older key are encrypted, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from handlers.answers.errors import WirewatchError
from handlers.ingest.ingest import Ingest
from handlers.ingest.seal_addresses import seal_addresses
from storage.arrivals import NewArrival
from storage.records import SHARED, ArrivalState, Article, Source, SourceKind
from storage.sealing import Addresses
from storage.sources import NewSource
from storage.store import Store, Tx, open_store
from storage.tables import sources
from tests.support.stores import store_article
from tests.support.world import draft

TOKEN = "https://wire.example/feed?page=2&token=Zx9Qw7ab"
USER = "https://ann:hunter22@wire.example/feed"
KEY, NEWER = "a-key-of-at-least-thirty-two-letters", "a-newer-key-of-at-least-thirty-two-letters"
SECRETS = ("Zx9Qw7ab", "hunter22", "ann:")


@pytest.fixture
async def old_store(store_url: str) -> AsyncIterator[Store]:
    """A store of an older version, which has no key."""
    async with open_store(store_url) as store:
        yield store


async def old_source(tx: Tx, now: datetime, url: str) -> Source:
    """A source with a plain-text address, as older versions stored it."""
    source, _ = await tx.sources.ensure(
        NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url="https://before.example/", title="Wire"), now
    )
    values: dict[str, Any] = {"url": url, "title": f"Feed {url}", "site_url": url, "error": f"cannot read {url}"}
    await tx.connection.execute(update(sources).where(sources.c.id == source.id).values(values))
    return replace(source, **values)


async def old_article(tx: Tx, now: datetime, source: Source, *keys: str, **fields: Any) -> int:
    values: dict[str, Any] = {
        "url": "https://wire.example/1?token=Zx9Qw7ab&id=1",
        "image_url": "https://wire.example/1.png?token=Zx9Qw7ab",
        "title": "Huawei opens a plant",
    }
    article = await store_article(
        tx,
        Article(
            id=0,
            workspace_id=SHARED,
            source_id=source.id,
            publisher="Wire",
            text="It opened on Monday.",
            language="en",
            published_at=now,
            received_at=now,
            **(values | fields),
        ),
        keys=keys,
    )
    arrivals = [
        NewArrival(
            key=f"{key}#{place}"[:128], origin=article.url or "", state=ArrivalState.UNMATCHED, article_id=article.id
        )
        for place, key in enumerate(keys)
    ]
    await tx.arrivals.add_many(source.id, arrivals, now)
    return article.id


async def everything(store: Store) -> str:
    """The content of all tables that may contain an address."""
    async with store.read() as tx:
        tables = ("sources", "articles", "identities", "arrivals", "drafts")
        rows = [(await tx.connection.execute(text(f"SELECT * FROM {name}"))).all() for name in tables]
    return repr(rows)


async def test_plain_text_addresses_are_encrypted_and_no_row_contains_their_secrets(
    old_store: Store, store_url: str, now: datetime
) -> None:
    async with old_store.begin() as tx:
        old = [await old_source(tx, now, url) for url in (TOKEN, USER, "https://plain.example/feed?page=2")]
        keys = (
            "guid:wire.example/feed?page=2&token=Zx9Qw7ab 17",
            "guid:https://wire.example/?p=1&key=Zx9Qw7ab",
            "url:wire.example/1?id=1&token=Zx9Qw7ab",
            "hash:0123",
            f"guid:{TOKEN}{'x' * 200}"[:95] + "~" + "0" * 32,
        )
        id = await old_article(tx, now, old[0], *keys)
        home = await tx.workspaces.ensure("console", "local", "Local", now=now)  # type: ignore[arg-type]
        await tx.drafts.save(home.id, {"feed": {"url": USER, "title": "Wire"}}, now)
        kept_draft = await tx.drafts.save(home.id, {"feed": {"url": "https://a.example/", "title": "A"}}, now)

    async with open_store(store_url, addresses=Addresses(KEY)) as store:
        assert await seal_addresses(store) == 2
        assert await seal_addresses(store) == 0

        async with store.read() as tx:
            found = await tx.sources.all()
            article = await tx.articles.get(id)
            names = {key for _, key, _ in await tx.address_copies.identities([id])}
            draft_body = await tx.drafts.get(kept_draft, home.id)
        said = await everything(store)

    assert [store.addresses.full_address(source) for source in found] == [source.url for source in old]
    assert [source.sealed is None for source in found] == [False, False, True]
    assert (found[0].title, found[0].site_url) == (
        "Feed https://wire.example/feed?page=2",
        "https://wire.example/feed?page=2",
    )
    assert [secret for secret in SECRETS if secret in said] == []
    assert article is not None
    assert (article.url, article.image_url) == ("https://wire.example/1?id=1", "https://wire.example/1.png")
    assert {"url:wire.example/1?id=1", "hash:0123", "guid:https://wire.example/?p=1"} < names
    assert len(names) == 5
    assert draft_body is not None


@pytest.mark.parametrize(
    ("url", "key"), [(TOKEN, "guid:wire.example/feed?page=2&token=Zx9Qw7ab 17"), (USER, "guid:wire.example/feed 17")]
)
async def test_stored_entries_of_a_feed_are_recognized_after_its_address_was_encrypted(
    url: str, key: str, old_store: Store, store_url: str, now: datetime
) -> None:
    """Guids count within a feed only, and their stored keys contain the address of the feed."""
    async with old_store.begin() as tx:
        await old_article(tx, now, await old_source(tx, now, url), key, url=None, image_url=None)

    async with open_store(store_url, addresses=Addresses(KEY)) as store:
        await seal_addresses(store)
        async with store.read() as tx:
            (source,) = await tx.sources.all()
        again = draft("Huawei opens a plant", "It opened on Monday.", guid="17", url=None)
        (arrived,) = await Ingest(store)([again], source=source, now=now)

    assert arrived.state == "known"


async def test_arrivals_whose_keys_differ_only_in_the_secret_stay_two(
    old_store: Store, store_url: str, now: datetime
) -> None:
    keys = ("link:https://wire.example/1?token=Zx9Qw7ab", "link:https://wire.example/1")
    async with old_store.begin() as tx:
        old = await old_source(tx, now, TOKEN)
        for key in keys:
            await tx.arrivals.add_many(old.id, [NewArrival(key=key, origin="o", state=ArrivalState.UNMATCHED)], now)

    async with open_store(store_url, addresses=Addresses(KEY)) as store:
        await seal_addresses(store)
        async with store.read() as tx:
            arrivals = await tx.address_copies.arrivals(old.id)

    assert [key.partition("#")[0] for _, key, _, _ in arrivals] == [keys[1], keys[1]]
    assert len({key for _, key, _, _ in arrivals}) == 2


@pytest.mark.parametrize("url", [TOKEN, USER])
async def test_addresses_encrypted_with_an_old_key_are_encrypted_with_the_new_one(
    url: str, store_url: str, now: datetime
) -> None:
    async with open_store(store_url, addresses=Addresses(KEY)) as store:
        async with store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url=url, title="Wire"), now
            )
        entry = draft("Huawei opens a plant", "It opened on Monday.", guid="17", url=None)
        await Ingest(store)([entry], source=source, now=now)

    async with open_store(store_url, addresses=Addresses(NEWER, KEY)) as store:
        assert await seal_addresses(store) == 1
    async with open_store(store_url, addresses=Addresses(NEWER)) as store:
        assert await seal_addresses(store) == 0
        async with store.begin() as tx:
            renewed, created = await tx.sources.ensure(
                NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url=url, title="Wire"), now
            )
        (arrived,) = await Ingest(store)([entry], source=renewed, now=now)

        assert (renewed.id, created, arrived.state) == (source.id, False, "known")
        assert store.addresses.full_address(renewed) == url


async def test_without_a_key_the_start_fails_and_nothing_changes(old_store: Store, now: datetime) -> None:
    async with old_store.begin() as tx:
        await old_source(tx, now, USER)
    before = await everything(old_store)

    with pytest.raises(WirewatchError, match=r"WIREWATCH_SECRET_KEY: required.*1 feed contain") as refused:
        await seal_addresses(old_store)

    assert "hunter22" not in str(refused.value)
    assert await everything(old_store) == before


async def test_a_lost_key_does_not_affect_feeds_encrypted_with_another_key(store_url: str, now: datetime) -> None:
    async with open_store(store_url, addresses=Addresses(KEY)) as store, store.begin() as tx:
        await tx.sources.ensure(NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url=USER, title="Wire"), now)
    async with open_store(store_url) as store, store.begin() as tx:
        await old_source(tx, now, TOKEN)

    async with open_store(store_url, addresses=Addresses(NEWER)) as store:
        assert await seal_addresses(store) == 1
        async with store.read() as tx:
            lost, sealed = await tx.sources.all()

    assert not store.addresses.is_protected(lost)
    assert store.addresses.full_address(sealed) == TOKEN


async def test_an_address_added_again_by_an_older_version_stays_two_feeds(store_url: str, now: datetime) -> None:
    """An older version may run beside this one for a while."""
    async with open_store(store_url, addresses=Addresses(KEY)) as store:
        async with store.begin() as tx:
            await tx.sources.ensure(NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url=USER, title="Wire"), now)
            await old_source(tx, now, USER)

        await seal_addresses(store)

        async with store.read() as tx:
            whole = [store.addresses.full_address(source) for source in await tx.sources.all()]
    assert whole[0] == USER
    assert whole[1].partition("#")[0] == USER


async def test_the_database_file_contains_no_deleted_secrets(sqlite_url: str, sqlite_file: Path, now: datetime) -> None:
    async with open_store(sqlite_url) as store:
        for number in range(50):
            async with store.begin() as tx:
                source = await old_source(tx, now, f"https://ann:hunter22@wire{number}.example/feed?token=Zx9Qw7ab")
                await old_article(tx, now, source, f"guid:wire{number}.example/feed?token=Zx9Qw7ab 17")

    async with open_store(sqlite_url, addresses=Addresses(KEY)) as store:
        assert await seal_addresses(store) == 50
        held = await asyncio.to_thread(lambda: b"".join(file.read_bytes() for file in sqlite_file.parent.iterdir()))

    assert b"wire7.example" in held
    assert b"hunter22" not in held and b"Zx9Qw7ab" not in held


async def test_a_file_that_was_not_rewritten_before_a_crash_is_rewritten_at_the_next_start(
    sqlite_url: str, sqlite_file: Path, now: datetime
) -> None:
    async with open_store(sqlite_url) as store, store.begin() as tx:
        await old_source(tx, now, USER)
    async with open_store(sqlite_url, addresses=Addresses(KEY)) as store, store.begin() as tx:
        (source,) = await tx.sources.all()
        await tx.meta.set("feed addresses", "clearing")
        await tx.sources.update(source.id, url=USER, title="Wire", site_url=None, error=None)

    async with open_store(sqlite_url, addresses=Addresses(KEY)) as store:
        assert await seal_addresses(store) == 0
        held = await asyncio.to_thread(sqlite_file.read_bytes)

    assert b"hunter22" not in held
