"""OpenDocument texts: what a reader sees is read, once, in order, and nothing else."""

import pytest

from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document
from tests.support.office import opendocument_of

TITLE = "<text:p>The ministry widens its list</text:p>"


def read(body: bytes) -> ArticleDraft:
    (draft,) = read_document(body, content_type=None, name="a.odt")
    assert isinstance(draft, ArticleDraft)
    return draft


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        pytest.param(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>cleared</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:p>The firm was "
            "<text:change-start/>fined<text:change-end/>.</text:p>",
            "The firm was fined.",
            id="tracked changes",
        ),
        pytest.param(
            '<text:p>The<text:s text:c="2"/>list<text:tab/>of<text:line-break/>Iran\n and Cuba</text:p>',
            "The list of\n\nIran and Cuba",
            id="blanks and breaks",
        ),
        pytest.param(
            "<text:p>The sanctions<text:note><text:note-citation>7</text:note-citation><text:note-body><text:p>See the "
            "annex.</text:p></text:note-body></text:note> stay.</text:p>",
            "The sanctions stay.\n\n[7] See the annex.",
            id="a note",
        ),
        pytest.param(
            "<text:p>政府は<text:ruby><text:ruby-base>制裁</text:ruby-base><text:ruby-text>せいさい</text:ruby-text>"
            "</text:ruby></text:p>",
            "政府は制裁",
            id="furigana",
        ),
        pytest.param(
            '<text:p>Seen<text:span text:style-name="h"> unseen</text:span></text:p>', "Seen", id="hidden text"
        ),
        pytest.param(
            "<text:p>Before. <draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box></draw:frame>After."
            "<office:annotation><text:p>A comment</text:p></office:annotation></text:p>",
            "Before. After.\n\nIn the box",
            id="a box and a comment",
        ),
        pytest.param(
            "<table:table><table:table-row><table:table-cell><text:p>Norvane</text:p></table:table-cell>"
            "<table:table-cell><text:p>Northport</text:p></table:table-cell></table:table-row></table:table>",
            "Norvane | Northport",
            id="a table",
        ),
    ],
)
def test_what_a_reader_sees_is_read(xml: str, text: str) -> None:
    styles = '<style:style style:name="h"><style:text-properties text:display="none"/></style:style>'

    assert read(opendocument_of(TITLE + xml, styles=styles)).text == text
