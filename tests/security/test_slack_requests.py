"""POST /slack/events behind the bot's own web server: in HTTP mode it is open to the whole internet."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Mapping

import pytest

from handlers.commands.dispatch import Commands
from handlers.ingest.ingest import Ingest
from handlers.sources.fetch.client import open_fetcher
from storage.store import Store
from tests.bot.slack.conftest import connected
from tests.support.fakes import FakeClock
from tests.support.slack_server import SIGNING_SECRET, slack_server
from tests.support.slack_signing import signed
from tests.support.web_server import Site, open_site

LARGE = b"payload=" + b"%" * 1_900_000
WRONG: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "unsigned": dict,
    "stale": lambda: signed(LARGE, age_s=3600),
    "forged": lambda: signed(LARGE, secret="another-secret"),
}


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with slack_server() as server, open_fetcher(user_agent="tests") as fetcher:
        commands = Commands(sqlite_store, ingest=Ingest(sqlite_store), fetcher=fetcher)
        by_http = connected(server, commands, sqlite_store, app_token=None, signing_secret=SIGNING_SECRET)
        async with by_http as gateway:
            assert gateway.http is not None
            async with open_site(sqlite_store, FakeClock(), slack_handler=gateway.http.handle) as site:
                yield site


async def post(site: Site, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    async with site.session.post(f"{site.url}slack/events", data=io.BytesIO(body), headers=headers) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.status, (await answer.json())["detail"]


@pytest.mark.parametrize("wrong", WRONG)
async def test_sixteen_large_requests_of_a_stranger_are_refused_while_others_are_answered(
    wrong: str, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    asking = [asyncio.create_task(post(site, LARGE, WRONG[wrong]())) for _ in range(16)]
    async with site.session.get(f"{site.url}healthz") as answer:
        assert answer.status == 200

    assert {status for status, _ in await asyncio.gather(*asking)} == {401}
    assert "%%%" not in caplog.text


async def test_a_request_larger_than_slack_sends_is_not_read(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    body = b"x" * 2_100_000

    assert (await post(site, body, signed(body)))[0] == 413
    async with site.session.post(f"{site.url}slack/events", data=endless(), headers=signed(body)) as answer:
        assert answer.status == 413


async def test_only_posts_are_taken(site: Site) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        async with site.session.request(method, f"{site.url}slack/events", headers=signed(b"")) as answer:
            assert answer.status == 405
