"""Many workspaces: installed over OAuth, tokens sealed in the database and renewed by one process, each by itself."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from fastapi import FastAPI
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from starlette.routing import Route
from yarl import URL

from bot.slack.chart_files import Pictures
from bot.slack.gateway import SlackGateway
from bot.slack.installs import TOKENS, InstallStore
from bot.slack.messenger import SlackMessenger
from bot.slack.oauth import Many, SealedStates
from bot.slack.teams import InstalledWorkspaces, web_client
from bot.web.server import serve
from handlers.answers.answer import Notice
from handlers.commands.dispatch import Commands
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform
from storage.sealing import Sealer, SealError
from storage.store import Store
from tests.bot.slack.conftest import clock, connected
from tests.support.slack_server import CLIENT_ID, CLIENT_SECRET, Fault, SlackServer, eventually

KEY = "a-secret-key-of-at-least-32-characters"
TOKEN = "xoxb-second-team-0000000001"
MANY = Many(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, secret_key=KEY)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def given(token: str = TOKEN, *, team: str = "T2", **more: Any) -> dict[str, Any]:
    """What Slack gives for a code."""
    return {"access_token": token, "bot_user_id": f"U{team}", "team": {"id": team, "name": f"Team {team}"}} | more


def channel(team: str) -> Channel:
    return Channel(
        id=1, workspace_id=1, platform=Platform.SLACK, workspace_external_id=team, external_id="C1", name="intel"
    )


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def install_store(
    store: Store, server: SlackServer, session: aiohttp.ClientSession, clock: Clock, key: str = KEY
) -> InstallStore:
    client = web_client(None, api_url=server.api_url, session=session)
    rotator = AsyncTokenRotator(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)
    return InstallStore(store, Sealer(key, purpose=TOKENS), rotator, clock)


def installation(team: str = "T2", *, ends_at: datetime | None = None) -> Installation:
    return Installation(
        team_id=team,
        team_name=f"Team {team}",
        bot_token=TOKEN,
        bot_user_id=f"U{team}",
        bot_refresh_token=None if ends_at is None else "xoxe-first",
        bot_token_expires_at=None if ends_at is None else int(ends_at.timestamp()),
        user_id="U1",
    )


@pytest.fixture
async def gateway(server: SlackServer, commands: Commands, sqlite_store: Store) -> AsyncIterator[SlackGateway]:
    """By socket, for many workspaces."""
    async with connected(
        server,
        commands,
        sqlite_store,
        bot_token=None,
        many=MANY,
    ) as opened:
        yield opened


@asynccontextmanager
async def served(gateway: SlackGateway) -> AsyncIterator[str]:
    """The address of the install pages. Every method comes through, more than the bot's own routes allow."""
    assert gateway.pages is not None
    app = FastAPI(routes=[Route("/slack/{page}", gateway.pages.handle, methods=["GET", "HEAD", "POST"])])
    async with serve(app, host="127.0.0.1", port=0) as (address, _):
        yield address


@pytest.fixture
async def pages(gateway: SlackGateway) -> AsyncIterator[str]:
    async with served(gateway) as address:
        yield address


async def begin(pages: str, session: aiohttp.ClientSession) -> str:
    """Open the install page, as a browser does; the state that it gives."""
    async with session.get(f"{pages}slack/install", allow_redirects=False) as first:
        assert first.status == 302
        asked = parse_qs(urlsplit(first.headers["Location"]).query)
        assert first.headers["Set-Cookie"].split(";")[0] == f"slack-app-oauth-state={asked['state'][0]}"
    assert "chat:write" in asked["scope"][0]
    return asked["state"][0]


async def come_back(
    pages: str, session: aiohttp.ClientSession, code: str, state: str, *, cookie: str | None = None, method: str = "GET"
) -> int:
    """From Slack's page with a code, in the browser that has the state's cookie; the status."""
    headers = {"Cookie": f"slack-app-oauth-state={cookie or state}"}
    address = URL(f"{pages}slack/oauth_redirect").with_query(code=code, state=state)
    async with session.request(method, address, headers=headers) as last:
        return last.status


