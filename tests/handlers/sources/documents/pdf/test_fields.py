"""What people have filled into the fields of a PDF form is part of its text."""

from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document
from tests.support.pdf import pdf_of

FORM = [(16.0, "Application for an export licence"), (11.0, ""), (11.0, "Name of the firm:"), (11.0, "Country:")]


def test_a_filled_field_follows_its_label() -> None:
    body = pdf_of(FORM, fields=[("Norvane Steel", 724.9), ("Ruritania", 710.6)])

    (draft,) = read_document(body, content_type=None, name="a.pdf")

    assert isinstance(draft, ArticleDraft)
    assert draft.text.split("\n\n") == ["Name of the firm: Norvane Steel", "Country: Ruritania"]
