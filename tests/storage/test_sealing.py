"""Addresses of feeds with passwords or keys: stored encrypted, one row for each, decrypted only with the key."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from storage.arrivals import NewArrival
from storage.records import SHARED, ArrivalState, Source, SourceKind
from storage.sealing import Addresses, SealError
from storage.sources import NewSource
from storage.store import Store, Tx, open_store
from tests.support.stores import make_workspace

USER = "https://ann:hunter22@wire.example/feed"
TOKEN = "https://wire.example/feed?page=2&token=hunter22"
PLAIN = "https://wire.example/feed"
KEY = "a-key-of-at-least-thirty-two-letters"


async def add(tx: Tx, now: datetime, url: str, *, workspace_id: int = SHARED, **fields: Any) -> tuple[Source, bool]:
    return await tx.sources.ensure(
        NewSource(
            workspace_id=workspace_id, kind=SourceKind.FEED, url=url, title=fields.pop("title", "Wire"), **fields
        ),
        now,
    )


async def everything(store: Store) -> str:
    """Return everything in the table of sources as text."""
    async with store.read() as tx:
        rows = (await tx.connection.execute(text("SELECT * FROM sources"))).all()
    return repr([tuple(map(repr, row)) for row in rows])


@pytest.mark.parametrize("url", [USER, TOKEN, "https://wire.example/feed?os_username=hunter22&os_password=hunter22"])
async def test_a_secret_is_stored_encrypted_and_decrypted_with_the_key(url: str, store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, created = await add(tx, now, url, title=f"Feed of {url}", site_url=url)
        again, created_again = await add(tx, now, url)
        found = await tx.sources.find(SHARED, url)

    assert (created, created_again) == (True, False)
    assert again.id == source.id
    assert found is not None and found.id == source.id
    assert store.addresses.full_address(again) == url
    assert "hunter22" not in await everything(store) + repr(source)


async def test_an_address_without_a_secret_is_stored_unchanged(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, PLAIN)

    assert (source.url, source.sealed, store.addresses.full_address(source)) == (PLAIN, None, PLAIN)


async def test_addresses_that_differ_in_a_secret_are_different_feeds(store: Store, now: datetime) -> None:
    urls = [PLAIN, USER, USER.replace("ann", "bob"), USER.replace("22", "23"), TOKEN, TOKEN.replace("22", "23")]

    async with store.begin() as tx:
        sources = [(await add(tx, now, url))[0] for url in urls]

    assert len({source.id for source in sources}) == len({source.url for source in sources}) == len(urls)
    assert [store.addresses.full_address(source) for source in sources] == urls


async def test_two_workspaces_have_separate_sources_for_the_same_feed(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        homes = [await make_workspace(tx, now, name) for name in ("one", "two")]
        sources = [(await add(tx, now, USER, workspace_id=home.id))[0] for home in homes]
        found = [await tx.sources.find(home.id, USER) for home in homes]

    assert sources[0].id != sources[1].id
    assert [source and source.id for source in found] == [source.id for source in sources]


async def test_a_removed_feed_is_restored_with_its_password(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, USER)
        await tx.arrivals.add_many(source.id, [NewArrival(key="k", origin="o", state=ArrivalState.UNMATCHED)], now)
        await tx.sources.remove(source.id, now=now)
        restored, created = await add(tx, now, USER)

    assert (restored.id, created) == (source.id, True)
    assert store.addresses.full_address(restored) == USER


@pytest.mark.parametrize(
    ("before", "after"),
    [(PLAIN, TOKEN), (TOKEN, PLAIN), (USER, TOKEN)],
    ids=["new", "none", "other"],
)
async def test_a_feed_that_moves_is_stored_with_the_secret_of_its_new_address(
    before: str, after: str, store: Store, now: datetime
) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, before)
        moved = await tx.sources.update(source.id, url=after)

    assert store.addresses.full_address(moved) == after
    assert (moved.sealed is None) == (after == PLAIN)
    assert "hunter22" not in await everything(store)


async def test_errors_and_titles_are_stored_without_the_secrets_of_addresses(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, PLAIN)
        changed = await tx.sources.update(source.id, error=f"cannot read {USER}", title=TOKEN, site_url=TOKEN)

    assert (changed.error, changed.title) == (f"cannot read {PLAIN}", f"{PLAIN}?page=2")
    assert changed.site_url == f"{PLAIN}?page=2"


async def test_without_a_key_only_feeds_without_secrets_are_stored(store_url: str, now: datetime) -> None:
    async with open_store(store_url) as store:
        async with store.begin() as tx:
            plain, _ = await add(tx, now, PLAIN)
        with pytest.raises(SealError, match="WIREWATCH_SECRET_KEY"):
            async with store.begin() as tx:
                await add(tx, now, USER)

        assert store.addresses.full_address(plain) == PLAIN
        assert store.addresses.can_store(PLAIN) and not store.addresses.can_store(USER)


async def test_another_key_decrypts_nothing_and_the_error_says_what_to_do(store_url: str, now: datetime) -> None:
    async with open_store(store_url, addresses=Addresses(KEY)) as store, store.begin() as tx:
        await add(tx, now, USER)

    for addresses in (Addresses("another-key-of-thirty-two-letters-or-more"), Addresses()):
        async with open_store(store_url, addresses=addresses) as store, store.read() as tx:
            (source,) = await tx.sources.all()
            assert not addresses.is_protected(source)
            with pytest.raises(SealError, match=r"previous WIREWATCH_SECRET_KEY.*remove the feed and add it again"):
                addresses.full_address(source)

    newer = Addresses("another-key-of-thirty-two-letters-or-more", KEY)
    assert newer.full_address(source) == USER
    assert not newer.is_protected(source)


def test_a_placeholder_does_not_reveal_the_secret_without_the_key() -> None:
    one, other = Addresses(KEY).marked(USER), Addresses("another-key-of-thirty-two-letters-or-more").marked(USER)

    assert one != other
    assert one == Addresses(KEY).marked(USER)
    assert "ann" not in one and "hunter22" not in one
