"""/unsubscribe: end a subscription, undo it, or ask which one is meant."""

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.answers.parts import Tone
from storage.records import Pace
from storage.store import Store
from tests.support.newsroom import Newsroom, button


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_a_misspelt_topic_suggests_the_subscription(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")

    answer = await newsroom.ask("/unsubscribe huawey")

    assert isinstance(answer, Notice) and "Did you mean Huawei?" in answer.text
    await newsroom.click(button(answer, "Unsubscribe Huawei"))
    assert await newsroom.subscriptions() == []


async def test_unsubscribing_can_be_undone(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")

    answer = await newsroom.ask("/unsubscribe hua")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert answer.text == "#general no longer gets Huawei. Alerts already posted stay."
    assert await newsroom.subscriptions() == []
    await newsroom.click(button(answer, "Undo"))
    assert await newsroom.subscriptions() == [("huawei", Pace.DAILY)]


async def test_several_matching_subscriptions_are_offered(newsroom: Newsroom) -> None:
    for topic in ("huawei", "huawei AND 5g"):
        await newsroom.ask(f"/subscribe {topic}")

    asked = await newsroom.ask("/unsubscribe huaw")

    assert isinstance(asked, Listing) and len(asked.rows) == 2
    await newsroom.click(asked.rows[1].buttons[0])
    assert [name for name, _ in await newsroom.subscriptions()] == ["huawei"]
