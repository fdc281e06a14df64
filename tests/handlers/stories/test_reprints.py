"""Reports that several publishers print with the same text are found within a batch."""

import pytest

from handlers.stories.reprints import Report, reprints

TEXT = (
    "The ministry of trade said on Tuesday that exporters of machine tools need a licence from next month. Companies "
    "that ship to the listed buyers must apply in writing, and the office in Lund answers within thirty days."
)
CHANGED = TEXT.replace("on Tuesday", "yesterday").replace("thirty", "30") + " Shares of two makers fell."
OTHER = (
    "Fishermen along the northern coast found the harbour closed after a storm moved sand across its entrance. Divers "
    "and a dredger from the capital are to clear the channel before the herring season begins in three weeks."
)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([("A", TEXT), ("B", TEXT), ("C", CHANGED)], [0, 0, 0]),
        ([("A", OTHER), ("B", TEXT), ("C", TEXT)], [None, 1, 1]),
        ([("A", TEXT), ("A", TEXT)], [None, None]),
        ([("", TEXT), ("", TEXT), ("B", TEXT)], [None, None, None]),
        ([("A", TEXT), ("B", OTHER)], [None, None]),
        ([("A", "Read more at our site."), ("B", "Read more at our site.")], [None, None]),
        ([], []),
    ],
)
def test_reports_of_several_publishers_with_one_text_are_one(
    reports: list[tuple[str, str]], expected: list[int | None]
) -> None:
    assert reprints([Report(*report) for report in reports]) == expected
