"""Separate story: the article gets an alert of its own, once, in this workspace only, and it stays apart."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Alert, Brief, Explanation, Listing, Note, Notice, Reply
from handlers.answers.parts import Button
from handlers.delivery.deliver import Deliver
from storage.records import Platform
from storage.store import Store
from tests.support.fakes import FakeMessenger
from tests.support.newsroom import Newsroom, button
from tests.support.world import HUAWEI, HUAWEI_ELSEWHERE

LEAD = "MTS and Huawei agree to build 5G in Russia"
WRONG = "Huawei to build 5G networks in Russia with MTS"


class Desk:
    """A newsroom whose deliveries are posted. #general of two workspaces is subscribed to Huawei."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.messenger = FakeMessenger(Platform.DISCORD)
        self._deliver = Deliver(newsroom.store, {Platform.DISCORD: self.messenger})

    async def post(self) -> None:
        self.newsroom.later(timedelta(minutes=1))
        while await self._deliver.run_once(self.newsroom.now):
            pass

    async def arrive(self, title: str, text: str, publisher: str = "Daily Sample") -> int:
        arrived = await self.newsroom.add_article(title, text, publisher=publisher)
        await self.post()
        assert arrived.article is not None
        return arrived.article.id

    async def click(self, action: Button | str, **more: object) -> Reply:
        reply = await self.newsroom.click(action, **more)
        await self.post()
        return reply

    def alerts(self, channel: str = "C1") -> list[tuple[str, int]]:
        """Return headline and number of further articles of each alert that the channel shows."""
        shown = [message.shown for message in self.messenger.in_channel(channel)]
        return [(alert.headline.text, len(alert.more)) for alert in shown if alert.type == "alert"]

    def notes(self, channel: str = "C1") -> list[tuple[str, str]]:
        notes = [each.shown for each in self.messenger.messages if each.channel == channel and each.thread]
        return [(note.label, note.headline.text) for note in notes if isinstance(note, Note) and note.headline]

    async def agrees(self) -> bool:
        async with self.newsroom.store.read() as tx:
            return (await tx.ledger.totals()).agrees


async def opened(store: Store) -> Desk:
    desk = Desk(await Newsroom(store).open())
    await desk.newsroom.ask("/subscribe huawei")
    await desk.newsroom.ask("/subscribe huawei", workspace="other", channel="C9")
    return desk


@pytest.fixture
async def desk(sqlite_store: Store) -> Desk:
    return await opened(sqlite_store)


@pytest.fixture
async def wrong(desk: Desk) -> int:
    """The id of an article that was added to the story of another."""
    await desk.arrive(LEAD, HUAWEI, "Example Wire")
    return await desk.arrive(WRONG, HUAWEI_ELSEWHERE)


async def test_it_works_on_each_database(store: Store) -> None:
    desk = await opened(store)
    await desk.arrive(LEAD, HUAWEI, "Example Wire")
    wrong = await desk.arrive(WRONG, HUAWEI_ELSEWHERE)

    reply = await desk.click(f"separate:{wrong}")
    separated = desk.alerts()
    await desk.click(button(reply.answer, "Undo"))

    assert separated == [(LEAD, 0), (WRONG, 0)]
    assert desk.alerts()[0] == (LEAD, 1)
    assert await desk.agrees()


async def test_an_article_gets_an_alert_of_its_own_in_this_workspace_only(desk: Desk, wrong: int) -> None:
    before = (desk.alerts(), desk.alerts("C9"))

    reply = await desk.click(f"separate:{wrong}")

    assert before == ([(LEAD, 1)], [(LEAD, 1)])
    assert isinstance(reply.answer, Notice)
    assert reply.answer.text.startswith(f"“{WRONG}” is a story of its own now, with an alert here.")
    assert desk.alerts() == [(LEAD, 0), (WRONG, 0)]
    assert desk.alerts("C9") == [(LEAD, 1)]
    assert await desk.agrees()


@pytest.mark.parametrize(
    "more", [{}, {"user": "U2"}, {"may_manage": False}, {"workspace": "other", "channel": "C9", "may_manage": False}]
)
async def test_a_further_click_and_one_by_a_stranger_change_nothing(
    desk: Desk, wrong: int, more: dict[str, object]
) -> None:
    if not more or "user" in more:
        await desk.click(f"separate:{wrong}")
    before = (desk.alerts(), desk.alerts("C9"))

    reply = await desk.click(f"separate:{wrong}", **more)

    assert isinstance(reply.answer, Notice)
    assert (desk.alerts(), desk.alerts("C9")) == before
    assert await desk.agrees()


