"""Answers that are given again: the same while nothing changed, anew as soon as anything did, each to its own."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.answers.answer import Brief, Listing, Trend
from handlers.commands.after_answer import Notes
from storage.store import Store
from tests.support.newsroom import Newsroom, button

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTIONS = ("/brief huawei", "/trend huawei", "/find huawei")


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    room = await Newsroom(sqlite_store).open()
    await room.arrives("Huawei opens a plant in Hungary", ago=3 * HOUR)
    return room


async def told(newsroom: Newsroom, line: str, **more: str) -> int:
    """How many articles the answer knows of."""
    answer = await newsroom.says(line, **more)
    if isinstance(answer, Trend):
        return sum(answer.chart.series[0][1])
    if isinstance(answer, Listing):
        return len(answer.rows) + answer.more
    return answer.articles if isinstance(answer, Brief) else 0


@pytest.mark.parametrize("line", QUESTIONS)
async def test_who_asks_again_is_told_the_same_and_what_came_meanwhile(newsroom: Newsroom, line: str) -> None:
    first, again = await newsroom.says(line, user="U1"), await newsroom.says(line, user="U2")
    before = await told(newsroom, line)

    await newsroom.arrives("Berlin weighs a ban of Huawei parts")

    assert first == again and before == 1
    assert await told(newsroom, line) == 2


@pytest.mark.parametrize("line", QUESTIONS)
async def test_what_arrived_just_after_the_question_is_in_the_next_answer(newsroom: Newsroom, line: str) -> None:
    # Stored already when the question is answered, yet after the moment at which it was asked.
    await newsroom.arrives("Berlin weighs a ban of Huawei parts", ago=-timedelta(seconds=2))
    asked = await told(newsroom, line)

    newsroom.later(timedelta(seconds=3))

    assert (asked, await told(newsroom, line)) == (1, 2)


@pytest.mark.parametrize("line", QUESTIONS)
async def test_a_topic_that_is_worded_anew_is_asked_anew(newsroom: Newsroom, line: str) -> None:
    await newsroom.arrives("A chip maker in Ohio grows", ago=HOUR)
    await newsroom.says("/topics add chips = chip")
    before = await told(newsroom, line.replace("huawei", "chips"))

    await newsroom.says("/topics edit chips = chip OR plant")

    assert before == 1
    assert await told(newsroom, line.replace("huawei", "chips")) == 2


@pytest.mark.parametrize("line", QUESTIONS)
async def test_a_workspace_is_never_told_what_only_another_may_see(newsroom: Newsroom, line: str) -> None:
    home = await newsroom.workspace("acme")
    await newsroom.arrives(
        "Huawei is our customer", workspace_id=home.id, source_url="https://acme.example/feed", ago=HOUR
    )

    own, theirs = await told(newsroom, line), await told(newsroom, line, workspace="other")

    assert (own, theirs) == (2, 1)


async def test_what_is_new_to_a_reader_is_counted_for_each_reader(newsroom: Newsroom) -> None:
    await newsroom.says("/brief huawei", user="U1")
    newsroom.later(HOUR)
    await newsroom.arrives("Berlin weighs a ban of Huawei parts")

    ann, ben = await newsroom.says("/brief huawei", user="U1"), await newsroom.says("/brief huawei", user="U2")

    assert isinstance(ann, Brief) and isinstance(ben, Brief)
    assert (ann.fresh, ben.fresh) == (1, None)


async def test_the_buttons_of_an_answer_that_is_given_again_work(newsroom: Newsroom) -> None:
    first = await newsroom.says("/brief huawei", user="U1")
    again = await newsroom.says("/brief huawei", user="U2")

    shared = await newsroom.presses(button(again, "Share"), user="U2")

    assert isinstance(first, Brief) and isinstance(shared.answer, Brief)
    assert shared.public and shared.answer.stories == first.stories


async def test_what_a_removed_workspace_left_is_in_nobodys_way(sqlite_store: Store) -> None:
    room = await Newsroom(sqlite_store).open()
    home, gone, notes = await room.workspace(), await room.workspace("gone"), Notes(sqlite_store)
    key = notes.draft(home.id, {"query": "huawei"}, room.now)
    lost = notes.draft(gone.id, {"query": "huawei"}, room.now)
    async with sqlite_store.begin() as tx:
        await tx.workspaces.remove(gone.id)

    await asyncio.gather(notes.written(home.id), notes.written(gone.id), notes.written(home.id))

    async with sqlite_store.read() as tx:
        assert await tx.drafts.get(key, home.id) == {"query": "huawei"}
        assert await tx.drafts.get(lost, gone.id) is None


async def test_what_can_never_be_stored_is_told_once_and_then_forgotten(sqlite_store: Store) -> None:
    room = await Newsroom(sqlite_store).open()
    home, notes = await room.workspace(), Notes(sqlite_store)
    notes.draft(home.id, {"query": "huawei"}, None)  # type: ignore[arg-type]

    with pytest.raises(IntegrityError):
        await notes.written(home.id)
    key = notes.draft(home.id, {"query": "zte"}, room.now)
    await notes.written(home.id)

    async with sqlite_store.read() as tx:
        assert await tx.drafts.get(key, home.id) == {"query": "zte"}
