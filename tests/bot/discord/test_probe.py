"""The check of Discord's token, against a local Discord."""

from bot.discord.probe import invite_address, probe_discord
from tests.support.discord_guild import APPLICATION_ID
from tests.support.discord_server import TOKEN, DiscordServer


async def test_the_check_names_the_bot_and_the_address_that_adds_it_to_a_server(server: DiscordServer) -> None:
    (token, invite) = [what async for is_ok, what, _ in probe_discord(server.api_url, TOKEN) if is_ok]

    assert "wirewatch" in token and "no privileged intents" in token
    assert invite.endswith(f"client_id={APPLICATION_ID}&scope=bot+applications.commands&permissions=309237763072")
    assert invite_address(APPLICATION_ID) in invite


async def test_a_token_that_discord_refuses_is_named_without_being_shown(server: DiscordServer) -> None:
    (found,) = [result async for result in probe_discord(server.api_url, "another-token")]

    assert found[:2] == (False, "Discord did not accept DISCORD_TOKEN")


async def test_a_discord_that_cannot_be_reached_is_reported() -> None:
    (found,) = [result async for result in probe_discord("http://127.0.0.1:9/api/v10", TOKEN)]

    assert found[0] is False and "cannot be asked" in found[1]
