"""Which of several signed requests are acted on, on both databases."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.slack.idempotency import SignedRequest
from bot.slack.signature import Signed
from storage.store import Store
from tests.bot.slack.conftest import clock


def request(store: Store, said: str) -> SignedRequest:
    """Such as "1:a", or "2:a again" where Slack says that it repeats the body."""
    key, _, rest = said.partition(":")
    body, _, again = rest.partition(" ")
    signed = Signed(timestamp="1", signature=f"v0={key * 64}")
    return SignedRequest.of(body.encode(), signed, is_repeated=bool(again), store=store, clock=clock)


@pytest.mark.parametrize(
    ("requests", "acted_on"),
    [
        (["1:a", "1:a"], [True, False]),
        (["1:a", "2:b"], [True, True]),
        (["1:a", "2:a"], [True, True]),
        (["1:a", "2:a again"], [True, False]),
        (["1:a", "1:a again"], [True, False]),
        (["1:a again", "1:a again"], [True, False]),
        (["1:a again", "2:a again", "3:b again"], [True, False, True]),
        (["2:a again", "1:a"], [True, False]),
        (["2:a again", "3:a again", "1:a"], [True, False, False]),
        (["1:a", "2:a again", "3:a"], [True, False, True]),
    ],
    ids=lambda value: " then ".join(map(str, value)),
)
async def test_a_request_is_acted_on_once(requests: Sequence[str], acted_on: Sequence[bool], store: Store) -> None:
    assert [await request(store, said).claim() for said in requests] == acted_on


async def test_a_request_and_its_repetitions_are_acted_on_once_at_the_same_time(store: Store) -> None:
    said = ["1:a", "2:a again", "3:a again", "1:a", "2:a again"]

    assert sum(await asyncio.gather(*(request(store, one).claim() for one in said))) == 1
