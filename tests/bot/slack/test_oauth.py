"""Installation over OAuth by many workspaces: each is answered with its own token, and a state works once."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from fastapi import FastAPI
from starlette.routing import Route
from yarl import URL

from bot.slack.gateway import SlackGateway
from bot.slack.installs import TOKENS
from bot.slack.oauth import EncryptedStates
from bot.web.server import serve
from handlers.answers.answer import Notice
from handlers.commands.dispatch import Commands
from handlers.ports import PostError
from storage.records import Platform
from storage.sealing import Sealer, SealError
from storage.store import Store
from tests.bot.slack.conftest import clock, connected
from tests.bot.slack.installations import KEY, OAUTH_APP, TOKEN, channel, granted
from tests.support.slack_server import SlackServer, eventually

THIRD = granted("xoxb-third-team-00000000001", team="T3")


@pytest.fixture
async def gateway(server: SlackServer, commands: Commands, sqlite_store: Store) -> AsyncIterator[SlackGateway]:
    """The gateway of an app that many workspaces install, connected by socket."""
    async with connected(server, commands, sqlite_store, bot_token=None, oauth_app=OAUTH_APP) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Pages:
    """The install pages of one process, and a browser that opens them."""

    url: str
    session: aiohttp.ClientSession

    async def begin(self) -> str:
        """Open the install page, and return the state in its redirection to Slack."""
        async with self.session.get(f"{self.url}slack/install", allow_redirects=False) as first:
            assert first.status == 302
            query = parse_qs(urlsplit(first.headers["Location"]).query)
            assert first.headers["Set-Cookie"].split(";")[0] == f"slack-app-oauth-state={query['state'][0]}"
        assert "chat:write" in query["scope"][0]
        return query["state"][0]

    async def return_from_slack(self, code: str, state: str, *, cookie: str | None = None, method: str = "GET") -> int:
        """Open the page that Slack redirects to, in the browser with the state's cookie. Return the status."""
        headers = {"Cookie": f"slack-app-oauth-state={cookie or state}"}
        address = URL(f"{self.url}slack/oauth_redirect").with_query(code=code, state=state)
        async with self.session.request(method, address, headers=headers) as last:
            return last.status

    async def install(self, code: str, *, state: str | None = None) -> int:
        own = await self.begin()
        return await self.return_from_slack(code, state or own, cookie=own)


@asynccontextmanager
async def served(gateway: SlackGateway, session: aiohttp.ClientSession) -> AsyncIterator[Pages]:
    """Serve the pages for every method, more than the bot's own routes allow."""
    assert gateway.pages is not None
    app = FastAPI(routes=[Route("/slack/{page}", gateway.pages.handle, methods=["GET", "HEAD", "POST"])])
    async with serve(app, host="127.0.0.1", port=0) as (address, _):
        yield Pages(address, session)


@pytest.fixture
async def pages(gateway: SlackGateway, session: aiohttp.ClientSession) -> AsyncIterator[Pages]:
    async with served(gateway, session) as opened:
        yield opened


async def test_each_workspace_that_installs_the_app_is_answered_with_its_own_token(
    server: SlackServer, gateway: SlackGateway, pages: Pages, sqlite_store: Store
) -> None:
    server.installs |= {"c2": granted(), "c3": THIRD}
    for code in ("c2", "c3"):
        assert await pages.install(code) == 200

    for team in ("T2", "T3"):
        await server.send("slash_commands", server.command("subscribe", "huawei", team_id=team), envelope=team)
        assert "Huawei" in json.dumps((await server.reply())["blocks"])
        await gateway.messenger.post(channel(team), Notice(text="Hello."), key=f"k-{team}")

    async with sqlite_store.read() as tx:
        workspaces = await tx.workspaces.all()
    assert [workspace.name for workspace in workspaces if workspace.platform is Platform.SLACK] == [
        "Team T2",
        "Team T3",
    ]


async def test_tokens_are_encrypted_in_the_database(server: SlackServer, pages: Pages, sqlite_store: Store) -> None:
    server.installs["c2"] = granted()
    await pages.install("c2")

    async with sqlite_store.read() as tx:
        encrypted = await tx.installs.find("T2")
    assert encrypted is not None
    assert TOKEN.encode() not in encrypted
    assert TOKEN in Sealer(KEY, purpose=TOKENS).open(encrypted)
    with pytest.raises(SealError, match="WIREWATCH_SECRET_KEY"):
        Sealer("another-key-of-at-least-32-characters", purpose=TOKENS).open(encrypted)


@pytest.mark.parametrize(
    ("code", "state"), [("unknown", None), ("c2", "forged")], ids=["a wrong code", "a forged state"]
)
async def test_a_wrong_code_or_state_installs_nothing(
    code: str, state: str | None, server: SlackServer, pages: Pages, sqlite_store: Store
) -> None:
    server.installs["c2"] = granted()

    status = await pages.install(code, state=state)

    assert status in (400, 401)
    async with sqlite_store.read() as tx:
        assert await tx.installs.find("T2") is None


