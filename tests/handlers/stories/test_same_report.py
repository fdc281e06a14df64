"""Strict grouping joins copies and reports under the same headline, and nothing else."""

import pytest

from handlers.stories.features import encode_features
from handlers.stories.same_report import ReportedArticle, is_same_report
from tests.support.world import FLOOD, HUAWEI, HUAWEI_ELSEWHERE

TITLE = "MTS and Huawei agree to build 5G in Russia"


def article(title: str, text: str, publisher: str = "Example Wire") -> ReportedArticle:
    return ReportedArticle(title, publisher, encode_features(title, text, "en"))


CASES = [
    ("a copy under another headline", article("Moscow signs", f"{HUAWEI} Ends.", "Sample Post"), True),
    ("the same headline elsewhere", article(f"{TITLE} - Sample Post", HUAWEI_ELSEWHERE, "Sample Post"), True),
    ("an update of the same report", article(f"UPDATE 1-{TITLE}", HUAWEI_ELSEWHERE), True),
    ("another report of the event", article("Huawei to build 5G with MTS", HUAWEI_ELSEWHERE, "Sample Post"), False),
    ("the next issue of a series", article(TITLE, FLOOD), False),
]


@pytest.mark.parametrize(("other", "same"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_report(other: ReportedArticle, same: bool) -> None:
    assert is_same_report(article(TITLE, HUAWEI), other) is same
    assert is_same_report(other, article(TITLE, HUAWEI)) is same
