"""Failed posts: whatever fails, each message is posted once, or its channel is paused with a reason that people see."""

import pytest

from storage.records import ChannelState, DeliveryState
from tests.bot.discord.conftest import until
from tests.bot.discord.outbox import CREATE, Outbox, texts
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, FORUM, OTHER_ID
from tests.support.discord_server import DiscordServer

DIRECT_ID = 91
"""The direct messages with the person who subscribed."""
CREATE_FORUM_POST = "POST /api/v10/channels/{channel}/threads"
PROXY = {"Via": "1.1 google"}


@pytest.mark.parametrize(
    ("fault", "nonces"),
    [
        (Fault(status=429, retry_after=90.0, headers=PROXY), False),
        (Fault(status=429, headers=PROXY), False),
        (Fault(status=429), False),
        (Fault(status=500), False),
        (Fault(status=503), False),
        (Fault(status=503, after=True), False),
        (Fault(status=520, after=True), True),
        (Fault(drop=True), False),
        (Fault(drop=True, after=True), False),
        (Fault(drop=True, after=True), True),
        (Fault(status=403), False),
        (Fault(status=200, wait=0.4, code=1), False),
    ],
    ids=[
        "429 with a wait",
        "429 without a wait",
        "429 from a proxy",
        "500",
        "503",
        "503 after posting",
        "520 after posting",
        "connection reset",
        "connection reset after posting",
        "connection reset after posting, nonce remembered",
        "403 from a proxy",
        "no response in time",
    ],
)
async def test_after_any_failure_each_message_is_posted_once_and_in_order(
    fault: Fault, nonces: bool, server: DiscordServer, outbox: Outbox
) -> None:
    server.remembers_nonces = nonces
    server.faults[CREATE] = [fault]
    first, second = await outbox.enqueue("first"), await outbox.enqueue("second")

    await outbox.post()

    assert texts(server) == ["first", "second"]
    assert [await outbox.state(id) for id in (first, second)] == [(DeliveryState.SENT, None)] * 2


async def test_a_message_that_is_posted_after_the_time_limit_is_not_posted_again(
    server: DiscordServer, outbox: Outbox
) -> None:
    server.faults[CREATE] = [Fault(wait=0.6)]
    await outbox.enqueue("first")

    await outbox.post()
    await until(lambda: server.faults[CREATE] == [] and len(texts(server)) > 0)
    await outbox.post()

    assert texts(server) == ["first"]


async def test_a_deleted_channel_is_closed_and_the_subscriber_hears_by_direct_message(
    server: DiscordServer, outbox: Outbox
) -> None:
    server.deleted.add(str(CHANNEL_ID))
    await outbox.enqueue("first")

    await outbox.post()
    calls = len(server.calls)
    await outbox.enqueue("later")
    await outbox.post(2)

    assert "it was deleted" in (await outbox.paused_reason() or "")
    (notice,) = texts(server, DIRECT_ID)
    assert "I can't post in \\#intel" in notice or "I can't post in #intel" in notice
    assert texts(server, OTHER_ID) == []
    assert len(server.calls) == calls, "the closed channel is not called again"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(status=403, code=50001), "View Channel"),
        (Fault(status=403, code=50013), "Send Messages"),
        (Fault(status=400, code=50008), "not a text channel"),
    ],
    ids=["no access", "missing right", "no text channel"],
)
async def test_a_channel_that_refuses_posts_keeps_them_and_the_subscriber_hears_why(
    fault: Fault, reason: str, server: DiscordServer, outbox: Outbox
) -> None:
    server.faults[CREATE] = [fault]
    await outbox.enqueue("first")
    await outbox.enqueue("second")

    await outbox.post(1)
    blocked = await outbox.blocked_reason()
    await outbox.post()

    assert reason in blocked
    assert texts(server) == ["first", "second"]
    (notice,) = texts(server, DIRECT_ID)
    assert reason in notice.replace("\\", "")
    assert texts(server, OTHER_ID) == []


async def test_all_channels_of_a_server_that_removed_the_bot_are_closed(server: DiscordServer, outbox: Outbox) -> None:
    server.faults[CREATE] = [Fault(status=404, code=10004)]
    await outbox.enqueue("first")

    await outbox.post()

    assert await outbox.channel_states() == [ChannelState.GONE] * 2
    assert "removed from the server" in (await outbox.paused_reason() or "")


async def test_a_revoked_token_is_not_used_again_and_deliveries_wait(server: DiscordServer, outbox: Outbox) -> None:
    server.faults[CREATE] = [Fault(status=401)]
    delivery = await outbox.enqueue("first")

    await outbox.post()
    tried = [path for method, path in server.calls if method == "POST"]

    assert await outbox.state(delivery) == (DeliveryState.FAILED, "Discord no longer accepts DISCORD_TOKEN.")
    assert await outbox.paused_reason() is None
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(status=403, code=50013), None),
        (Fault(status=403, code=50001), None),
        (Fault(status=400, code=160006), None),
        (Fault(status=400, code=160007), None),
        (Fault(status=404, code=10008), "the message was deleted"),
    ],
    ids=["missing right", "no access", "too many threads", "too many announcement threads", "alert deleted"],
)
async def test_a_thread_that_cannot_be_created_makes_its_note_a_reply_or_fails_it_alone(
    fault: Fault, reason: str | None, server: DiscordServer, outbox: Outbox
) -> None:
    server.faults["POST /api/v10/channels/{channel}/messages/{message}/threads"] = [fault]
    alert = await outbox.enqueue("alert")
    await outbox.post(1)
    note = await outbox.enqueue("note", parent=alert)
    last = await outbox.enqueue("last")

    await outbox.post()

    replies = [message for message in server.messages[str(CHANNEL_ID)] if "message_reference" in message]
    assert await outbox.state(note) == (DeliveryState.SENT if reason is None else DeliveryState.DEAD, reason)
    assert len(replies) == (reason is None)
    assert (await outbox.state(last))[0] is DeliveryState.SENT
    assert await outbox.paused_reason() is None


async def test_a_thread_that_moderators_locked_fails_only_its_note(server: DiscordServer, outbox: Outbox) -> None:
    alert = await outbox.enqueue("alert")
    await outbox.post(1)
    ref = server.messages[str(CHANNEL_ID)][0]["id"]
    server.forum_posts[ref] = {"thread_metadata": {"archived": True, "locked": True}, "parent_id": str(CHANNEL_ID)}
    note = await outbox.enqueue("note", parent=alert)

    await outbox.post()

    assert await outbox.state(note) == (DeliveryState.DEAD, "its thread is locked")
    assert await outbox.paused_reason() is None


@pytest.mark.parametrize("fault", [Fault(drop=True, after=True), Fault(status=503, after=True), Fault(drop=True)])
async def test_a_forum_post_is_created_once_although_it_has_no_nonce(
    fault: Fault, server: DiscordServer, outbox: Outbox
) -> None:
    server.kinds[str(CHANNEL_ID)] = FORUM
    server.faults[CREATE_FORUM_POST] = [fault]
    delivery = await outbox.enqueue("first")

    await outbox.post()

    (ref,) = server.forum_posts
    assert [message["id"] for message in server.messages[ref]] == [ref]
    assert await outbox.state(delivery) == (DeliveryState.SENT, None)
