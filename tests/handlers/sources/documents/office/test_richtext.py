"""Rich Text Format: what a reader sees is read, once, in order, and nothing else."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document

HEAD = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}}{\info{\author Jane Sample}}"


def read(body: str) -> ArticleDraft:
    (draft,) = read_document((HEAD + body + "}").encode("latin-1"), content_type=None, name="a.rtf")
    assert isinstance(draft, ArticleDraft)
    return draft


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        pytest.param(r"The firm was {\deleted cleared}{\revised fined}.", "The firm was fined.", id="tracked changes"),
        pytest.param(r"Caf\'e9 \u8364?\~5 {\f1 \'f1\'e0\'ed\'ea\'f6\'e8\'e8}", "Café € 5 санкции", id="characters"),
        pytest.param(r"Seen{\v  unseen}{\*\unknown dropped}", "Seen", id="hidden text and unknown groups"),
        pytest.param(
            r"The list\chftn{\footnote See the annex.} stays.", "The list stays.\n\n[1] See the annex.", id="a note"
        ),
        pytest.param(
            r"See {\field{\*\fldinst HYPERLINK x}{\fldrslt the list}}{\header A head}.",
            "See the list.",
            id="fields and heads",
        ),
        pytest.param(
            r"\pard\intbl Norvane\cell Northport\cell\row\pard After.\par",
            "Norvane | Northport\n\nAfter.",
            id="a table",
        ),
        pytest.param(
            r"Before. {\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt In the box\par}}}After.",
            "Before. After.\n\nIn the box",
            id="a text box",
        ),
        pytest.param(r"{\pict\pngblip 89504e47}Text \emdash  and sanc\-tions", "Text — and sanctions", id="a picture"),
    ],
)
def test_what_a_reader_sees_is_read(rtf: str, text: str) -> None:
    draft = read(rf"\pard The ministry widens its list\par {rtf}\par")

    assert (draft.title, draft.text) == ("The ministry widens its list", text)
    assert draft.author == "Jane Sample"


def test_groups_without_end_are_bounded() -> None:
    assert read(r"\pard The ministry widens its list\par" + "{" * 5_000).title == "The ministry widens its list"


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(UnreadableDocument):
        read("")
