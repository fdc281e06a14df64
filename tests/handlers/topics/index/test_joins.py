"""Places and how they are joined, held against all pairs of them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.topics.index.joins import Joiner
from handlers.topics.index.places import NOWHERE, Cover, Places, common, in_a_row, of_length, outside, union
from handlers.topics.query.lexer import NEAR_MOST, SPAN_MOST

Run = tuple[int, int]
TEXT = 1_400
"""Words, more than twice the longest run."""
SLOW = settings(max_examples=100, deadline=None)

DENSE = st.tuples(st.integers(0, 40), st.integers(1, 4))
SPARSE = st.tuples(
    st.integers(0, TEXT - 700), st.one_of(st.integers(1, 3), st.integers(60, 130), st.integers(500, 700))
)
RUNS = st.one_of(
    st.sets(st.integers(0, 60).map(lambda first: (first, first + 1)), max_size=30),
    st.sets(DENSE.map(lambda run: (run[0], run[0] + run[1])), max_size=30),
    st.sets(SPARSE.map(lambda run: (run[0], run[0] + run[1])), max_size=15),
)
WORDS = st.sampled_from([0, 1, 3, 63, 64, NEAR_MOST])


def places(runs: set[Run]) -> Places:
    found = NOWHERE
    for first, past in sorted(runs):
        found = union(found, of_length([first], past - first))
    return found


def pairs(left: set[Run], right: set[Run], words: int, ordered: bool) -> list[tuple[Run, Run]]:
    behind = [(a, b) for a in left for b in right if 0 <= b[0] - a[1] <= words]
    before = [(a, b) for a in left for b in right if 0 <= a[0] - b[1] <= words]
    return behind if ordered else behind + before


def run_of(pair: tuple[Run, Run]) -> Run:
    return min(pair[0][0], pair[1][0]), max(pair[0][1], pair[1][1])


@SLOW
@given(RUNS, RUNS)
def test_what_two_have_in_common_or_not_is_what_sets_have(one: set[Run], other: set[Run]) -> None:
    ours, theirs = places(one), places(other)

    assert ours.listed() == sorted(one)
    assert ours.numbered() == len(one)
    assert ours.numbered(20) == sum(first >= 20 for first, _ in one)
    assert ours.longest() == max((past - first for first, past in one), default=ours.longest())
    assert union(ours, theirs).listed() == sorted(one | other)
    assert union(ours, theirs, 7).listed() == sorted(one | {(first + 7, past + 7) for first, past in other})
    assert common(ours, theirs).listed() == sorted(one & other)
    apart = {run for run in one if not any(run[0] < taken[1] and taken[0] < run[1] for taken in other)}
    assert outside(ours, theirs).listed() == sorted(apart)


@SLOW
@given(RUNS, RUNS, WORDS, st.booleans(), st.data())
def test_what_stands_near_is_what_all_pairs_give(
    left: set[Run], right: set[Run], words: int, ordered: bool, data: st.DataObject
) -> None:
    ours, theirs = places(left), places(right)
    joiner = Joiner(TEXT + NEAR_MOST)
    every = pairs(left, right, words, ordered)
    runs = sorted({run for run in map(run_of, every) if run[1] - run[0] <= SPAN_MOST})

    assert joiner.is_near(ours, theirs, words, ordered) == bool(every)
    lefts, rights = joiner.partners(ours, theirs, words, ordered)
    assert lefts.listed() == sorted({one for one, _ in every})
    assert rights.listed() == sorted({other for _, other in every})
    assert joiner.runs(ours, theirs, words, ordered).listed() == runs

    some = data.draw(st.sets(st.sampled_from(runs))) if runs else set()
    of = [pair for pair in every if run_of(pair) in some]
    lefts, rights = joiner.sides(ours, theirs, words, ordered, places(some))
    assert lefts.listed() == sorted({one for one, _ in of})
    assert rights.listed() == sorted({other for _, other in of})


@SLOW
@given(RUNS, RUNS, WORDS, st.booleans(), st.integers(1, 5))
def test_the_first_runs_are_those_of_the_first_words(
    left: set[Run], right: set[Run], words: int, ordered: bool, most: int
) -> None:
    joiner = Joiner(TEXT + NEAR_MOST)
    runs = joiner.runs(places(left), places(right), words, ordered).listed()
    firsts = sorted({first for first, _ in runs})[:most]

    some = joiner.runs(places(left), places(right), words, ordered, most).listed()

    assert [run for run in some if run[0] in firsts] == [run for run in runs if run[0] in firsts]


@SLOW
@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abc*"), min_size=1, max_size=4))
def test_words_in_a_row_are_found_wherever_they_stand(text: list[str], phrase: list[str]) -> None:
    wanted = [(offset, word) for offset, word in enumerate(phrase) if word != "*"]
    rows = [of_length([at for at, word in enumerate(text) if word == one], 1) for _, one in wanted]
    last = len(text) - len(phrase)
    expected = [
        (first, first + len(phrase))
        for first in range(last + 1)
        if all(text[first + offset] == word for offset, word in wanted)
    ]

    if wanted:
        assert in_a_row(rows, [offset for offset, _ in wanted], len(phrase), len(text)).listed() == expected


@SLOW
@given(st.lists(RUNS, max_size=3))
def test_runs_that_share_a_word_are_made_one(several: list[set[Run]]) -> None:
    cover = Cover()
    for _ in range(2):  # it is used again for the next query
        cover.begin(TEXT)
        for runs in several:
            cover.add(places(runs))

        covered: list[Run] = []
        for first, past in sorted(set().union(*several)):
            if covered and first < covered[-1][1]:
                covered[-1] = (covered[-1][0], max(past, covered[-1][1]))
            else:
                covered.append((first, past))
        assert cover.runs() == covered
