"""Sessions end after a month, with another token, and everywhere when somebody signs out."""

from datetime import timedelta

import pytest

from bot.web.sessions import SESSION, Sessions
from storage.store import Store
from tests.support.fakes import FakeClock

TOKEN = "a-token-of-the-page-0123"


async def test_a_session_ends_after_a_month(sqlite_store: Store) -> None:
    clock = FakeClock()
    sessions = Sessions(sqlite_store, token=TOKEN, clock=clock)
    session = await sessions.create()

    assert await sessions.is_valid(session)
    clock.advance(SESSION + timedelta(seconds=1))
    assert not await sessions.is_valid(session)


async def test_a_session_ends_with_another_token(sqlite_store: Store) -> None:
    clock = FakeClock()
    session = await Sessions(sqlite_store, token=TOKEN, clock=clock).create()

    other = Sessions(sqlite_store, token="another-token-of-the-page", clock=clock)
    assert not await other.is_valid(session)


async def test_signing_out_ends_copies_of_the_cookie_in_every_process(sqlite_store: Store) -> None:
    clock = FakeClock()
    here, elsewhere = (Sessions(sqlite_store, token=TOKEN, clock=clock) for _ in range(2))
    old = [await here.create(), await elsewhere.create()]

    await here.end_all()

    assert [await sessions.is_valid(value) for sessions in (here, elsewhere) for value in old] == [False] * 4
    assert await elsewhere.is_valid(await here.create())


@pytest.mark.parametrize("step", [-timedelta(hours=1), -timedelta(days=1), timedelta(days=1)])
async def test_a_session_survives_a_clock_that_is_put_right(sqlite_store: Store, step: timedelta) -> None:
    clock = FakeClock()
    sessions = Sessions(sqlite_store, token=TOKEN, clock=clock)
    session = await sessions.create()

    clock.advance(step)

    assert await sessions.is_valid(session)


@pytest.mark.parametrize("value", ["", ".", "0.", "x.y", "99999999999999999999.aa", "1700000000.é", "²." + "0" * 64])
async def test_a_forged_session_cookie_is_refused(sqlite_store: Store, value: str) -> None:
    assert not await Sessions(sqlite_store, token=TOKEN, clock=FakeClock()).is_valid(value)
