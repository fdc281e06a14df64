"""Sources whose address holds a password or key: stored encrypted, one row an address, opened with the key alone."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from storage.records import SHARED, Source, SourceKind
from storage.sealing import Addresses, SealError
from storage.store import Store, Tx, open_store
from tests.support.stores import make_workspace

USER = "https://ann:hunter22@wire.example/feed"
TOKEN = "https://wire.example/feed?page=2&token=hunter22"
PLAIN = "https://wire.example/feed"
KEY = "a-key-of-at-least-thirty-two-letters"


async def add(tx: Tx, now: datetime, url: str, *, workspace_id: int = SHARED, **fields: Any) -> tuple[Source, bool]:
    return await tx.sources.ensure(
        workspace_id=workspace_id, kind=SourceKind.FEED, url=url, title=fields.pop("title", "Wire"), now=now, **fields
    )


async def everything(store: Store) -> str:
    """All that the table of sources holds, readable or not."""
    async with store.read() as tx:
        rows = (await tx.connection.execute(text("SELECT * FROM sources"))).all()
    return repr([tuple(map(repr, row)) for row in rows])


@pytest.mark.parametrize("url", [USER, TOKEN, "https://wire.example/feed?os_username=hunter22&os_password=hunter22"])
async def test_a_secret_is_stored_encrypted_and_opened_with_the_key(url: str, store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, created = await add(tx, now, url, title=f"Feed of {url}", site_url=url)
        again, created_again = await add(tx, now, url)
        found = await tx.sources.find(SHARED, url)

    assert (created, created_again) == (True, False)
    assert again.id == source.id
    assert found is not None and found.id == source.id
    assert store.addresses.whole(again) == url
    assert "hunter22" not in await everything(store) + repr(source)


async def test_an_address_without_a_secret_is_stored_as_it_is(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, PLAIN)

    assert (source.url, source.sealed, store.addresses.whole(source)) == (PLAIN, None, PLAIN)


async def test_addresses_that_differ_in_a_secret_are_different_feeds(store: Store, now: datetime) -> None:
    urls = [PLAIN, USER, USER.replace("ann", "bob"), USER.replace("22", "23"), TOKEN, TOKEN.replace("22", "23")]

    async with store.begin() as tx:
        sources = [(await add(tx, now, url))[0] for url in urls]

    assert len({source.id for source in sources}) == len({source.url for source in sources}) == len(urls)
    assert [store.addresses.whole(source) for source in sources] == urls


async def test_two_workspaces_have_the_same_feed_each_for_itself(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        homes = [await make_workspace(tx, now, name) for name in ("one", "two")]
        sources = [(await add(tx, now, USER, workspace_id=home.id))[0] for home in homes]
        found = [await tx.sources.find(home.id, USER) for home in homes]

    assert sources[0].id != sources[1].id
    assert [one and one.id for one in found] == [source.id for source in sources]


async def test_a_removed_feed_comes_back_with_its_password(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, USER)
        await tx.arrivals.add(source_id=source.id, key="k", origin="o", state="unmatched", received_at=now)  # type: ignore[arg-type]
        await tx.sources.remove(source.id, now=now)
        back, created = await add(tx, now, USER)

    assert (back.id, created) == (source.id, True)
    assert store.addresses.whole(back) == USER


@pytest.mark.parametrize(
    ("before", "after"), [(PLAIN, TOKEN), (TOKEN, PLAIN), (USER, TOKEN)], ids=["gains one", "loses it", "another"]
)
async def test_a_feed_that_moves_takes_its_secret_along(before: str, after: str, store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, before)
        moved = await tx.sources.update(source.id, url=after)

    assert store.addresses.whole(moved) == after
    assert (moved.sealed is None) == (after == PLAIN)
    assert "hunter22" not in await everything(store)


async def test_an_error_and_a_title_are_stored_without_the_secrets_of_addresses_in_them(
    store: Store, now: datetime
) -> None:
    async with store.begin() as tx:
        source, _ = await add(tx, now, PLAIN)
        changed = await tx.sources.update(source.id, error=f"cannot read {USER}", title=TOKEN, site_url=TOKEN)

    assert (changed.error, changed.title) == (f"cannot read {PLAIN}", f"{PLAIN}?page=2")
    assert changed.site_url == f"{PLAIN}?page=2"


async def test_without_a_key_only_feeds_without_secrets_are_taken(store_url: str, now: datetime) -> None:
    async with open_store(store_url) as store:
        async with store.begin() as tx:
            plain, _ = await add(tx, now, PLAIN)
        with pytest.raises(SealError, match="WIREWATCH_SECRET_KEY"):
            async with store.begin() as tx:
                await add(tx, now, USER)

        assert store.addresses.whole(plain) == PLAIN
        assert store.addresses.can_keep(PLAIN) and not store.addresses.can_keep(USER)


async def test_another_key_opens_nothing_and_says_what_to_do(store_url: str, now: datetime) -> None:
    async with open_store(store_url, addresses=Addresses(KEY)) as store, store.begin() as tx:
        await add(tx, now, USER)

    for addresses in (Addresses("another-key-of-thirty-two-letters-or-more"), Addresses()):
        async with open_store(store_url, addresses=addresses) as store, store.read() as tx:
            (source,) = await tx.sources.all()
            assert not addresses.is_settled(source)
            with pytest.raises(SealError, match=r"WIREWATCH_SECRET_KEY of before.*remove the feed and add it again"):
                addresses.whole(source)

    newer = Addresses("another-key-of-thirty-two-letters-or-more", KEY)
    assert newer.whole(source) == USER
    assert not newer.is_settled(source)


def test_a_mark_does_not_tell_the_secret_without_the_key() -> None:
    one, other = Addresses(KEY).kept_as(USER), Addresses("another-key-of-thirty-two-letters-or-more").kept_as(USER)

    assert one != other
    assert one == Addresses(KEY).kept_as(USER)
    assert "ann" not in one and "hunter22" not in one
