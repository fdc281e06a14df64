"""The table of Discord's faults: whatever a post meets, each message is in its channel once in the end."""

from dataclasses import replace

import pytest

from storage.records import DeliveryState
from tests.bot.discord.outbox import CREATE, Outbox, texts
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, FORUM
from tests.support.discord_server import DiscordServer

HTML = "<html><title>discord.com | 502: Bad gateway</title></html>"
VIA = {"Via": "1.1 google"}
FAULTS = {
    "429": Fault(status=429, retry_after=90.0, headers=VIA),
    "429 of all requests": Fault(status=429, retry_after=90.0, headers=VIA | {"X-RateLimit-Scope": "global"}),
    "429 without a wait": Fault(status=429, headers=VIA),
    "429 from Cloudflare": Fault(status=429, body=HTML, headers={"Retry-After": "120"}),
    "500": Fault(status=500),
    "500, posted": Fault(status=500, after=True),
    "502 as HTML": Fault(status=502, body=HTML),
    "502 as HTML, posted": Fault(status=502, body=HTML, after=True),
    "503": Fault(status=503),
    "503 overloaded": Fault(status=503, code=130000),
    "504, posted": Fault(status=504, after=True),
    "520 as HTML, posted": Fault(status=520, body=HTML, after=True),
    "524, posted": Fault(status=524, after=True),
    "200, empty": Fault(body=""),
    "200, empty, posted": Fault(body="", after=True),
    "200 as HTML, posted": Fault(body=HTML, after=True),
    "200, cut JSON, posted": Fault(body='{"id": ', content_type="application/json", after=True),
    "200, JSON null, posted": Fault(body="null", content_type="application/json", after=True),
    "reset": Fault(drop=True),
    "reset, posted": Fault(drop=True, after=True),
    "403 from a proxy": Fault(status=403, body=HTML),
    "403 without a code": Fault(status=403),
    "404 from a proxy": Fault(status=404, body=HTML),
    "403 40333": Fault(status=403, code=40333),
    "403 40006": Fault(status=403, code=40006),
    "403 50001": Fault(status=403, code=50001),
    "403 50013": Fault(status=403, code=50013),
    "400 20016 slow mode": Fault(status=400, code=20016),
    "400 50035": Fault(status=400, code=50035),
    "400 240000": Fault(status=400, code=240000),
    "400 an unknown code": Fault(status=400, code=987654),
    "400 without a code": Fault(status=400),
}
CREATE_FORUM_POST = "POST /api/v10/channels/{channel}/threads"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_whatever_fault_a_message_meets_nothing_is_lost_and_nothing_is_doubled(
    fault: Fault, server: DiscordServer, outbox: Outbox
) -> None:
    server.remembers_nonces = False
    server.faults[CREATE] = [replace(fault)]
    deliveries = [await outbox.enqueue("first"), await outbox.enqueue("second")]

    await outbox.post(8)

    assert texts(server) == ["first", "second"]
    assert {(await outbox.state(id))[0] for id in deliveries} == {DeliveryState.SENT}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_whatever_fault_a_forum_post_meets_nothing_is_lost_and_nothing_is_doubled(
    fault: Fault, server: DiscordServer, outbox: Outbox
) -> None:
    server.kinds[str(CHANNEL_ID)] = FORUM
    server.faults[CREATE_FORUM_POST] = [replace(fault)]
    deliveries = [await outbox.enqueue("first"), await outbox.enqueue("second")]

    await outbox.post(8)

    assert sorted(post["name"] for post in server.forum_posts.values()) == ["first", "second"]
    assert {(await outbox.state(id))[0] for id in deliveries} == {DeliveryState.SENT}


@pytest.mark.parametrize("posted", [True, False], ids=["posted", "not posted"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, retry_after=90.0, headers=VIA),
        Fault(status=403, code=50001),
        Fault(status=400, code=50035),
        Fault(status=404, body=HTML),
        Fault(drop=True),
    ],
    ids=["429", "no access", "50035", "proxy", "reset"],
)
async def test_a_refused_lookup_is_not_a_refused_post(
    fault: Fault, posted: bool, server: DiscordServer, outbox: Outbox
) -> None:
    server.remembers_nonces = False
    server.faults[CREATE] = [Fault(drop=True, after=posted)]
    server.faults["GET /api/v10/channels/{channel}/messages"] = [replace(fault), replace(fault)]
    delivery = await outbox.enqueue("first")

    await outbox.post(10)

    assert texts(server) == ["first"]
    assert (await outbox.state(delivery))[0] is DeliveryState.SENT
