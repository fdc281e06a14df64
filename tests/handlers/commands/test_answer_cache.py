"""Cached answers: the same while nothing has changed, computed again after any change, and separate per workspace."""

import asyncio
from datetime import timedelta

import pytest

from handlers.answers.answer import Brief, Listing, Trend
from handlers.commands.answer_cache import AnswerCache
from storage.store import Store
from tests.support.newsroom import Newsroom, button

HOUR = timedelta(hours=1)
QUESTIONS = ("/brief huawei", "/trend huawei", "/find huawei")


class _Work:
    """A computation that waits for `go_on` and returns how many have been started."""

    def __init__(self) -> None:
        self.started = 0
        self.go_on = asyncio.Event()

    async def __call__(self) -> int:
        self.started += 1
        number = self.started
        await self.go_on.wait()
        return number


async def test_callers_that_ask_during_the_computation_get_the_same_answer() -> None:
    cache, work = AnswerCache[int](2), _Work()
    asked = [asyncio.create_task(cache.get("brief", work, store=False)) for _ in range(3)]
    other = asyncio.create_task(cache.get("brief of another workspace", work, store=False))
    await asyncio.sleep(0)

    work.go_on.set()

    assert await asyncio.gather(*asked) == [1, 1, 1]
    assert await other == 2


async def test_an_answer_is_computed_again_unless_it_may_be_stored() -> None:
    cache, work = AnswerCache[int](2), _Work()
    work.go_on.set()

    assert [await cache.get("brief", work, store=False) for _ in range(2)] == [1, 2]


async def test_if_the_first_caller_is_cancelled_the_next_one_computes_the_answer() -> None:
    cache, work = AnswerCache[int](2), _Work()
    first = asyncio.create_task(cache.get("brief", work, store=False))
    await asyncio.sleep(0)
    second = asyncio.create_task(cache.get("brief", work, store=False))
    await asyncio.sleep(0)

    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.go_on.set()

    assert await second == 2


async def test_if_a_waiting_caller_is_cancelled_the_others_still_get_the_answer() -> None:
    cache, work = AnswerCache[int](2), _Work()
    asked = [asyncio.create_task(cache.get("brief", work, store=False)) for _ in range(3)]
    await asyncio.sleep(0)

    asked[1].cancel()
    work.go_on.set()

    assert await asked[0] == await asked[2] == 1


async def test_a_stored_answer_is_returned_until_newer_ones_replace_it() -> None:
    cache, work = AnswerCache[int](2), _Work()
    work.go_on.set()

    answers = [await cache.get(key, work, store=True) for key in ("a", "b", "a", "c", "a", "b")]

    assert answers == [1, 2, 1, 3, 1, 4]


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    room = await Newsroom(sqlite_store).open()
    await room.add_article("Huawei opens a plant in Hungary", ago=3 * HOUR)
    return room


async def articles_in(newsroom: Newsroom, line: str, **more: str) -> int:
    """Run a command, and return how many articles its answer counts."""
    answer = await newsroom.ask(line, **more)
    if isinstance(answer, Trend):
        return sum(answer.chart.series[0][1])
    if isinstance(answer, Listing):
        return len(answer.rows) + answer.more
    return answer.articles if isinstance(answer, Brief) else 0


@pytest.mark.parametrize("line", QUESTIONS)
async def test_the_answer_stays_the_same_until_a_new_article_arrives(newsroom: Newsroom, line: str) -> None:
    first, second = await newsroom.ask(line, user="U1"), await newsroom.ask(line, user="U2")
    before = await articles_in(newsroom, line)

    await newsroom.add_article("Berlin weighs a ban of Huawei parts")

    assert first == second and before == 1
    assert await articles_in(newsroom, line) == 2


@pytest.mark.parametrize("line", QUESTIONS)
async def test_an_article_received_just_after_the_question_is_in_the_next_answer(newsroom: Newsroom, line: str) -> None:
    # It is stored when the question is answered, but it was received after the time of the question.
    await newsroom.add_article("Berlin weighs a ban of Huawei parts", ago=-timedelta(seconds=2))
    before = await articles_in(newsroom, line)

    newsroom.later(timedelta(seconds=3))

    assert (before, await articles_in(newsroom, line)) == (1, 2)


@pytest.mark.parametrize("line", QUESTIONS)
async def test_an_edited_topic_gets_a_new_answer(newsroom: Newsroom, line: str) -> None:
    await newsroom.add_article("A chip maker in Ohio grows", ago=HOUR)
    await newsroom.ask("/topics add chips = chip")
    before = await articles_in(newsroom, line.replace("huawei", "chips"))

    await newsroom.ask("/topics edit chips = chip OR plant")

    assert before == 1
    assert await articles_in(newsroom, line.replace("huawei", "chips")) == 2


@pytest.mark.parametrize("line", QUESTIONS)
async def test_a_workspace_never_gets_the_cached_answer_of_another(newsroom: Newsroom, line: str) -> None:
    acme = await newsroom.workspace("acme")
    await newsroom.add_article(
        "Huawei is our customer", workspace_id=acme.id, source_url="https://acme.example/feed", ago=HOUR
    )

    own, other = await articles_in(newsroom, line), await articles_in(newsroom, line, workspace="other")

    assert (own, other) == (2, 1)


async def test_new_stories_are_counted_for_each_reader_though_the_brief_is_cached(newsroom: Newsroom) -> None:
    await newsroom.ask("/brief huawei", user="U1")
    newsroom.later(HOUR)
    await newsroom.add_article("Berlin weighs a ban of Huawei parts")

    second_brief, first_brief = [await newsroom.ask("/brief huawei", user=user) for user in ("U1", "U2")]

    assert isinstance(second_brief, Brief) and isinstance(first_brief, Brief)
    assert (second_brief.fresh, first_brief.fresh) == (1, None)


async def test_the_buttons_of_a_cached_answer_work(newsroom: Newsroom) -> None:
    first = await newsroom.ask("/brief huawei", user="U1")
    cached = await newsroom.ask("/brief huawei", user="U2")

    shared = await newsroom.click(button(cached, "Share"), user="U2")

    assert isinstance(first, Brief) and isinstance(shared.answer, Brief)
    assert shared.public and shared.answer.stories == first.stories
