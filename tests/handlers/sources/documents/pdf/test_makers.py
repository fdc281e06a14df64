"""PDFs that programs have printed from tests/pdf_makers: every word comes back, in order, and nothing else."""

from pathlib import Path

import pytest

from benchmarks.pdf_documents import FEATURES, expected, score
from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document

PRINTED = sorted((Path(__file__).parent / "data" / "makers").glob("*.pdf"))
LOST = {"weasyprint-hi": 0.06}
"""Share of the words that cannot be right, because the file names the wrong letters."""


def read(path: Path) -> ArticleDraft:
    (draft,) = read_document(path.read_bytes(), content_type="application/pdf", name=path.name)
    assert isinstance(draft, ArticleDraft)
    return draft


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.stem)
def test_each_word_of_a_printed_document_is_read_in_its_order_and_none_is_invented(path: Path) -> None:
    draft = read(path)

    in_order, invented = score(expected(path.stem.rpartition("-")[2]), f"{draft.title}\n{draft.text}")

    assert in_order >= 1 - LOST.get(path.stem, 0.0)
    assert invented <= LOST.get(path.stem, 0.0)


@pytest.mark.parametrize("path", [path for path in PRINTED if FEATURES in path.stem], ids=lambda path: path.stem)
def test_paragraphs_lists_and_notes_are_as_on_the_page(path: Path) -> None:
    draft = read(path)
    paragraphs = draft.text.split("\n\n")

    assert draft.title.upper() == "HUAWEI SANCTIONS"
    assert paragraphs[0].startswith("Norvane Steel was put on the list")
    assert any("holds 30 km² of land." in paragraph for paragraph in paragraphs)
    assert [paragraph for paragraph in paragraphs if paragraph.startswith("Nationality")] == [
        "Nationality: Ruritania"
    ] * 4
    assert paragraphs[-2:] == ["[1] See the annex of the decision.", "[2] The bank said so in its note."]
    assert not any(word in draft.text for word in ("Gazette", "Page", "embargo", "spyware", "tariff", "quota"))
