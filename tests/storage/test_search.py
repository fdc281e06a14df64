"""The full-text index: every article that could satisfy a query is a candidate, on both databases."""

from datetime import datetime, timedelta

import pytest

from storage.indexed_words import LAST_POSITION, POSITIONS_OF_WORD, VECTOR_BYTES, vector
from storage.records import SHARED
from storage.store import Store, Tx
from tests.support.stores import make_article, make_workspace

DAY = timedelta(days=1)

WORDS = {
    "plain": "huawei opens a plant in dresden",
    "plus": "c++ and c# are languages",
    "chinese": "华为 在 德国 建厂",
    "arabic": "هواوي تفتتح مصنعا",
    "marks": "हुआवेई ने कारखाना खोला",
    "quotes": 'it\'s "quoted" back\\slash 50% a_b *star* (x) col:on',
    "reversed": "plant a opens huawei",
    "emoji": "🚀 launch",
}


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ([["huawei"]], {"plain", "reversed"}),
        ([["huawei"], ["dresden"]], {"plain"}),
        ([["huawei"], ["berlin", "dresden"]], {"plain"}),
        ([["huawei"], ["berlin"]], set()),
        ([["opens a plant"]], {"plain"}),
        ([["plant a", "c#"]], {"plus", "reversed"}),
        ([["dres…"]], {"plain"}),
        ([["languag…", "华…"]], {"plus", "chinese"}),
        ([["c++"]], {"plus"}),
        ([["c"]], set()),
        ([["华为"]], {"chinese"}),
        ([["华为 在"]], {"chinese"}),
        ([["هواوي"]], {"arabic"}),
        ([["हुआवेई"], ["कारखाना"]], {"marks"}),
        ([["हुआवई"]], set()),
        ([['it\'s "quoted"']], {"quotes"}),
        ([["back\\slash"]], {"quotes"}),
        ([["50%"], ["a_b"], ["*star*"], ["(x)"], ["col:on"]], {"quotes"}),
        ([["*"]], set()),
        ([["huawei' | 'x"]], set()),
        ([['x" OR "huawei']], set()),
        ([["🚀"]], {"emoji"}),
        ([[]], set()),
        ([["huawei"], []], set()),
        ([["huawei", " "]], {"plain", "reversed"}),
        ([], set(WORDS)),
    ],
)
async def test_a_candidate_has_a_term_of_every_group(
    store: Store, now: datetime, groups: list[list[str]], found: set[str]
) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        ids = {}
        for name, words in WORDS.items():
            article = await make_article(tx, now, name)
            await tx.search.put(article.id, words)
            ids[article.id] = name

        candidates = await tx.search.candidates(groups, home.id, since=now - DAY, limit=99)

    assert {ids[id] for id in candidates} == found


async def _three(tx: Tx, now: datetime) -> tuple[int, list[int]]:
    home = await make_workspace(tx, now)
    made = [await make_article(tx, now, f"Huawei {days}", received_at=now - days * DAY) for days in (3, 2, 1)]
    return home.id, [article.id for article in made]


@pytest.mark.parametrize("groups", [[["huawei"]], []])
async def test_candidates_of_the_period_come_newest_first(store: Store, now: datetime, groups: list[list[str]]) -> None:
    async with store.begin() as tx:
        home, (oldest, middle, newest) = await _three(tx, now)
        find = tx.search.candidates

        assert await find(groups, home, since=None, limit=9) == (newest, middle, oldest)
        assert await find(groups, home, since=None, limit=2) == (newest, middle)
        assert await find(groups, home, since=now - 2 * DAY, limit=9) == (newest, middle)
        assert await find(groups, home, since=now - 3 * DAY, until=now - DAY, limit=9) == (middle, oldest)
        assert await find(groups, home, since=now + DAY, limit=9) == ()


