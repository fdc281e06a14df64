"""PDFs: the article and its pages, and the reasons for refusing some."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document
from handlers.sources.documents.pdf.process import end_workers
from tests.support.pdf import pdf_of

FIRST = [
    (9.0, "Example Gazette   No. 12"),
    (22.0, "Operators must replace the"),
    (22.0, "equipment within three years"),
    (10.0, "By Jane Sample"),
    (10.0, "5 June 2024"),
    (11.0, "The ministry said on Tuesday that the three operators must replace the equip-"),
    (11.0, "ment of two suppliers within three years, and that they will have to pay for it"),
    (11.0, "themselves. Long-term contracts end early."),
    (11.0, "Two of the three operators had asked for more time and wrote a letter in which"),
    (9.0, "1"),
]
SECOND = [
    (9.0, "Example Gazette   No. 12"),
    (11.0, "they explained that long-term contracts with the makers of the equipment, and"),
    (11.0, "with those that keep it running, cannot be ended so soon."),
    (11.0, "Huawei declined to comment."),
    (9.0, "2"),
]


def read(body: bytes) -> ArticleDraft:
    (draft,) = read_document(body, content_type="application/pdf", name="a.pdf")
    assert isinstance(draft, ArticleDraft)
    return draft


def test_a_pdf_gives_an_article_and_the_page_of_each_paragraph() -> None:
    draft = read(pdf_of(FIRST, SECOND, title="Microsoft Word - draft7.doc"))

    assert draft.title == "Operators must replace the equipment within three years"
    assert draft.author == "Jane Sample"
    assert draft.text.split("\n\n") == [
        "The ministry said on Tuesday that the three operators must replace the equipment of two suppliers within "
        "three years, and that they will have to pay for it themselves. Long-term contracts end early.",
        "Two of the three operators had asked for more time and wrote a letter in which they explained that long-term "
        "contracts with the makers of the equipment, and with those that keep it running, cannot be ended so soon.",
        "Huawei declined to comment.",
    ]
    assert draft.pages == (1, 1, 2)


def test_the_page_of_any_position_in_the_text_is_known() -> None:
    draft = read(pdf_of(FIRST, SECOND))

    assert draft.page_at(draft.text.index("two suppliers")) == 1
    assert draft.page_at(draft.text.index("Huawei")) == 2


def test_a_document_without_pages_has_no_page_numbers() -> None:
    (draft,) = read_document(b"A headline\n\nAnd its text.", content_type=None, name="a.txt")

    assert isinstance(draft, ArticleDraft)
    assert draft.page_at(0) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(pdf_of([(11.0, "")]), "a scan", id="no text"),
        pytest.param(b"%PDF-1.7\n" + b"1 0 obj << garbage", "damaged", id="damaged"),
        pytest.param(
            pdf_of([(11.0, "Secret words")]).replace(
                b"/Root 1 0 R",
                b"/Root 1 0 R /ID [(0123456789abcdef) (0123456789abcdef)] "
                b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O (%s) /U (%s) >>"
                % (b"x" * 32, b"y" * 32),
            ),
            "password",
            id="locked",
        ),
    ],
)
def test_a_pdf_without_readable_text_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_document(body, content_type=None, name="a.pdf")


def test_a_bot_that_stops_does_not_wait_for_a_pdf() -> None:
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read, pdf_of(*[FIRST] * 150))
        while not end_workers() and not reading.done():
            time.sleep(0.001)

        with pytest.raises(UnreadableDocument, match="takes too long"):
            reading.result()
    assert end_workers() == 0
