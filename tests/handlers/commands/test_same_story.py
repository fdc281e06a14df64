"""Same story: two stories share the older alert from then on, in this workspace only."""

import pytest

from handlers.answers.answer import Listing, Notice
from storage.store import Store
from tests.handlers.commands.test_separate import Desk
from tests.support.newsroom import Newsroom
from tests.support.world import FLOOD, HUAWEI

FIRST = "Valley of the Ahr flooded, 300 people leave Altenahr over Huawei masts"
SECOND = "MTS and Huawei agree to build 5G in Russia"
THIRD = "Parliament in Lisbon debates Huawei cameras for bridges"


async def opened(store: Store) -> Desk:
    desk = Desk(await Newsroom(store).open())
    await desk.newsroom.ask("/subscribe huawei")
    await desk.newsroom.ask("/subscribe huawei", workspace="other", channel="C9")
    await desk.arrive(FIRST, FLOOD, "Example Wire")
    await desk.arrive(SECOND, HUAWEI)
    return desk


@pytest.fixture
async def desk(sqlite_store: Store) -> Desk:
    return await opened(sqlite_store)


async def stories(desk: Desk) -> list[int]:
    """Return the ids of the stories of the channel's alerts, oldest first."""
    async with desk.newsroom.store.read() as tx:
        channel = await tx.channels.find((await desk.newsroom.workspace()).id, "C1")
        assert channel is not None
        alerts = await tx.deliveries.recent_alerts(channel.id, since=desk.newsroom.now.replace(year=2020), limit=9)
    return [alert.story_id or 0 for alert in reversed(alerts)]


async def test_it_works_on_each_database(store: Store) -> None:
    desk = await opened(store)
    first, second = await stories(desk)

    await desk.click(f"same:{second}:{first}")

    assert desk.alerts()[0] == (FIRST, 1)
    assert desk.alerts("C9") == [(FIRST, 0), (SECOND, 0)]
    assert await desk.agrees()


async def test_the_recent_stories_are_listed_with_the_nearest_first(desk: Desk) -> None:
    await desk.arrive(THIRD, "Deputies asked the fire brigade about water, cellars and bridges.")
    first, second, third = await stories(desk)

    listed = (await desk.click(f"same:{first}")).answer

    assert isinstance(listed, Listing)
    assert [(row.title, row.buttons[0].action) for row in listed.rows] == [
        (THIRD, f"same:{first}:{third}"),
        (SECOND, f"same:{first}:{second}"),
    ]


async def test_joined_stories_share_the_older_alert_in_this_workspace_only(desk: Desk) -> None:
    first, second = await stories(desk)

    reply = await desk.click(f"same:{second}:{first}")
    await desk.arrive("MTS builds 5G with Huawei", f"{HUAWEI}\n\nEnds here.", "Third")

    assert isinstance(reply.answer, Notice) and reply.answer.text.startswith(f"“{FIRST}” and “{SECOND}” are one story")
    assert desk.alerts()[0] == (FIRST, 2)
    assert len(desk.alerts()) == 2, "the younger alert stays as it was, and nothing new is posted"
    assert desk.notes() == [("Added", "MTS builds 5G with Huawei")]
    assert desk.alerts("C9") == [(FIRST, 0), (SECOND, 1)]
    assert await desk.agrees()


@pytest.mark.parametrize("more", [{}, {"may_manage": False}])
async def test_a_further_click_and_one_by_a_stranger_change_nothing(desk: Desk, more: dict[str, object]) -> None:
    first, second = await stories(desk)
    if not more:
        await desk.click(f"same:{second}:{first}")
    before = (desk.alerts(), desk.notes())

    reply = await desk.click(f"same:{second}:{first}", **more)

    assert isinstance(reply.answer, Notice)
    assert (desk.alerts(), desk.notes()) == before
    assert await desk.agrees()


async def test_a_joined_story_can_be_separated_again_and_has_its_alert_back(desk: Desk) -> None:
    first, second = await stories(desk)
    await desk.click(f"same:{first}:{second}")
    async with desk.newsroom.store.read() as tx:
        article = (await tx.articles.of_story(second, 0))[0].id

    await desk.click(f"separate:{article}")

    assert desk.alerts() == [(FIRST, 0), (SECOND, 0)]
    assert await desk.agrees()


async def test_buttons_of_a_joined_story_still_work(desk: Desk) -> None:
    first, second = await stories(desk)
    await desk.click(f"same:{first}:{second}")

    await desk.click(f"mute:story:{second}")
    await desk.arrive("MTS builds 5G with Huawei", f"{HUAWEI}\n\nEnds here.", "Third")

    assert desk.alerts()[0] == (FIRST, 1), "the joined story is muted"


async def test_without_another_alert_there_is_nothing_to_choose(sqlite_store: Store) -> None:
    desk = Desk(await Newsroom(sqlite_store).open())
    await desk.newsroom.ask("/subscribe huawei")
    await desk.arrive(SECOND, HUAWEI)
    (story,) = await stories(desk)

    reply = await desk.click(f"same:{story}")

    assert isinstance(reply.answer, Notice) and "no other alert" in reply.answer.text
