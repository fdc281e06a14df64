"""Which of several signed requests are acted on, on both databases."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.slack.idempotency import SignedRequest
from bot.slack.signature import SignatureHeaders
from storage.store import Store
from tests.bot.slack.conftest import clock


def request(store: Store, described: str) -> SignedRequest:
    """Return the request "signature:body", such as "1:a"; "2:a retry" is one that Slack marks as a retry."""
    key, _, rest = described.partition(":")
    body, _, retry = rest.partition(" ")
    headers = SignatureHeaders(timestamp="1", signature=f"v0={key * 64}")
    return SignedRequest.of(body.encode(), headers, is_retry=bool(retry), store=store, clock=clock)


@pytest.mark.parametrize(
    ("requests", "acted_on"),
    [
        (["1:a", "1:a"], [True, False]),
        (["1:a", "2:b"], [True, True]),
        (["1:a", "2:a"], [True, True]),
        (["1:a", "2:a retry"], [True, False]),
        (["1:a", "1:a retry"], [True, False]),
        (["1:a retry", "1:a retry"], [True, False]),
        (["1:a retry", "2:a retry", "3:b retry"], [True, False, True]),
        (["2:a retry", "1:a"], [True, False]),
        (["2:a retry", "3:a retry", "1:a"], [True, False, False]),
        (["1:a", "2:a retry", "3:a"], [True, False, True]),
    ],
    ids=lambda value: " then ".join(map(str, value)),
)
async def test_a_request_is_acted_on_once(requests: Sequence[str], acted_on: Sequence[bool], store: Store) -> None:
    assert [await request(store, described).claim() for described in requests] == acted_on


async def test_a_request_and_its_retries_that_arrive_together_are_acted_on_once(store: Store) -> None:
    described = ["1:a", "2:a retry", "3:a retry", "1:a", "2:a retry"]

    assert sum(await asyncio.gather(*(request(store, each).claim() for each in described))) == 1
