"""Headlines that differ in counters, punctuation or a correction are the same."""

import pytest

from handlers.stories.same_headline import is_close_headline, is_same_headline


@pytest.mark.parametrize(
    ("one", "other", "same", "close"),
    [
        ("Zorvex closes works [7 votes]", "Zorvex closes works [14 votes]", True, True),
        ("Zorvex closes “works”", "Zorvex closes works", True, True),
        ("Zorvex closes works", "ZORVEX closes works", False, True),
        ("Huawei & ZTE *sued* in Texas", "Huawei and ZTE sued in Texas", False, True),
        ("Zorvex Router 3.1 released", "Zorvex Router 3.2 released", False, False),
        ("12 dead as ferry sinks", "15 dead as ferry sinks", False, False),
        ("Zorvex closes works", "Union in shock", False, False),
        ("Zorvex alert: flood in the valley of Nord", "Zorvex alert: flood in the valley of Sund", False, False),
        ("Zorvex alert: flod in the valley of Nord", "Zorvex alert: flood in the valley of Nord", False, True),
        ("华为签署合同", "华为签署合同", True, True),
    ],
)
def test_a_correction_leaves_a_headline_close(one: str, other: str, same: bool, close: bool) -> None:
    assert is_same_headline(one, other) is same
    assert is_close_headline(one, other) is close
