"""Live changes: sent once to every open page, continued after a reconnect, and ended when the bot stops."""

import asyncio

from tests.bot.web.conftest import next_event
from tests.support.posts import alert
from tests.support.web_server import Site


async def test_a_page_gets_the_changes_since_its_last_event(site: Site) -> None:
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


async def test_a_change_in_another_channel_is_sent_without_its_html(site: Site) -> None:
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
