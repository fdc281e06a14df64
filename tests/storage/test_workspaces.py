"""Workspaces: created once, and deleted with everything that only they can see."""

from datetime import datetime, time, timedelta

import pytest

from storage.arrivals import NewArrival
from storage.records import (
    SHARED,
    ArrivalState,
    ChangeRule,
    Platform,
)
from storage.rows import Missing
from storage.store import Store
from tests.support.stores import make_channel, make_source, make_story, make_topic, make_workspace

DAY = timedelta(days=1)


async def test_a_workspace_is_created_once_and_keeps_its_settings(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        made = await tx.workspaces.ensure(Platform.SLACK, "T1", "Old name", now=now, time_zone="Europe/Berlin")
        await tx.workspaces.update(
            made.id,
            quiet_from=time(22, 30),
            quiet_until=time(7, 0),
            languages=("de", "en"),
            change_rule=ChangeRule.ANYONE,
        )
        again = await tx.workspaces.ensure(Platform.SLACK, "T1", "New name", now=now + DAY)
        other = await tx.workspaces.ensure(Platform.DISCORD, "T1", "Other", now=now)

        assert again.id == made.id != other.id
        assert (again.name, again.time_zone, again.quiet_from) == ("New name", "Europe/Berlin", time(22, 30))
        assert (again.languages, again.change_rule, again.created_at) == (("de", "en"), ChangeRule.ANYONE, now)
        assert await tx.workspaces.get(made.id) == again
        assert await tx.workspaces.all() == (again, other)
        with pytest.raises(Missing):
            await tx.workspaces.get(99)
        assert SHARED not in [workspace.id for workspace in await tx.workspaces.all()]


async def test_deleting_a_workspace_deletes_only_what_is_its_own(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, shared = await make_channel(tx, now), await make_story(tx, now)
        home = channel.workspace_id
        private = await make_story(tx, now, workspace_id=home, title="Private")
        await make_topic(tx, now, "own", workspace_id=home)
        source = await make_source(tx, now, workspace_id=home)
        for number, article_id in enumerate((shared.lead_article_id, private.lead_article_id)):
            arrival = NewArrival(key="k", origin="feed", state=ArrivalState.MATCHED, article_id=article_id)
            await tx.arrivals.add_many(source.id if number else (await make_source(tx, now)).id, [arrival], now)
        await tx.stories.merge(private.id, shared.id, now)

        await tx.workspaces.remove(home)

        assert await tx.channels.get(channel.id) is None
        assert len(await tx.articles.recent(SHARED, since=now, limit=9)) == 1
        assert len(await tx.sources.all()) == 1
        assert await tx.topics.all() == ()
        assert (await tx.ledger.totals()).agrees
        again = await make_workspace(tx, now)
        assert again.id != home
