"""Discord's rate limits are obeyed by the headers alone: as fast as they allow, and never faster."""

import pytest

from bot.discord.rate_limits import RateLimits
from storage.records import DeliveryState
from tests.bot.discord.conftest import MovedClock
from tests.bot.discord.outbox import CREATE, Outbox, texts
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, FORUM
from tests.support.discord_limits import Bucket
from tests.support.discord_server import DiscordServer

FORUM_POST = "POST /api/v10/channels/{channel}/threads"
THREAD_POST = "POST /api/v10/channels/{channel}/messages"
CREATE_THREAD = "POST /api/v10/channels/{channel}/messages/{message}/threads"


def headers(remaining: int, after: float, limit: int = 5, bucket: str = "b") -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": str(after),
        "X-RateLimit-Bucket": bucket,
    }


def test_a_request_waits_only_if_none_is_left_however_long_the_window_is() -> None:
    limits = RateLimits()
    waits = []
    limits.read("POST /threads", "1", headers(remaining=2, after=300.0), now=0.0)
    for now in (1.0, 2.0, 3.0, 299.0, 300.0):
        waits.append(limits.wait("POST /threads", "1", now))
        if not waits[-1]:
            limits.count("POST /threads", "1", now)

    assert waits == [0.0, 0.0, 297.0, 1.0, 0.0]
    assert limits.wait("POST /threads", "2", 3.0) == 0.0, "another channel has a bucket of its own"


def test_routes_with_one_bucket_share_it_and_answers_in_another_order_do_not_raise_it() -> None:
    limits = RateLimits()
    limits.read("POST /a", "1", headers(remaining=1, after=10.0), now=0.0)
    limits.read("POST /b", "1", headers(remaining=3, after=10.0), now=0.0)
    limits.count("POST /a", "1", 0.0)

    assert limits.wait("POST /b", "1", 4.0) == 6.0


@pytest.mark.parametrize(
    ("body", "sent", "expected"),
    [
        ({"retry_after": 7.5, "global": False}, {}, (7.5, 7.5, 0.0)),
        ({"retry_after": 7.5, "global": True}, {}, (7.5, 7.5, 7.5)),
        ("<html>", {"Retry-After": "90"}, (90.0, 90.0, 0.0)),
        ("<html>", {}, (60.0, 60.0, 0.0)),
        ({"retry_after": -1}, {"Retry-After": "soon"}, (60.0, 60.0, 0.0)),
    ],
    ids=["bucket", "whole bot", "proxy", "proxy without a wait", "nonsense"],
)
def test_a_refusal_is_obeyed_as_it_says(
    body: object, sent: dict[str, str], expected: tuple[float, float, float]
) -> None:
    limits = RateLimits()

    wait = limits.refuse("POST /a", "1", sent, body, 0.0)

    assert (wait, limits.wait("POST /a", "1", 0.0), limits.wait("POST /b", "1", 0.0)) == expected
    assert limits.wait("POST /interactions", "1", 0.0, is_global=False) == 0.0


async def test_twenty_forum_posts_are_posted_at_once_within_a_limit_of_fifty_in_five_minutes(
    server: DiscordServer, outbox: Outbox, http_clock: MovedClock
) -> None:
    server.kinds[str(CHANNEL_ID)] = FORUM
    bucket = server.limits.buckets[FORUM_POST] = Bucket(50, 300.0, http_clock)
    for number in range(20):
        await outbox.enqueue(f"n{number}")

    await outbox.post(1)

    assert (len(server.forum_posts), bucket.refused) == (20, 0)


async def test_sixty_forum_posts_wait_for_the_next_window_and_none_is_refused_or_doubled(
    server: DiscordServer, outbox: Outbox, http_clock: MovedClock
) -> None:
    server.kinds[str(CHANNEL_ID)] = FORUM
    bucket = server.limits.buckets[FORUM_POST] = Bucket(50, 300.0, http_clock)
    deliveries = [await outbox.enqueue(f"n{number}") for number in range(60)]

    for _ in range(3):
        await outbox.deliver.run_once(outbox.now)
    early = len(server.forum_posts)
    await outbox.post(4)

    assert (early, len(server.forum_posts), bucket.refused) == (50, 60, 0)
    assert {(await outbox.state(id))[0] for id in deliveries} == {DeliveryState.SENT}


async def test_a_note_that_waits_for_its_limit_never_holds_a_new_alert(server: DiscordServer, outbox: Outbox) -> None:
    alert = await outbox.enqueue("alert")
    await outbox.post(1)
    server.faults[CREATE_THREAD] = [Fault(status=429, retry_after=290.0)]
    note = await outbox.enqueue("note", parent=alert)
    await outbox.enqueue("new alert")

    await outbox.deliver.run_once(outbox.now)
    early = texts(server)
    await outbox.post(2)

    assert early == ["alert", "new alert"]
    assert (await outbox.state(note))[0] is DeliveryState.SENT


async def test_a_short_wait_is_waited_and_a_post_is_not_repeated_for_any_other_reason(
    server: DiscordServer, outbox: Outbox
) -> None:
    server.faults[CREATE] = [Fault(status=429, retry_after=0.05), Fault(status=502, after=True)]
    server.remembers_nonces = False
    await outbox.enqueue("first")

    await outbox.deliver.run_once(outbox.now)
    posts = [path for method, path in server.calls if method == "POST"]
    await outbox.post(3)

    assert len(posts) == 2
    assert texts(server) == ["first"]
