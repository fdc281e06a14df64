"""An Enterprise organisation that installs the app as a whole: one token for many workspaces, each a tenant."""

import json
from typing import Any

import aiohttp
import pytest

from bot.slack.gateway import SlackGateway
from handlers.answers.answer import Notice
from handlers.ports import PostError
from storage.records import Platform, Workspace
from storage.store import Store
from tests.bot.slack.conftest import clock
from tests.bot.slack.installations import TOKEN, channel, granted, granted_to_organisation
from tests.bot.slack.test_oauth import Pages, gateway, pages
from tests.support.slack_server import SlackServer, eventually

__all__ = ("gateway", "pages")


@pytest.fixture
async def organisation(server: SlackServer, pages: Pages) -> SlackServer:
    """A Slack where the organisation E1 has just installed the app."""
    server.installs["c1"] = granted_to_organisation()
    server.people["U1"] = {"team_id": "T5", "enterprise_user": {"enterprise_id": "E1", "teams": ["T5", "T6"]}}
    assert await pages.install("c1") == 200
    return server


def from_team(team: str) -> dict[str, Any]:
    return {"team_id": team, "enterprise_id": "E1", "is_enterprise_install": "true"}


def event(server: SlackServer, id: str, event: dict[str, Any], team: str) -> dict[str, Any]:
    """An event as an organisation's app gets it: the authorization names no workspace."""
    authorization = {"enterprise_id": "E1", "team_id": None, "user_id": "UORG", "is_enterprise_install": True}
    return server.event(id, event, team) | {"enterprise_id": "E1", "authorizations": [authorization]}


async def workspace_of(store: Store, team: str) -> Workspace | None:
    async with store.read() as tx:
        return await tx.workspaces.find(Platform.SLACK, team)


async def test_each_workspace_of_the_organisation_uses_its_token_and_is_a_tenant_of_its_own(
    organisation: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    for team in ("T5", "T6"):
        command = organisation.command("subscribe", "huawei", **from_team(team))
        await organisation.send("slash_commands", command, envelope=team)
        assert "now gets" in json.dumps(await organisation.reply())
        assert await gateway.messenger.post(channel(team), Notice(text="Hello."), key=f"k{team}")

    first, second = [await workspace_of(sqlite_store, team) for team in ("T5", "T6")]
    assert first is not None and second is not None and first.id != second.id
    with pytest.raises(PostError):
        await gateway.messenger.post(channel("T7"), Notice(text="Hello."), key="k7")


async def test_a_direct_message_says_to_the_installer_what_to_do_next(organisation: SlackServer) -> None:
    message = await organisation.message("U7")

    assert "organisation admin adds it to workspaces" in message["text"]


async def test_the_installer_of_one_workspace_gets_the_next_steps_once(
    server: SlackServer, pages: Pages, sqlite_store: Store
) -> None:
    for code in ("c2", "c3"):
        server.installs[code] = granted(authed_user={"id": "U7"})
        assert await pages.install(code) == 200

    home = await workspace_of(sqlite_store, "T2")
    assert home is not None
    async with sqlite_store.read() as tx:
        direct = await tx.channels.find(home.id, "@U7")
        assert direct is not None
        (waiting,) = await tx.deliveries.waiting(direct.id, clock())
    assert "/invite @Wirewatch" in json.dumps(waiting.body) and "/subscribe huawei" in json.dumps(waiting.body)


async def test_an_event_is_the_first_that_a_workspace_of_the_organisation_sends(
    organisation: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    joined = {"type": "member_joined_channel", "user": "UORG", "channel": "C5", "team": "T5"}
    await organisation.send("events_api", event(organisation, "Ev1", joined, "T5"))

    async def is_greeted() -> bool:
        home = await workspace_of(sqlite_store, "T5")
        async with sqlite_store.read() as tx:
            return home is not None and await tx.channels.find(home.id, "C5") is not None

    assert await eventually(is_greeted)


@pytest.mark.parametrize(
    ("removed", "left"),
    [
        ({"type": "team_access_revoked", "team_ids": ["T5"]}, {"E1", "T6"}),
        ({"type": "app_uninstalled"}, set()),
        ({"type": "tokens_revoked", "tokens": {"bot": ["UORG"]}}, set()),
    ],
    ids=["one workspace", "uninstalled", "revoked"],
)
async def test_workspaces_are_closed_when_the_organisation_withdraws_or_uninstalls_the_app(
    removed: dict[str, Any], left: set[str], organisation: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    for team in ("T5", "T6"):
        command = organisation.command("news", "", **from_team(team))
        await organisation.send("slash_commands", command, envelope=team)
        await organisation.reply()

    await organisation.send("events_api", event(organisation, "Ev1", removed, "T6"), envelope="e1")

    async def is_closed() -> bool:
        home = await workspace_of(sqlite_store, "T5")
        async with sqlite_store.read() as tx:
            stored = set(await tx.installs.teams())
        return home is not None and home.gone_at is not None and stored == left

    assert await eventually(is_closed)


async def test_home_lists_channels_with_the_id_of_the_workspace(
    organisation: SlackServer, gateway: SlackGateway, session: aiohttp.ClientSession
) -> None:
    organisation.member_of["U1"] = ["C1"]
    command = organisation.command("subscribe", "huawei", **from_team("T5"))
    await organisation.send("slash_commands", command, envelope="e1")
    await organisation.reply()
    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}
    await organisation.send("events_api", event(organisation, "Ev1", opened, "T5"), envelope="e2")

    assert "#intel" in json.dumps(await organisation.view())
    assert TOKEN not in json.dumps(organisation.views)
