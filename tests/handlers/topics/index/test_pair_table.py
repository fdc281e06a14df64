"""Pairs of adjacent words, looked up by both."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.topics.index.pair_table import PairTable

LEAF = st.integers(1, 40)
CHANGES = st.lists(st.tuples(LEAF, LEAF, st.booleans()), max_size=3_000)


@settings(max_examples=30, deadline=None)
@given(CHANGES)
def test_a_pair_is_found_until_it_is_removed(changes: list[tuple[int, int, bool]]) -> None:
    table = PairTable()
    added: dict[tuple[int, int, bool], int] = {}
    for number, pair in enumerate(changes, 1):
        if pair in added:
            table.remove(*pair)
            del added[pair]
        else:
            table.put(*pair, number)
            added[pair] = number

    for first in range(1, 41):
        for second in range(1, 41):
            wanted = added.get((first, second, True), 0) << 32 | added.get((first, second, False), 0)
            assert table.find(first << 32 | second) == wanted