async def install(pages: str, session: aiohttp.ClientSession, code: str, *, state: str | None = None) -> int:
    own = await begin(pages, session)
    return await come_back(pages, session, code, state or own, cookie=own)


async def test_a_workspace_installs_the_app_and_is_spoken_to_with_its_own_token(
    server: SlackServer, gateway: SlackGateway, pages: str, session: aiohttp.ClientSession, sqlite_store: Store
) -> None:
    server.installs["c2"] = given()
    server.installs["c3"] = given("xoxb-third-team-00000000001", team="T3")
    for code in ("c2", "c3"):
        assert await install(pages, session, code) == 200

    for team in ("T2", "T3"):
        await server.send("slash_commands", server.command("subscribe", "huawei", team_id=team), envelope=team)
        assert "Huawei" in json.dumps((await server.reply())["blocks"])
        await gateway.messenger.post(channel(team), Notice(text="Hello."), key=f"k-{team}")

    async with sqlite_store.read() as tx:
        names = [one.name for one in await tx.workspaces.all() if one.platform is Platform.SLACK]
    assert names == ["Team T2", "Team T3"]


async def test_tokens_do_not_lie_readable_in_the_database(
    server: SlackServer, gateway: SlackGateway, pages: str, session: aiohttp.ClientSession, sqlite_store: Store
) -> None:
    server.installs["c2"] = given()
    await install(pages, session, "c2")

    async with sqlite_store.read() as tx:
        sealed = await tx.installs.find("T2")
    assert sealed is not None
    assert TOKEN.encode() not in sealed
    assert TOKEN in Sealer(KEY, purpose=TOKENS).open(sealed)
    with pytest.raises(SealError, match="WIREWATCH_SECRET_KEY"):
        Sealer("another-key-of-at-least-32-characters", purpose=TOKENS).open(sealed)


@pytest.mark.parametrize(
    ("code", "state"), [("unknown", None), ("c2", "forged")], ids=["a wrong code", "a state of another"]
)
async def test_what_slack_did_not_send_installs_nothing(
    code: str,
    state: str | None,
    server: SlackServer,
    gateway: SlackGateway,
    pages: str,
    session: aiohttp.ClientSession,
    sqlite_store: Store,
) -> None:
    server.installs["c2"] = given()

    status = await install(pages, session, code, state=state)

    assert status in (400, 401)
    async with sqlite_store.read() as tx:
        assert await tx.installs.find("T2") is None


async def test_a_state_installs_once_whichever_process_the_browser_comes_back_to(
    server: SlackServer,
    gateway: SlackGateway,
    pages: str,
    session: aiohttp.ClientSession,
    commands: Commands,
    sqlite_store: Store,
) -> None:
    server.installs |= {"c2": given(), "c3": given("xoxb-third-team-00000000001", team="T3")}
    state = await begin(pages, session)

    assert await come_back(pages, session, "c2", state, method="HEAD") == 405  # who looks at the link first
    assert await come_back(pages, session, "c2", state) == 200
    otherwise_written = f"{state[:9]}!{state[9:]}"  # decodes to the same seal
    async with connected(server, commands, sqlite_store, bot_token=None, many=MANY) as other, served(other) as there:
        for place in (pages, there):
            assert await come_back(place, session, "c3", state) == 401
            assert await come_back(place, session, "c3", otherwise_written) == 401

    async with sqlite_store.read() as tx:
        assert await tx.installs.teams() == ("T2",)


async def test_a_state_is_consumed_by_one_of_all_who_bring_it_at_once(store: Store) -> None:
    processes = [SealedStates(Sealer(KEY, purpose=TOKENS), store, clock) for _ in range(4)]
    state = await processes[0].async_issue()

    consumed = await asyncio.gather(*(states.async_consume(state) for states in processes))

    assert sorted(consumed) == [False, False, False, True]
    assert not await processes[0].async_consume(Sealer(KEY, purpose=TOKENS).seal("state").decode())
    assert not await processes[0].async_consume(
        await SealedStates(Sealer(KEY[::-1], purpose=TOKENS), store, clock).async_issue()
    )
    for odd in ("", "=", "é", "\x00", "\udcff", "x" * 5_000):
        assert not await processes[0].async_consume(odd)


