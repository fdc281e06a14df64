"""The API for programs: it takes documents and returns messages, in the same format as the command line."""

import asyncio
from typing import Any

import pytest

from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.pdf import pdf_of
from tests.support.web_server import ARTICLE, Site, open_site

API_TOKEN = "a-token-of-the-api-01234"
POSTED = {
    "title": "MTS and Huawei agree to build 5G in Russia",
    "text": "The agreement was signed in Moscow on Wednesday between MTS and Huawei.",
    "url": "https://wire.example/mts?utm_source=x",
    "source": "Example Wire",
    "published_at": "2026-11-23T10:02:00+01:00",
    "language": "en",
}
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example Wire</title><link>https://wire.example/</link>
<item><title>Huawei opens a plant</title><link>https://wire.example/1</link><guid>https://wire.example/1</guid></item>
<item><title>ZTE closes a plant</title><link>https://wire.example/2</link><guid>https://wire.example/2</guid></item>
</channel></rss>"""


async def post(site: Site, **options: Any) -> tuple[int, dict[str, Any]]:
    async with site.session.post(f"{site.url}api/documents", **options) as answer:
        return answer.status, await answer.json()


async def get(site: Site, path: str) -> Any:
    async with site.session.get(site.url + path) as answer:
        return await answer.json()


def of_kind(kind: str) -> dict[str, str]:
    return {"Content-Type": kind}


async def test_a_posted_article_is_stored_matched_and_queued_as_an_alert(site: Site) -> None:
    status, line = await post(site, json=POSTED)

    assert status == 202
    assert line["article"] == {
        "id": line["article"]["id"],
        "title": POSTED["title"],
        "url": "https://wire.example/mts",
        "published_at": "2026-11-23T09:02:00+00:00",
        "language": "en",
        "source": "Example Wire",
    }
    assert (line["state"], line["deliveries"]) == ("new", 1)
    assert line["story"]["articles"] == 1
    (topic,) = line["topics"]
    assert topic["topic"] == "huawei"
    assert {piece["field"] for piece in topic["evidence"]} == {"title", "body"}
    for piece in topic["evidence"]:
        if piece["field"] == "title":
            assert POSTED["title"][piece["start"] : piece["end"]] == piece["text"] == "Huawei"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Notice", "Huawei hit by sanctions."),
        ("Mitteilung", "Huawei von Sanktionen getroffen."),
        ("Update", "Norvane Steel\n\nHuawei\n\nBoth were put on the list on Tuesday, the ministry said in its notice."),
    ],
)
async def test_a_posted_text_is_stored_and_matched_line_by_line(site: Site, title: str, text: str) -> None:
    status, line = await post(site, json={"title": title, "text": text})

    assert status == 202
    assert [topic["topic"] for topic in line["topics"]] == ["huawei"]
    async with site.store.read() as tx:
        article = await tx.articles.get(line["article"]["id"])
    assert article is not None
    assert (article.title, article.text) == (title, text)


async def test_posting_an_article_again_queues_nothing(site: Site) -> None:
    _, first = await post(site, json=POSTED)
    status, again = await post(site, json=POSTED)

    assert (status, again["state"], again["deliveries"]) == (202, "known", 0)
    assert again["article"]["id"] == first["article"]["id"]


async def test_the_same_text_posted_twice_is_the_same_article(site: Site) -> None:
    _, first = await post(site, data=ARTICLE.encode(), headers=of_kind("text/plain"))
    _, again = await post(site, data=ARTICLE.encode(), headers=of_kind("text/plain; charset=utf-8"))

    assert first["article"]["title"] == "MTS and Huawei agree to build 5G in Russia"
    assert (again["state"], again["article"]["id"]) == ("known", first["article"]["id"])


async def test_a_title_without_text_is_an_article(site: Site) -> None:
    status, line = await post(site, json={"title": "Huawei opens a plant"})

    assert (status, line["article"]["title"]) == (202, "Huawei opens a plant")


async def test_a_posted_feed_gives_all_its_articles(site: Site) -> None:
    status, line = await post(site, data=FEED, headers=of_kind("application/rss+xml"))

    titles = [entry["article"]["title"] for entry in (line, *line["more"])]
    assert status == 202
    assert sorted(titles) == ["Huawei opens a plant", "ZTE closes a plant"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "text/plain"),
        (b" \n ", "text/plain"),
        (b"\x00\x01\x02\xff" * 50, "text/plain"),
        (b"<html><head><title></title></head></html>", "text/html"),
        (b"<html>this is no feed</html>", "application/rss+xml"),
    ],
)
async def test_an_unreadable_document_is_refused_with_the_reason(site: Site, body: bytes, kind: str) -> None:
    status, answer = await post(site, data=body, headers=of_kind(kind))

    assert status == 422
    assert len(answer["detail"]) > 10
    async with site.store.read() as tx:
        ledger = await tx.ledger.totals()
    assert (ledger.arrivals, ledger.failed, ledger.agrees) == (1, 1, True)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ("{}", "empty"),
        ('{"title": "x", "published_at": "2026-11-23T10:02:00"}', "published_at"),
        ('{"title": "x", "url": "javascript:alert(1)"}', "url"),
        ('{"title": "x", "language": "English"}', "language"),
        ('{"title": "x", "titel": "y"}', "titel"),
        ('{"title": 5}', "title"),
    ],
)
async def test_invalid_json_is_refused_and_the_field_is_named(site: Site, body: str, names: str) -> None:
    status, answer = await post(site, data=body, headers=of_kind("application/json"))

    assert status == 422
    assert names in answer["detail"]


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "application/zip"])
async def test_an_unsupported_content_type_is_refused(site: Site, kind: str) -> None:
    status, answer = await post(site, data=b"x", headers=of_kind(kind))

    assert status == 415
    assert "text/html" in answer["detail"]


async def test_with_an_api_token_posting_documents_requires_it(sqlite_store: Store) -> None:
    async with open_site(sqlite_store, FakeClock(), api_token=API_TOKEN) as site:
        without, _ = await post(site, json=POSTED)
        wrong, _ = await post(site, json=POSTED, headers={"Authorization": "Bearer no"})
        right, _ = await post(site, json=POSTED, headers={"Authorization": f"Bearer {API_TOKEN}"})

    assert (without, wrong, right) == (401, 401, 202)


async def test_an_alert_is_listed_by_the_api(site: Site) -> None:
    await post(site, json=POSTED)
    await site.deliver_all()

    (message,) = (await get(site, "api/messages?channel=general"))["messages"]

    assert (message["channel"], message["text"]) == ("general", POSTED["title"])
    assert message["post"]["type"] == "alert"
    assert (await get(site, "api/messages?channel=other"))["messages"] == []
    assert [channel["name"] for channel in (await get(site, "api/channels"))["channels"]] == ["general", "other"]
    assert "no such channel" in (await get(site, "api/messages?channel=nope"))["detail"]


async def test_the_api_has_an_openapi_description_and_no_page_that_loads_other_sites(site: Site) -> None:
    described = await get(site, "openapi.json")

    assert set(described["paths"]) == {
        "/healthz",
        "/readyz",
        "/metrics",
        "/api/documents",
        "/api/channels",
        "/api/messages",
    }
    async with site.session.get(f"{site.url}docs") as docs:
        assert docs.status == 404


async def test_a_short_text_does_not_wait_for_large_documents(site: Site) -> None:
    pages = [[(10.0, f"Page {page}, line {line}") for line in range(60)] for page in range(2)]
    report = pdf_of(*pages)
    posts = [post(site, data=report + b"\n%%%d" % number, headers=of_kind("application/pdf")) for number in range(14)]
    large = [asyncio.create_task(each) for each in posts]
    await asyncio.sleep(0.1)

    status, _ = await post(site, json=POSTED)
    unfinished = [task for task in large if not task.done()]
    await asyncio.gather(*large)

    assert status == 202
    assert len(unfinished) >= len(large) // 2
