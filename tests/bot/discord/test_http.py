"""The HTTP client: every 429 is a wait, and it stops requests long before Discord would ban this address."""

import discord
import pytest
from discord.http import Route

from bot.discord.http import ApiClient, InvalidRequests, TokenRevoked
from tests.support.discord_faults import Fault
from tests.support.discord_server import TOKEN, DiscordServer

ME = "GET /api/v10/users/@me"
PROXY = {"Via": "1.1 google"}


def test_invalid_requests_of_ten_minutes_are_counted_except_shared_rate_limits() -> None:
    invalid = InvalidRequests(limit=3)

    for now, status, scope in [(0.0, 401, None), (1.0, 429, "shared"), (2.0, 403, None), (3.0, 404, None)]:
        invalid.count(status, scope, now)
    early = invalid.wait(4.0)
    invalid.count(429, "user", 5.0)

    assert early == 0.0
    assert [invalid.wait(now) for now in (5.0, 500.0, 599.0, 600.0)] == [595.0, 100.0, 1.0, 0.0]


async def test_after_too_many_invalid_requests_only_interactions_are_answered(server: DiscordServer) -> None:
    async with ApiClient(api_url=server.api_url) as client:
        await client.login(TOKEN)
        client.http._invalid = InvalidRequests(limit=2)
        server.faults["GET /api/v10/channels/{channel}"] = [Fault(status=403, code=50001)] * 2
        for _ in range(2):
            with pytest.raises(discord.Forbidden):
                await client.http.get_channel(77)
        calls = len(server.calls)

        with pytest.raises(discord.RateLimited) as caught:
            await client.http.get_channel(77)
        callback = Route("POST", "/interactions/{webhook_id}/{webhook_token}/callback", webhook_id=1, webhook_token="t")
        await client.http.request(callback, json={"type": 5})

    assert 0 < caught.value.retry_after <= 600
    assert len(server.calls) == calls + 1
    assert server.callbacks == [{"type": 5}]


async def test_a_refused_token_is_not_used_again(server: DiscordServer) -> None:
    async with ApiClient(api_url=server.api_url) as client:
        await client.login(TOKEN)
        server.faults[ME] = [Fault(status=401)]
        with pytest.raises(discord.HTTPException):
            await client.http.request(Route("GET", "/users/@me"))

        calls = len(server.calls)
        with pytest.raises(TokenRevoked):
            await client.http.get_channel(77)

    assert len(server.calls) == calls


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=429, headers=PROXY), discord.RateLimited),
        (Fault(status=429, retry_after=90.0, headers=PROXY), discord.RateLimited),
        (Fault(status=429, body="<html>"), discord.RateLimited),
    ],
    ids=["without a wait", "with a wait", "not from Discord"],
)
async def test_every_429_is_a_wait_and_not_a_fault(fault: Fault, error: type[Exception], server: DiscordServer) -> None:
    async with ApiClient(api_url=server.api_url) as client:
        await client.login(TOKEN)
        server.faults[ME] = [fault]

        with pytest.raises(error):
            await client.http.request(Route("GET", "/users/@me"))


async def test_the_api_address_of_a_client_does_not_change_the_librarys_default(server: DiscordServer) -> None:
    before = Route.BASE
    async with ApiClient(api_url=server.api_url) as client:
        await client.login(TOKEN)

    assert before == Route.BASE == "https://discord.com/api/v10"