async def test_the_install_pages_answer_whatever_is_asked(
    server: SlackServer,
    pages: str,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # A header's bytes are read as Latin-1, an address as UTF-8: the first pair is the same to the server.
    for state, cookie in (("Ã©", "é"), ("é", "é"), ("\x00", ""), ("=", "="), ("x" * 5_000, "x" * 5_000)):
        address = URL(f"{pages}slack/oauth_redirect").with_query(code="c2", state=state)
        async with session.get(address, headers={"Cookie": f"slack-app-oauth-state={cookie}"}) as answer:
            assert answer.status in (400, 401)
    async with session.get(f"{pages}slack/oauth_redirect?error=%3Cscript%3E%ff") as answer:
        assert answer.status == 200
        assert "<script>" not in await answer.text()
    for path in ("install", "oauth_redirect", "other"):
        for body in (b"\xff\xfe", b'{"half'):
            async with session.get(f"{pages}slack/{path}", data=body, allow_redirects=False) as answer:
                assert answer.status in (302, 400, 404)
            async with session.post(f"{pages}slack/{path}", data=body) as answer:
                assert answer.status == 405
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_command_that_comes_to_the_install_pages_is_not_read(
    server: SlackServer, pages: str, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{pages}slack/install", data=server.command("news", "")) as answer:
        assert answer.status == 405
    assert server.responses == []


async def test_an_installation_that_slack_refuses_is_logged_without_its_code(
    server: SlackServer, pages: str, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)

    assert await install(pages, session, "code-of-somebody") == 401

    said = [record.getMessage() for record in caplog.records if record.name.startswith(("bot.", "slack_"))]
    assert len([line for line in said if "SLACK_CLIENT_SECRET" in line]) == 1
    assert "code-of-somebody" not in repr(said)


async def test_an_organisation_as_a_whole_is_refused(
    server: SlackServer, gateway: SlackGateway, pages: str, session: aiohttp.ClientSession
) -> None:
    server.installs["c2"] = given(is_enterprise_install=True)

    assert await install(pages, session, "c2") == 500


async def test_a_workspace_that_is_not_installed_gets_nothing(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("slash_commands", server.command("news", "", team_id="T9"), envelope="e1")

    assert "install" in json.dumps(await server.reply()).casefold()
    with pytest.raises(PostError) as caught:
        await gateway.messenger.post(channel("T9"), Notice(text="Hello."), key="k")
    assert caught.value.failure is PostFailure.WORKSPACE_GONE


async def test_uninstalling_removes_the_token_at_once(
    server: SlackServer, gateway: SlackGateway, pages: str, session: aiohttp.ClientSession, sqlite_store: Store
) -> None:
    server.installs["c2"] = given()
    await install(pages, session, "c2")

    await server.send("events_api", server.event("Ev1", {"type": "app_uninstalled"}, team="T2"))

    async def removed() -> bool:
        async with sqlite_store.read() as tx:
            workspace = await tx.workspaces.find(Platform.SLACK, "T2")
            gone = await tx.installs.find("T2") is None
        return gone and workspace is not None and workspace.gone_at is not None

    assert await eventually(removed)


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (Fault(error="account_inactive"), True),
        (Fault(error="token_revoked"), True),
        (Fault(error="team_not_found"), True),
        (Fault(status=500, error="internal_error"), False),
        (None, False),
    ],
    ids=["account_inactive", "token_revoked", "team_not_found", "Slack is down", "still there"],
)
async def test_an_uninstall_that_nobody_heard_begins_the_grace_at_the_next_start(
    fault: Fault | None,
    left: bool,
    server: SlackServer,
    session: aiohttp.ClientSession,
    commands: Commands,
    sqlite_store: Store,
) -> None:
    installs = install_store(sqlite_store, server, session, Clock())
    await installs.async_save(installation("T2"))
    server.tokens[TOKEN] = "T2"
    if fault is not None:
        server.faults["auth.test"] = [fault]

    async with connected(server, commands, sqlite_store, bot_token=None, many=MANY):

        async def asked() -> bool:
            async with sqlite_store.read() as tx:
                home = await tx.workspaces.find(Platform.SLACK, "T2")
                has_left = home is not None and home.gone_at is not None and await tx.installs.find("T2") is None
            return "auth.test" in [name for name, _ in server.calls] and has_left is left

        assert await eventually(asked)


async def test_a_token_is_renewed_before_it_ends_by_one_process_alone(
    store: Store, server: SlackServer, session: aiohttp.ClientSession
) -> None:
    at = Clock()
    first, second = (install_store(store, server, session, at) for _ in range(2))
    await first.async_save(installation(ends_at=NOW + timedelta(hours=1)))
    server.installs["xoxe-first"] = given("xoxb-renewed-0000000001", refresh_token="xoxe-second", expires_in=43200)

    found = await asyncio.gather(
        *(one.async_find_bot(enterprise_id=None, team_id="T2") for one in (first, second, first, second))
    )

    assert [name for name, _ in server.calls].count("oauth.v2.access") == 1
    assert {bot.bot_token for bot in found if bot} <= {TOKEN, "xoxb-renewed-0000000001"}
    last = await second.async_find_bot(enterprise_id=None, team_id="T2")
    assert last is not None
    assert (last.bot_token, last.bot_refresh_token) == ("xoxb-renewed-0000000001", "xoxe-second")


@pytest.mark.parametrize(
    ("fault", "ended", "expected"),
    [
        (Fault(status=500, error="internal_error"), False, None),
        (Fault(status=500, error="internal_error"), True, PostFailure.LATER),
        (None, True, PostFailure.WORKSPACE_GONE),
    ],
    ids=["the old one goes on", "Slack is down", "revoked"],
)
async def test_a_token_that_cannot_be_renewed(
    fault: Fault | None,
    ended: bool,
    expected: PostFailure | None,
    sqlite_store: Store,
    server: SlackServer,
    session: aiohttp.ClientSession,
) -> None:
    at = Clock()
    installs = install_store(sqlite_store, server, session, at)
    await installs.async_save(installation(ends_at=NOW + timedelta(hours=-1 if ended else 1)))
    server.tokens[TOKEN] = "T2"
    server.faults["oauth.v2.access"] = [fault] if fault else []
    clients = InstalledWorkspaces(installs, lambda token: web_client(token, api_url=server.api_url, session=session))
    messenger = SlackMessenger(clients, Pictures(session))

    if expected is None:
        assert await messenger.post(channel("T2"), Notice(text="Hello."), key="k")
        return
    with pytest.raises(PostError) as caught:
        await messenger.post(channel("T2"), Notice(text="Hello."), key="k")
    assert caught.value.failure is expected


async def test_another_key_than_before_stops_posts_but_closes_nothing(
    sqlite_store: Store, server: SlackServer, session: aiohttp.ClientSession
) -> None:
    await install_store(sqlite_store, server, session, Clock()).async_save(installation())
    other = install_store(sqlite_store, server, session, Clock(), key="another-key-of-at-least-32-characters")
    clients = InstalledWorkspaces(other, lambda token: web_client(token, api_url=server.api_url, session=session))

    with pytest.raises(PostError, match="WIREWATCH_SECRET_KEY") as caught:
        await clients.of("T2")
    assert caught.value.failure is PostFailure.LATER


async def test_a_sealed_token_cannot_be_put_into_another_row(
    sqlite_store: Store, server: SlackServer, session: aiohttp.ClientSession
) -> None:
    installs = install_store(sqlite_store, server, session, Clock())
    await installs.async_save(installation("T2"))
    async with sqlite_store.begin() as tx:
        sealed = await tx.installs.find("T2")
        assert sealed is not None
        await tx.installs.save("T3", sealed, now=NOW)

    with pytest.raises(SealError, match="another workspace"):
        await installs.async_find_bot(enterprise_id=None, team_id="T3")
