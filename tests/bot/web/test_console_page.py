"""The pages without a script: channels, commands, files, live changes, status, health and figures."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from bot.web.health import Health, Part
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.posts import alert, note
from tests.support.web_server import ARTICLE, Site, open_site

BROWSER = {"Accept": "text/html"}
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock()) as opened:
        yield opened


async def page(site: Site, path: str) -> str:
    async with site.session.get(site.url + path, headers=BROWSER) as answer:
        return await answer.text()


async def say(site: Site, words: str, headers: dict[str, str] | None = None) -> Any:
    async with site.session.post(site.channel_url("/say"), data={"words": words}, headers=headers or SCRIPT) as answer:
        assert answer.status == 200
        return await (answer.json() if headers is None else answer.text())


async def drop(site: Site, name: str, body: bytes, kind: str = "text/plain") -> Any:
    form = aiohttp.FormData()
    form.add_field("file", body, filename=name, content_type=kind)
    async with site.session.post(site.channel_url("/files"), data=form, headers=SCRIPT) as answer:
        return answer.status, await answer.json()


async def test_the_first_page_is_the_first_channel(site: Site) -> None:
    html = await page(site, "")

    assert "<title>#general · Wirewatch</title>" in html
    assert "Quiet so far" in html
    assert "Huawei" in html


async def test_a_channel_shows_its_messages_with_their_threads(site: Site) -> None:
    ref = await site.messenger.post(site.channel, alert(), key="k1")
    await site.messenger.post(site.channel, note(), key="k2", thread=ref)

    html = await page(site, f"channels/{site.channel.id}")

    assert "MTS and Huawei agree to build 5G in Russia" in html
    assert "1 update<" in html
    assert html.index("Not relevant") < html.index("Sample Post")


async def test_a_command_is_answered_to_the_person_alone(site: Site) -> None:
    answer = await say(site, "/news")

    assert "Only you see this" in answer["html"]
    assert "Only you see this" not in await page(site, f"channels/{site.channel.id}")


async def test_without_a_script_the_answer_comes_in_the_whole_page(site: Site) -> None:
    html = await say(site, "/news", BROWSER)

    assert html.startswith("<!doctype html>")
    assert "Only you see this" in html


async def test_words_without_a_slash_get_a_hint(site: Site) -> None:
    answer = await say(site, "huawei <b>")

    assert "/find huawei &lt;b&gt;" in answer["html"]


async def test_suggestions_follow_what_is_typed(site: Site) -> None:
    async with site.session.get(site.channel_url("/complete"), params={"line": "/brief hua"}) as answer:
        suggestions = (await answer.json())["suggestions"]
    async with site.session.get(site.channel_url("/complete"), params={"line": "/subscribe x in #o"}) as answer:
        channels = (await answer.json())["suggestions"]

    assert suggestions[0]["insert"] == "/brief Huawei"
    assert channels == [{"insert": "/subscribe x in #other", "label": "#other", "detail": ""}]


async def test_a_dropped_file_is_read_and_says_which_topics_it_hits(site: Site) -> None:
    status, answer = await drop(site, "copied.txt", ARTICLE.encode())

    assert status == 200
    assert "MTS and Huawei agree to build 5G in Russia" in answer["html"]
    assert "Huawei · 1 alert on the way" in answer["html"]
    assert "<b>Huawei</b>" in answer["html"]
    await site.deliver_all()
    assert "MTS and Huawei agree" in await page(site, f"channels/{site.channel.id}")


async def test_dropping_a_file_again_says_that_it_is_known(site: Site) -> None:
    await drop(site, "copied.txt", ARTICLE.encode())
    _, answer = await drop(site, "again.txt", ARTICLE.encode())

    assert "known already" in answer["html"]


@pytest.mark.parametrize(("name", "body"), [("empty.txt", b""), ("<b>picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00")])
async def test_a_file_that_cannot_be_read_is_refused_with_the_reason(site: Site, name: str, body: bytes) -> None:
    status, answer = await drop(site, name, body)

    assert status == 200
    assert "could not be read" in answer["html"]
    assert "<b>" not in answer["html"]


async def test_an_upload_without_a_file_is_refused(site: Site) -> None:
    async with site.session.post(site.channel_url("/files"), data={"zone": "UTC"}, headers=SCRIPT) as answer:
        assert answer.status == 422


@pytest.mark.parametrize("path", ["nothing", "channels/999", "channels/999/say", "channels/abc"])
async def test_what_is_not_there_is_said_as_a_page(site: Site, path: str) -> None:
    async with site.session.get(site.url + path, headers=BROWSER) as answer:
        assert answer.status in (404, 405, 422)
        assert "<h1>" in await answer.text()


async def test_changes_arrive_live_from_where_the_page_stood(site: Site) -> None:
    await site.messenger.post(site.channel, alert("Before"), key="k1")
    async with site.session.get(f"{site.url}events", params={"channel": site.channel.id, "after": ""}) as first:
        before = await next_event(first)

    after = {"Last-Event-ID": before["id"]}
    async with site.session.get(f"{site.url}events?channel={site.channel.id}", headers=after) as second:
        await next_event(second)
        await site.messenger.post(site.channel, alert("After"), key="k2")
        live = await next_event(second)

    assert "Before" in before["data"]["html"]
    assert live["data"]["announce"] == "After"


async def test_other_channels_are_only_marked(site: Site) -> None:
    async with site.store.read() as tx:
        other = await tx.channels.find(site.channel.workspace_id, "other")
    assert other is not None
    await site.messenger.post(other, alert(), key="k1")

    async with site.session.get(f"{site.url}events?channel={site.channel.id}") as stream:
        event = await next_event(stream)

    assert event["data"]["channel"] == other.id
    assert "html" not in event["data"]


async def test_open_streams_end_when_the_bot_stops(site: Site) -> None:
    async with site.session.get(f"{site.url}events?channel={site.channel.id}") as stream:
        await stream.content.readline()
        site.messenger.changes.close()

        await asyncio.wait_for(stream.content.read(), 20)
    async with site.session.get(f"{site.url}events?channel={site.channel.id}") as refused:
        assert refused.status == 503


async def test_status_shows_the_ledger_the_sources_and_the_topics(site: Site) -> None:
    await drop(site, "copied.txt", ARTICLE.encode())

    html = await page(site, "status")

    assert "the sums agree" in html
    assert "Dropped files" in html
    assert 'aria-label="Huawei: 1 article in 30 days"' in html


async def test_health_is_true_to_the_state(site: Site) -> None:
    async def ask(path: str) -> tuple[int, list[str]]:
        async with site.session.get(site.url + path) as answer:
            return answer.status, (await answer.json())["reasons"]

    assert await ask("healthz") == (200, [])
    assert await ask("readyz") == (200, [])
    site.health = Health(parts=(Part(name="database", ok=False, detail="it does not answer"),))
    assert await ask("healthz") == (200, [])
    assert await ask("readyz") == (503, ["database: it does not answer"])
    site.health = Health(parts=(Part(name="slack", ok=False, vital=True),))
    assert await ask("healthz") == (503, ["slack: dead"])
    assert "slack: not well" in await page(site, "status")


async def test_metrics_count_what_the_database_counts_and_nothing_from_outside(site: Site) -> None:
    await drop(site, "copied.txt", ARTICLE.encode())
    await page(site, "a-path-that-somebody-made-up")

    text = await page(site, "metrics")

    assert 'wirewatch_arrivals{state="matched"} 1.0' in text
    assert 'wirewatch_deliveries{state="owed"} 1.0' in text
    assert "wirewatch_ledger_agrees 1.0" in text
    assert 'route="/channels/{channel_id}/files"' in text
    assert "somebody-made-up" not in text


async def test_slacks_calls_go_to_its_handler(sqlite_store: Store) -> None:
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
async def test_who_installs_the_app_into_slack_needs_no_password(path: str, status: int, sqlite_store: Store) -> None:
    async def handler(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    async with (
        open_site(sqlite_store, FakeClock(), token="a-token-of-the-page-0123", slack_pages=handler) as site,
        site.session.get(f"{site.url}{path}", headers={"Accept": "application/json"}, allow_redirects=False) as answer,
    ):
        assert answer.status == status


async def next_event(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    """The next event of the stream, its data read."""
    event: dict[str, Any] = {}
    async with asyncio.timeout(5):
        async for raw in stream.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("id: "):
                event["id"] = line[4:]
            elif line.startswith("data: "):
                event["data"] = json.loads(line[6:])
            elif not line and "data" in event:
                return event
    raise AssertionError("the stream ended")