async def test_later_articles_of_that_kind_join_the_separate_story(desk: Desk, wrong: int) -> None:
    await desk.click(f"separate:{wrong}")

    await desk.arrive("MTS gets Huawei networks", HUAWEI_ELSEWHERE.replace("biggest", "largest"), "Third")
    await desk.arrive("Moscow signs with Huawei", f"{HUAWEI}\n\nEnds here.", "Fourth")

    assert desk.alerts() == [(LEAD, 1), (WRONG, 1)]
    assert desk.alerts("C9") == [(LEAD, 3)]
    assert await desk.agrees()


async def test_copies_go_with_the_article(desk: Desk, wrong: int) -> None:
    await desk.arrive("A copy of it", f"{HUAWEI_ELSEWHERE}\n\nEnds here.", "Third")

    await desk.click(f"separate:{wrong}")

    assert desk.alerts() == [(LEAD, 0), (WRONG, 1)]


async def test_the_line_says_that_the_article_was_separated(desk: Desk) -> None:
    await desk.arrive(LEAD, HUAWEI, "Example Wire")
    wrong = await desk.arrive(WRONG, f"{HUAWEI}\n\nEnds here.")
    before = desk.notes()

    await desk.click(f"separate:{wrong}")

    assert (before, desk.notes()) == ([("Added", WRONG)], [("Separated", WRONG)])


async def test_undo_puts_the_article_back(desk: Desk, wrong: int) -> None:
    reply = await desk.click(f"separate:{wrong}")

    await desk.click(button(reply.answer, "Undo"))

    assert desk.alerts()[0] == (LEAD, 1)
    assert await desk.agrees()
    again = await desk.click(f"separate:{wrong}")
    assert isinstance(again.answer, Notice) and "story of its own now" in again.answer.text
    assert desk.alerts() == [(LEAD, 0), (WRONG, 0)], "the alert that was posted before is used again"
    assert await desk.agrees()


async def test_the_article_of_the_alert_cannot_be_separated_from_it(desk: Desk, wrong: int) -> None:
    async with desk.newsroom.store.read() as tx:
        story = (await tx.articles.get(wrong)).story_id  # type: ignore[union-attr]
        lead = (await tx.articles.of_story(story or 0, 0))[0].id

    reply = await desk.click(f"separate:{lead}")

    assert isinstance(reply.answer, Notice) and reply.answer.text.startswith("The alert here begins with")
    assert desk.alerts() == [(LEAD, 1)]


async def test_briefs_and_why_follow_the_correction_in_its_workspace(desk: Desk, wrong: int) -> None:
    explained = await desk.newsroom.ask(f"/why {wrong}")
    assert isinstance(explained, Explanation)
    await desk.click(button(explained, "Separate story"))

    here = await desk.newsroom.ask("/brief huawei")
    there = await desk.newsroom.ask("/brief huawei", workspace="other", channel="C9")
    why = await desk.newsroom.ask(f"/why {wrong}")

    assert isinstance(here, Brief) and isinstance(there, Brief) and isinstance(why, Explanation)
    assert (here.total_stories, there.total_stories) == (2, 1)
    assert sorted(line.sources for line in here.stories) == [1, 1]
    assert why.verdict == "Posted."


async def test_all_headlines_are_listed_with_a_button_for_each(desk: Desk, wrong: int) -> None:
    story = next(each for each in desk.messenger.in_channel("C1") if each.shown.type == "alert").shown
    listed = (await desk.click(button_of(story, "All headlines"))).answer

    assert isinstance(listed, Listing)
    assert [(row.title, [each.action for each in row.buttons]) for row in listed.rows] == [
        (LEAD, []),
        (WRONG, [f"separate:{wrong}"]),
    ]


async def test_an_article_of_another_workspace_cannot_be_separated(desk: Desk) -> None:
    private = await desk.newsroom.workspace("other")
    await desk.newsroom.add_article(LEAD, HUAWEI, workspace_id=private.id, source_url="https://private.example/feed")
    hidden = await desk.newsroom.add_article(
        WRONG, HUAWEI_ELSEWHERE, workspace_id=private.id, source_url="https://private.example/feed"
    )
    assert hidden.article is not None

    reply = await desk.click(f"separate:{hidden.article.id}")

    assert isinstance(reply.answer, Notice) and reply.answer.text == "That article is no longer stored."


def button_of(alert: object, label: str) -> Button:
    assert isinstance(alert, Alert)
    return next(each for each in alert.menu if each.label == label)
