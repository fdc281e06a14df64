"""The channel pages, also without a script: messages, commands, suggestions and dropped files."""

from typing import Any

import pytest

from tests.bot.web.conftest import BROWSER, SCRIPT, drop, page
from tests.support.posts import alert, note
from tests.support.web_server import ARTICLE, Site


async def say(site: Site, words: str, headers: dict[str, str] | None = None) -> Any:
    async with site.session.post(site.channel_url("/say"), data={"words": words}, headers=headers or SCRIPT) as answer:
        assert answer.status == 200
        return await (answer.json() if headers is None else answer.text())


async def test_the_start_page_is_the_first_channel(site: Site) -> None:
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


async def test_a_command_is_answered_to_the_asker_alone(site: Site) -> None:
    answer = await say(site, "/news")

    assert "Only you see this" in answer["html"]
    assert "Only you see this" not in await page(site, f"channels/{site.channel.id}")


async def test_without_a_script_the_answer_is_part_of_the_whole_page(site: Site) -> None:
    html = await say(site, "/news", BROWSER)

    assert html.startswith("<!doctype html>")
    assert "Only you see this" in html


async def test_text_without_a_slash_gets_a_suggested_command(site: Site) -> None:
    answer = await say(site, "huawei <b>")

    assert "/find huawei &lt;b&gt;" in answer["html"]


async def test_suggestions_match_what_is_typed(site: Site) -> None:
    async with site.session.get(site.channel_url("/complete"), params={"line": "/brief hua"}) as answer:
        suggestions = (await answer.json())["suggestions"]
    async with site.session.get(site.channel_url("/complete"), params={"line": "/subscribe x in #o"}) as answer:
        channels = (await answer.json())["suggestions"]

    assert suggestions[0]["insert"] == "/brief Huawei"
    assert channels == [{"insert": "/subscribe x in #other", "label": "#other", "detail": ""}]


async def test_a_dropped_file_is_ingested_and_the_answer_names_its_topics(site: Site) -> None:
    status, answer = await drop(site, "copied.txt", ARTICLE.encode())

    assert status == 200
    assert "MTS and Huawei agree to build 5G in Russia" in answer["html"]
    assert "Huawei · 1 alert queued" in answer["html"]
    assert "<b>Huawei</b>" in answer["html"]
    await site.deliver_all()
    assert "MTS and Huawei agree" in await page(site, f"channels/{site.channel.id}")


async def test_dropping_a_file_again_says_that_it_is_already_stored(site: Site) -> None:
    await drop(site, "copied.txt", ARTICLE.encode())
    _, answer = await drop(site, "again.txt", ARTICLE.encode())

    assert "already stored" in answer["html"]


@pytest.mark.parametrize(("name", "body"), [("empty.txt", b""), ("<b>picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00")])
async def test_a_file_that_cannot_be_read_is_refused_with_the_reason(site: Site, name: str, body: bytes) -> None:
    status, answer = await drop(site, name, body)

    assert status == 200
    assert "could not be read" in answer["html"]
    assert "<b>" not in answer["html"]


async def test_an_upload_without_a_file_is_refused(site: Site) -> None:
    async with site.session.post(site.channel_url("/files"), data={"zone": "UTC"}, headers=SCRIPT) as answer:
        assert answer.status == 422
