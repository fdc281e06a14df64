"""Two articles of a story are explained by the words that they have in common."""

import pytest

from handlers.stories.common_words import common_words

CASES = [
    (
        ("Zorvex closes works in Nord", "The board said that 300 jobs move to the coast."),
        ("Union shocked by Zorvex closure in Nord", "Some 300 jobs go, the board said on Tuesday."),
        ("Zorvex", "Nord", "300", "board"),
    ),
    (
        ("Huawei's new network", "It opens in Bavaria."),
        ("Bavaria gets networks by Huawei", ""),
        ("Huawei", "network", "Bavaria"),
    ),
    (("Rain in Spain", "Wet."), ("Zorvex closes works", "300 jobs go."), ()),
    (("华为关闭工厂", ""), ("华为在瑞典关闭工厂", ""), ("华为", "关闭", "工厂")),
    (("", ""), ("", ""), ()),
]


@pytest.mark.parametrize(("one", "other", "words"), CASES)
def test_shared_words_are_named_best_first(
    one: tuple[str, str], other: tuple[str, str], words: tuple[str, ...]
) -> None:
    found = common_words(one, other, limit=9)

    assert set(words) <= set(found)
    assert found[:1] == words[:1]


def test_at_most_so_many_words_are_named() -> None:
    text = "Alpha Beta Gamma Delta Epsilon Zeta"

    assert len(common_words((text, ""), (text, ""), limit=3)) == 3