async def test_a_state_works_once_whichever_process_serves_the_browser(
    server: SlackServer, pages: Pages, commands: Commands, sqlite_store: Store
) -> None:
    server.installs |= {"c2": granted(), "c3": THIRD}
    state = await pages.begin()

    assert await pages.return_from_slack("c2", state, method="HEAD") == 405  # a program that previews the link
    assert await pages.return_from_slack("c2", state) == 200
    other_spelling = f"{state[:9]}!{state[9:]}"  # decodes to the same ciphertext
    async with (
        connected(server, commands, sqlite_store, bot_token=None, oauth_app=OAUTH_APP) as other,
        served(other, pages.session) as other_pages,
    ):
        for process in (pages, other_pages):
            assert await process.return_from_slack("c3", state) == 401
            assert await process.return_from_slack("c3", other_spelling) == 401

    async with sqlite_store.read() as tx:
        assert await tx.installs.teams() == ("T2",)


async def test_a_state_that_several_processes_consume_at_once_works_for_one(store: Store) -> None:
    processes = [EncryptedStates(Sealer(KEY, purpose=TOKENS), store, clock) for _ in range(4)]
    state = await processes[0].async_issue()

    consumed = await asyncio.gather(*(states.async_consume(state) for states in processes))

    assert sorted(consumed) == [False, False, False, True]


async def test_a_state_of_another_key_or_format_does_not_work(sqlite_store: Store) -> None:
    states = EncryptedStates(Sealer(KEY, purpose=TOKENS), sqlite_store, clock)
    foreign = EncryptedStates(Sealer(KEY[::-1], purpose=TOKENS), sqlite_store, clock)

    assert not await states.async_consume(Sealer(KEY, purpose=TOKENS).seal("state").decode())
    assert not await states.async_consume(await foreign.async_issue())
    for malformed in ("", "=", "é", "\x00", "\udcff", "x" * 5_000):
        assert not await states.async_consume(malformed)


async def test_the_install_pages_answer_any_request_without_an_error(
    pages: Pages, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    # A header's bytes are read as Latin-1, an address as UTF-8: the first pair is equal for the server.
    for state, cookie in (("Ã©", "é"), ("é", "é"), ("\x00", ""), ("=", "="), ("x" * 5_000, "x" * 5_000)):
        address = URL(f"{pages.url}slack/oauth_redirect").with_query(code="c2", state=state)
        async with session.get(address, headers={"Cookie": f"slack-app-oauth-state={cookie}"}) as answer:
            assert answer.status in (400, 401)
    async with session.get(f"{pages.url}slack/oauth_redirect?error=%3Cscript%3E%ff") as answer:
        assert answer.status == 200
        assert "<script>" not in await answer.text()
    for path in ("install", "oauth_redirect", "other"):
        for body in (b"\xff\xfe", b'{"half'):
            async with session.get(f"{pages.url}slack/{path}", data=body, allow_redirects=False) as answer:
                assert answer.status in (302, 400, 404)
            async with session.post(f"{pages.url}slack/{path}", data=body) as answer:
                assert answer.status == 405
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_command_sent_to_the_install_pages_is_not_answered(server: SlackServer, pages: Pages) -> None:
    async with pages.session.post(f"{pages.url}slack/install", data=server.command("news", "")) as answer:
        assert answer.status == 405
    assert server.responses == []


async def test_an_installation_that_slack_refuses_is_logged_without_its_code(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)

    assert await pages.install("code-of-somebody") == 401

    lines = [record.getMessage() for record in caplog.records if record.name.startswith(("bot.", "slack_"))]
    assert len([line for line in lines if "SLACK_CLIENT_SECRET" in line]) == 1
    assert "code-of-somebody" not in repr(lines)


async def test_an_answer_that_names_no_organisation_installs_nothing(server: SlackServer, pages: Pages) -> None:
    server.installs["c2"] = granted(is_enterprise_install=True)

    assert await pages.install("c2") == 500


async def test_a_workspace_that_has_not_installed_the_app_is_asked_to_install_it(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("news", "", team_id="T9"), envelope="e1")

    assert "install" in json.dumps(await server.reply()).casefold()
    with pytest.raises(PostError) as caught:
        await gateway.messenger.post(channel("T9"), Notice(text="Hello."), key="k")
    assert caught.value.refusal is not None and caught.value.refusal.code == "app_uninstalled"


async def test_uninstalling_deletes_the_token_at_once(server: SlackServer, pages: Pages, sqlite_store: Store) -> None:
    server.installs["c2"] = granted()
    await pages.install("c2")

    await server.send("events_api", server.event("Ev1", {"type": "app_uninstalled"}, team="T2"))

    async def is_deleted() -> bool:
        async with sqlite_store.read() as tx:
            workspace = await tx.workspaces.find(Platform.SLACK, "T2")
            is_deleted = await tx.installs.find("T2") is None
        return is_deleted and workspace is not None and workspace.gone_at is not None

    assert await eventually(is_deleted)
