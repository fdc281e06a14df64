"""How strictly a subscription groups articles into alerts, without any effect on other channels."""

from datetime import timedelta
from typing import Any

import pytest

from storage.records import Channel, Grouping, OutcomeState, Pace
from storage.store import Store
from tests.support.world import World, copied, huawei, huawei_elsewhere

HEADLINE = huawei().title
OTHER_HEADLINE = huawei_elsewhere().title


async def channels(store: Store, *groupings: Grouping, **fields: Any) -> tuple[World, list[Channel]]:
    """Return a world with a channel for each grouping, each in a workspace of its own, subscribed to Huawei."""
    world = World(store)
    topic = await world.topic()
    found = []
    for number, grouping in enumerate(groupings):
        channel = await world.channel(f"c{number}", workspace=f"w{number}")
        await world.subscribe(channel, topic, grouping=grouping, **fields)
        found.append(channel)
    return world, found


def shown(world: World, channel: Channel) -> list[tuple[str, int]]:
    """Return the headline of each alert in the channel, and how many further articles it includes."""
    return [(alert.headline.text, len(alert.more)) for alert in world.alerts(channel)]


async def test_each_grouping_has_its_own_alerts(store: Store) -> None:
    world, (strict, normal, off) = await channels(store, Grouping.STRICT, Grouping.NORMAL, Grouping.OFF)

    for article in (huawei(), huawei_elsewhere(), copied()):
        await world.take(article)
    await world.post(after=timedelta(minutes=1))

    assert shown(world, normal) == [(HEADLINE, 2)]
    assert shown(world, strict) == [(HEADLINE, 1), (OTHER_HEADLINE, 0)]
    assert shown(world, off) == [(HEADLINE, 0), (OTHER_HEADLINE, 0), (HEADLINE, 0)]
    assert (len(world.notes(normal)), world.notes(strict), world.notes(off)) == (1, [], [])
    assert (await world.ledger()).agrees


async def test_a_copy_of_a_separate_report_joins_that_reports_alert(sqlite_store: Store) -> None:
    world, (strict,) = await channels(sqlite_store, Grouping.STRICT)
    again = huawei_elsewhere(url="https://third.example/a", publisher="Third", text=huawei_elsewhere().text + " Ends.")

    await world.take(huawei(), huawei_elsewhere())
    await world.take(again)
    await world.post(after=timedelta(minutes=1))

    assert shown(world, strict) == [(HEADLINE, 0), (OTHER_HEADLINE, 1)]
    assert [outcome.state for outcome in await world.outcomes(strict)] == [
        OutcomeState.ALERT,
        OutcomeState.ALERT,
        OutcomeState.MERGED,
    ]


async def test_the_strictest_matching_subscription_counts_unless_it_is_paused(sqlite_store: Store) -> None:
    world, (channel,) = await channels(sqlite_store, Grouping.NORMAL)
    nato = await world.topic("nato")
    subscription = await world.subscribe(channel, nato, grouping=Grouping.OFF, paused_reason="holiday")

    await world.take(huawei(), huawei_elsewhere())
    async with sqlite_store.begin() as tx:
        await tx.subscriptions.update(subscription.id, paused_reason=None)
    await world.take(
        huawei_elsewhere(title="Washington to raise Huawei deal", url="https://x.example/1", publisher="X")
    )
    await world.post(after=timedelta(minutes=1))

    assert [headline for headline, _ in shown(world, channel)] == [HEADLINE, "Washington to raise Huawei deal"]


async def test_a_publishers_edit_changes_the_alert_of_the_separate_article(sqlite_store: Store) -> None:
    world, (off,) = await channels(sqlite_store, Grouping.OFF)
    await world.take(huawei(), huawei_elsewhere())
    await world.post(after=timedelta(minutes=1))

    await world.take(huawei_elsewhere(title="Huawei will build 5G networks in Russia with MTS"))
    await world.post(after=timedelta(minutes=1))

    assert shown(world, off) == [(HEADLINE, 0), ("Huawei will build 5G networks in Russia with MTS", 0)]
    assert [note.label for note in world.notes(off)] == ["Headline changed"]


async def test_a_daily_subscription_without_grouping_has_a_story_for_each_article(sqlite_store: Store) -> None:
    world, (channel,) = await channels(sqlite_store, Grouping.OFF, pace=Pace.DAILY)

    await world.take(huawei(), huawei_elsewhere())

    outcomes = await world.outcomes(channel)
    assert len({outcome.story_id for outcome in outcomes}) == 2


@pytest.mark.parametrize("grouping", [Grouping.STRICT, Grouping.OFF])
async def test_repeated_documents_never_alert_twice(sqlite_store: Store, grouping: Grouping) -> None:
    world, (channel,) = await channels(sqlite_store, grouping)

    await world.take(huawei(), huawei())
    await world.take(huawei())
    await world.post(after=timedelta(minutes=1))

    assert shown(world, channel) == [(HEADLINE, 0)]
