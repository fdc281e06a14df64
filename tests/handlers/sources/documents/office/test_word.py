"""Word documents: what a reader sees is read, once, in order, and nothing else."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, FailedDraft
from handlers.sources.documents.document import read_document
from tests.support.office import archive_of, word_of

FIELD = '<w:r><w:fldChar w:fldCharType="{0}"/></w:r>'
LEVEL = '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/><w:lvlText w:val="{2}"/></w:lvl>'
ENTITIES = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + LEVEL.format(0, "decimal", "%1.")
    + LEVEL.format(1, "lowerLetter", "%1.%2)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + LEVEL.format(0, "bullet", "•")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def p(*runs: str, properties: str = "") -> str:
    """Return a paragraph. A run that is not XML is a text."""
    inner = "".join(run if run.startswith("<") else t(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def t(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, id: int, level: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{id}"/></w:numPr>')


def read(body: bytes) -> ArticleDraft:
    (draft,) = read_document(body, content_type=None, name="a.docx")
    assert isinstance(draft, ArticleDraft)
    return draft


TITLE = p("The ministry widens its list")


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        pytest.param(
            p(
                "The firm was ",
                "<w:del><w:r><w:delText>cleared</w:delText></w:r></w:del>",
                f"<w:ins>{t('fined')}</w:ins>",
                ".",
            ),
            "The firm was fined.",
            id="tracked changes",
        ),
        pytest.param(
            p("Gone: ", f"<w:moveFrom>{t('the clause')}</w:moveFrom>", "end.")
            + p("Here: ", f"<w:moveTo>{t('the clause')}</w:moveTo>", "."),
            "Gone: end.\n\nHere: the clause.",
            id="moved text once",
        ),
        pytest.param(
            p("First half", properties="<w:rPr><w:del/></w:rPr>") + p(" and the second."),
            "First half and the second.",
            id="a deleted end of a paragraph",
        ),
        pytest.param(
            p("Seen", t(" unseen", "<w:vanish/>"), t(" too", '<w:vanish w:val="0"/>')), "Seen too", id="hidden text"
        ),
        pytest.param(
            p("H", properties='<w:framePr w:dropCap="drop"/>') + p("arbour works stopped."),
            "Harbour works stopped.",
            id="a drop cap",
        ),
        pytest.param(
            p(
                "政府は",
                "<w:r><w:ruby><w:rt><w:r><w:t>せいさい</w:t></w:r></w:rt><w:rubyBase>"
                + t("制裁")
                + "</w:rubyBase></w:ruby></w:r>",
            ),
            "政府は制裁",
            id="furigana",
        ),
        pytest.param(
            p(
                FIELD.format("begin"),
                r"<w:r><w:instrText>EQ \o\ad(\s\up 10(せい),制)</w:instrText></w:r>",
                FIELD.format("end"),
                "裁",
            ),
            "制裁",
            id="furigana of old programs",
        ),
        pytest.param(
            p("See ", FIELD.format("begin"), "<w:r><w:instrText> REF a </w:instrText></w:r>", FIELD.format("separate"))
            + p("the list", FIELD.format("end"), f'<w:fldSimple w:instr="PAGE">{t(" on 3")}</w:fldSimple>'),
            "See\n\nthe list on 3",
            id="fields",
        ),
        pytest.param(
            p(
                "A",
                "<w:r><w:noBreakHyphen/></w:r>",
                "B sanc",
                "<w:r><w:softHyphen/></w:r>",
                "tions 5",
                '<w:r><w:sym w:font="Symbol" w:char="F0B0"/></w:r>',
                "C",
            ),
            "A-B sanctions 5°C",
            id="hyphens and symbols",
        ),
        pytest.param(
            p("Iran", "<w:r><w:br/></w:r>", "Cuba", "<w:r><w:cr/></w:r>", "and more"),
            "Iran\n\nCuba and more",
            id="breaks",
        ),
        pytest.param(
            p(
                f"<w:smartTag>{t('Goods')}</w:smartTag>",
                f"<w:bdo>{t(' from')}</w:bdo>",
                f"<w:sdt><w:sdtContent>{t(' China')}</w:sdtContent></w:sdt>",
            ),
            "Goods from China",
            id="wrapped text",
        ),
        pytest.param(
            p(
                "Before. ",
                "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>"
                + p("In the box")
                + "</w:txbxContent></w:drawing></mc:Choice>"
                "<mc:Fallback><w:pict><v:textbox><w:txbxContent>"
                + p("In the box")
                + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
                "After.",
            ),
            "Before. After.\n\nIn the box",
            id="a text box once",
        ),
        pytest.param(
            f"<w:tbl><w:tr><w:tc>{p('Name')}</w:tc><w:tc>{p('Seat')}</w:tc></w:tr>"
            f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('Gone')}</w:tc></w:tr>"
            f"<w:tr><w:tc>{p('Norvane')}</w:tc><w:tc>{p('Northport')}</w:tc></w:tr></w:tbl>",
            "Name | Seat\n\nNorvane | Northport",
            id="a table",
        ),
    ],
)
def test_what_a_reader_sees_is_read(xml: str, text: str) -> None:
    assert read(word_of(TITLE + xml)).text == text


def test_the_numbers_of_lists_are_those_that_word_shows() -> None:
    body = (
        TITLE + p("They are:") + "".join([item("one", 1), item("a part", 1, 1), item("b part", 1, 1), item("two", 1)])
    )

    assert read(word_of(body, numbering=NUMBERING)).text.split("\n\n") == [
        "They are:", "1. one", "1.a) a part", "1.b) b part", "2. two",
    ]  # fmt: skip


def test_bullets_below_the_headline_are_highlights() -> None:
    body = TITLE + item("First point of the list", 2) + item("Second point of the list", 2) + p("Text.")

    assert read(word_of(body, numbering=NUMBERING)).highlights == (
        "First point of the list",
        "Second point of the list",
    )


def test_notes_are_apart_and_cited_ones_only() -> None:
    note = '<w:footnote w:id="{0}">{1}</w:footnote>'
    body = TITLE + p("The sanctions", '<w:r><w:footnoteReference w:id="2"/></w:r>', " stay.")

    draft = read(word_of(body, footnotes=note.format(1, p("Never cited.")) + note.format(2, p("See the annex."))))

    assert draft.text == "The sanctions stay.\n\n[1] See the annex."


def test_the_paragraph_in_the_style_of_titles_is_the_headline() -> None:
    styles = '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    body = (
        p("Gazette No. 12") + p("Ministry widens its list", properties='<w:pStyle w:val="Titel"/>') + p("Text of it.")
    )

    draft = read(word_of(body, styles=styles))

    assert (draft.title, draft.text) == ("Ministry widens its list", "Gazette No. 12\n\nText of it.")


def test_a_document_by_the_strict_standard_is_read() -> None:
    assert read(word_of(TITLE + p("Goods are taxed."), is_strict=True)).text == "Goods are taxed."


def test_an_embedded_page_is_read_and_another_embedded_document_is_named() -> None:
    page = "<html><body><h1>A page</h1><p>The words of an embedded page are here for all to read.</p></body></html>"

    draft = read(word_of(TITLE + '<w:altChunk r:id="rId1"/>', altchunk=page))
    article, failed = read_document(
        word_of(TITLE + '<w:altChunk r:id="rId1"/>', altchunk="{\\rtf1 x}"), content_type=None, name="a.docx"
    )

    assert "The words of an embedded page" in draft.text
    assert isinstance(article, ArticleDraft)
    assert failed == FailedDraft(origin="a.docx", reason="An embedded document in it was not read.")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(word_of(p("x" * 17_000_000)), "too large when unpacked", id="a bomb"),
        pytest.param(word_of("<w:p>" * 300), "damaged", id="not well-formed"),
        pytest.param(word_of(p("")), "no readable text", id="empty"),
        pytest.param(archive_of({"word/document.xml": ENTITIES}), "its own entities", id="entities"),
        pytest.param(word_of(p("x")).replace(b"word/document.xml", b"word/documenX.xml"), "damaged", id="no text"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_document(body, content_type=None, name="a.docx")


def test_tables_inside_tables_without_end_are_bounded() -> None:
    depth = 60
    nested = "<w:tbl><w:tr><w:tc>" * depth + p("Deep") + "</w:tc></w:tr></w:tbl>" * depth

    article, failed = read_document(word_of(TITLE + nested + p("After.")), content_type=None, name="a.docx")

    assert isinstance(article, ArticleDraft)
    assert "After." in article.text
    assert isinstance(failed, FailedDraft)
