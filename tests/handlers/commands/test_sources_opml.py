"""/sources check, import and export. An export contains secrets only for people who manage the feeds' workspace."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.answers.parts import Tone
from handlers.ports import Attachment
from handlers.sources.feeds.opml import read_opml
from handlers.sources.fetch.client import Limits, open_fetcher
from storage.records import ChangeRule, Platform
from storage.store import Store
from tests.support.http_server import Answer, local_server
from tests.support.newsroom import Newsroom

SECRETS = ("hunter22", "Zx9Qw7ab", "ann:")
INCLUDED = "The password or key in 1 address is included: keep the file to yourself."
LEFT_OUT = "The password or key in 1 address is left out."
OPML = b"""<opml version="2.0"><body><outline text="World">
<outline type="rss" text="One" xmlUrl="https://one.example/feed"/>
<outline type="rss" text="Two" xmlUrl="https://two.example/feed"/>
<outline type="rss" text="Wire" xmlUrl="https://wire.example/feed"/></outline></body></opml>"""
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily</title><link>https://daily.example</link>
<item><title>Huawei opens a plant</title><link>https://daily.example/1</link></item>
<item><title>Rain in Spain</title><link>https://daily.example/2</link></item>
</channel></rss>"""


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


@pytest.fixture
async def online(sqlite_store: Store) -> AsyncIterator[Newsroom]:
    """A newsroom that can fetch from a server on this machine."""
    limits = Limits(delay=timedelta(0))
    async with open_fetcher(user_agent="tests", allow_private=True, limits=limits) as fetcher:
        yield await Newsroom(sqlite_store, fetcher=fetcher).open()


async def test_a_check_shows_what_a_feed_contains_and_stores_nothing(online: Newsroom) -> None:
    async with local_server() as server:
        address = server.answer("/rss", Answer(body=RSS, headers={"Content-Type": "application/rss+xml"}))
        answer = await online.ask(f"/sources check {address}", may_manage=False)

    assert isinstance(answer, Listing)
    assert answer.rows[0].detail == "2 entries · 1 would match a topic · newest: Huawei opens a plant · not watched"
    async with online.store.read() as tx:
        assert await tx.sources.all() == ()


async def test_a_list_of_feeds_is_imported_and_exported(newsroom: Newsroom) -> None:
    await newsroom.source()
    attached = (Attachment(name="feeds.opml", content_type="text/x-opml", body=OPML),)

    first = await newsroom.ask("/sources import", attachments=attached)
    second = await newsroom.ask("/sources import", attachments=attached)
    exported = await newsroom.ask("/sources export")

    assert isinstance(first, Notice) and first.text == "feeds.opml contains 3 feeds: 2 added, 1 already watched."
    assert isinstance(second, Notice) and second.text == "feeds.opml contains 3 feeds: 0 added, 3 already watched."
    assert isinstance(exported, Notice) and exported.file is not None
    name, body = exported.file
    assert name == "wirewatch-feeds.opml" and len(read_opml(body.encode())) == 3


@pytest.mark.parametrize("body", [b"", b"not xml", b"<html></html>"])
async def test_a_file_that_is_not_opml_is_refused(newsroom: Newsroom, body: bytes) -> None:
    attached = (Attachment(name="feeds.opml", content_type="text/x-opml", body=body),)

    answer = await newsroom.ask("/sources import", attachments=attached)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "feeds.opml" in answer.text


async def test_an_import_without_a_file_explains_how_to_attach_one(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/sources import")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "Attach" in answer.text


async def test_an_exported_list_without_secrets_is_recognized_when_it_is_imported(newsroom: Newsroom) -> None:
    home, rival = await newsroom.workspace(), await newsroom.workspace("rival")
    await newsroom.source("https://shared.example/feed")
    await newsroom.source("https://ann:pw@own.example/feed?token=abc&page=1", workspace_id=home.id)
    await newsroom.source("https://rival.example/feed", workspace_id=rival.id)

    answer = await newsroom.ask("/sources export", may_manage=False)

    assert isinstance(answer, Notice) and answer.file is not None
    feeds = read_opml(answer.file[1].encode())
    assert {feed.url for feed in feeds} == {"https://shared.example/feed", "https://own.example/feed?page=1"}
    assert "abc" not in repr(answer) and "pw" not in repr(answer)
    assert answer.text == "2 feeds as OPML. The password or key in 1 address is left out."
    attached = (Attachment(name="back.opml", content_type="", body=answer.file[1].encode()),)
    again = await newsroom.ask("/sources import", attachments=attached)
    assert isinstance(again, Notice) and "0 added, 2 already watched" in again.text


@pytest.mark.parametrize(
    ("workspace", "asked", "included"),
    [
        ("acme", {"may_manage": True}, True),
        ("acme", {"may_manage": False}, False),
        ("acme", {"may_manage": True, "platform": Platform.SLACK}, True),
        ("acme", {"channel": "@U1", "may_manage": True}, False),
        ("rival", {"may_manage": True}, None),
        ("shared", {"may_manage": True}, False),
    ],
    ids=["a manager", "a reader", "a manager on Slack", "direct messages", "another workspace", "a shared feed"],
)
async def test_an_export_contains_the_secret_only_for_people_who_manage_its_workspace(
    workspace: str, asked: dict[str, object], included: bool | None, newsroom: Newsroom
) -> None:
    url = "https://ann:hunter22@wire.example/feed?token=Zx9Qw7ab&page=2"
    platform = asked.get("platform", Platform.DISCORD)
    async with newsroom.store.begin() as tx:
        home = await tx.workspaces.ensure(
            platform,  # type: ignore[arg-type]
            "rival" if workspace == "rival" else "acme",
            "Home",
            now=newsroom.now,
        )
    await newsroom.source(url, workspace_id=0 if workspace == "shared" else home.id)

    answer = await newsroom.ask("/sources export", **asked)

    assert isinstance(answer, Notice)
    if included is None:
        assert answer.file is None
        return
    assert answer.file is not None
    assert answer.text == f"1 feed as OPML. {INCLUDED if included else LEFT_OUT}"
    (listed,) = read_opml(answer.file[1].encode())
    assert listed.url == (url if included else "https://wire.example/feed?page=2")
    assert not any(secret in repr((answer.text, answer.code)) for secret in SECRETS)
    back = (Attachment(name="back.opml", content_type="", body=answer.file[1].encode()),)
    again = await newsroom.ask("/sources import", attachments=back, platform=platform)
    assert isinstance(again, Notice) and "0 added, 1 already watched" in again.text


async def test_secrets_are_for_managers_only_even_if_anyone_may_change_things(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    async with newsroom.store.begin() as tx:
        await tx.workspaces.update(home.id, change_rule=ChangeRule.ANYONE)
    await newsroom.source("https://ann:hunter22@wire.example/feed", workspace_id=home.id)

    answer = await newsroom.ask("/sources export", may_manage=False)

    assert "hunter22" not in repr(answer)