@pytest.mark.parametrize("groups", [[["huawei"]], []])
async def test_a_sample_is_every_nth_from_the_newest(store: Store, now: datetime, groups: list[list[str]]) -> None:
    async with store.begin() as tx:
        home, (oldest, middle, newest) = await _three(tx, now)
        theirs = await make_workspace(tx, now, "theirs")
        await make_article(tx, now, "Huawei private", workspace_id=theirs.id, received_at=now - DAY)
        since = now - 9 * DAY

        assert await tx.search.sample(groups, home, most=9, since=since, until=now) == ((newest, middle, oldest), 1)
        assert await tx.search.sample(groups, home, most=2, since=since, until=now) == ((newest, oldest), 2)
        assert await tx.search.sample(groups, home, most=1, since=since, until=now) == ((newest,), 3)
        assert await tx.search.sample(groups, home, most=1, since=now, until=now + DAY) == ((), 1)


async def test_candidates_of_excluded_groups_are_left_out(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        ids = [await _put(tx, now, words) for words in ("huawei sues", "huawei opens a plant", "zte opens a plant")]

        async def find(groups: list[list[str]], excluded: list[list[str]]) -> tuple[int, ...]:
            return await tx.search.candidates_except(groups, excluded, home.id, since=None, limit=9)

        assert await find([["huawei"]], [["huawei"], ["plant"]]) == (ids[0],)
        assert await find([["opens a plant"]], [["huawei"], ["opens a plant"]]) == (ids[2],)
        assert await find([["huawei", "zte"]], []) == (ids[2], ids[1], ids[0])
        assert await find([["huawei"]], [["huawei"]]) == ()


async def _put(tx: Tx, now: datetime, words: str) -> int:
    article = await make_article(tx, now, words)
    await tx.search.put(article.id, words)
    return article.id


async def test_no_workspace_finds_private_articles_of_another(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        shared = await make_article(tx, now, "Huawei shared", workspace_id=SHARED)
        private = await make_article(tx, now, "Huawei private", workspace_id=theirs.id)

        assert await tx.search.candidates([["huawei"]], mine.id, since=None, limit=9) == (shared.id,)
        assert await tx.search.candidates([["huawei"]], theirs.id, since=None, limit=9) == (private.id, shared.id)
        assert await tx.search.candidates([["huawei"]], SHARED, since=None, limit=9) == (shared.id,)


async def test_new_words_replace_the_old_ones(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        article = await make_article(tx, now, "Huawei")
        await tx.search.put(article.id, "zte opens")

        assert await tx.search.candidates([["huawei"]], home.id, since=None, limit=9) == ()
        assert await tx.search.candidates([["zte opens"]], home.id, since=None, limit=9) == (article.id,)


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("filler " * (LAST_POSITION + 10) + "late words", [["late words"]]),
        ("the bank " * (POSITIONS_OF_WORD + 5) + "the end", [["the end"]]),
        (" ".join(f"word{number}" for number in range(VECTOR_BYTES // 10)) + " last", [["last"], ["word1"]]),
        ("x" * 5000, [["x" * 5000]]),
    ],
    ids=["beyond the last position", "one word too often", "too many words", "a long word"],
)
async def test_a_text_beyond_the_limits_of_the_index_is_still_a_candidate(
    store: Store, now: datetime, words: str, groups: list[list[str]]
) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        article = await make_article(tx, now, "Long")
        await tx.search.put(article.id, words)

        assert await tx.search.candidates(groups, home.id, since=None, limit=9) == (article.id,)
        if "last" not in words:
            assert await tx.search.candidates([["absent"]], home.id, since=None, limit=9) == ()


def test_a_text_within_the_limits_has_no_marks() -> None:
    assert vector("it's a plant, a \\ plant") == "'it''s':1 'a':2,4 'plant,':3 '\\\\':5 'plant':6"


async def test_a_deleted_workspace_leaves_nothing_in_the_index(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        await make_article(tx, now, "Huawei private", workspace_id=home.id)
        await tx.workspaces.remove(home.id)

        assert await tx.search.candidates([["huawei"]], home.id, since=None, limit=9) == ()
        again = await make_article(tx, now, "ZTE")
        assert await tx.search.candidates([["zte"]], home.id, since=None, limit=9) == (again.id,)
