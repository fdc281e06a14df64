"""The application: error pages, and the routes that Slack uses."""

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from storage.store import Store
from tests.bot.web.conftest import BROWSER
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site


@pytest.mark.parametrize("path", ["nothing", "channels/999", "channels/999/say", "channels/abc"])
async def test_a_missing_page_gives_an_error_page(site: Site, path: str) -> None:
    async with site.session.get(site.url + path, headers=BROWSER) as answer:
        assert answer.status in (404, 405, 422)
        assert "<h1>" in await answer.text()


async def test_requests_from_slack_go_to_its_handler(sqlite_store: Store) -> None:
    async def handler(request: Request) -> PlainTextResponse:
        return PlainTextResponse((await request.body()).decode())

    async with (
        open_site(sqlite_store, FakeClock(), token="a-token-of-the-page-0123", slack_handler=handler) as site,
        site.session.post(f"{site.url}slack/events", data=b"hello") as answer,
    ):
        assert (answer.status, await answer.text()) == (200, "hello")


@pytest.mark.parametrize(
    ("path", "status"), [("slack/install", 200), ("slack/oauth_redirect", 200), ("slack/other", 401)]
)
async def test_installing_the_slack_app_needs_no_login(path: str, status: int, sqlite_store: Store) -> None:
    async def handler(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    async with (
        open_site(sqlite_store, FakeClock(), token="a-token-of-the-page-0123", slack_pages=handler) as site,
        site.session.get(f"{site.url}{path}", headers={"Accept": "application/json"}, allow_redirects=False) as answer,
    ):
        assert answer.status == status
