"""Pages of a PDF that could not be read are named, with the reason."""

import pytest

from handlers.drafts import ArticleDraft, FailedDraft
from handlers.sources.documents.document import read_document
from handlers.sources.documents.pdf.page import Page
from handlers.sources.documents.pdf.unread import unread_reason
from tests.support.pdf import pdf_of

TEXT = [(11.0, "The ministry said on Tuesday that the operators must replace their equipment.")]


def page(number: int, *, is_picture: bool = False, is_plausible: bool = True) -> Page:
    return Page(number=number, width=595, height=842, is_picture=is_picture, is_plausible=is_plausible)


@pytest.mark.parametrize(
    ("pages", "count", "reason"),
    [
        ([page(1), page(2)], 2, None),
        ([page(1), page(2, is_picture=True)], 2, "Page 2 is a picture without text, such as a scan, and was not read."),
        (
            [page(1, is_plausible=False), page(2), page(3, is_plausible=False), page(4, is_plausible=False)],
            4,
            "Pages 1 and 3 to 4 are in fonts that do not name their letters, and were not read.",
        ),
        ([page(1)], 230, "Pages 2 to 230 are beyond what is read of one document, and were not read."),
    ],
)
def test_pages_that_were_not_read_are_named_with_the_reason(pages: list[Page], count: int, reason: str | None) -> None:
    assert unread_reason(pages, count) == reason


def test_a_document_with_more_pages_than_are_read_says_so() -> None:
    article, failed = read_document(pdf_of(*[TEXT] * 203), content_type=None, name="long.pdf")

    assert isinstance(article, ArticleDraft)
    assert isinstance(failed, FailedDraft)
    assert failed.reason == "Pages 201 to 203 are beyond what is read of one document, and were not read."


def test_a_scanned_page_among_others_is_named() -> None:
    body = pdf_of(TEXT, [(11.0, "")], TEXT, picture_on=1)

    article, failed = read_document(body, content_type=None, name="scan.pdf")

    assert isinstance(article, ArticleDraft)
    assert isinstance(failed, FailedDraft)
    assert failed.reason == "Page 2 is a picture without text, such as a scan, and was not read."
