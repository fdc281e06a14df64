"""An article that was sent in several forms is one article, and other words make another one."""

import pytest

from handlers.stories.edits import ArticleContent
from handlers.stories.same_document import document_marks, is_reworded, is_same_document

TITLE = "Orlo closes its works in the north"
BODY = (
    "Orlo said on Tuesday that it would close its works in the north and move three hundred people to the coast.",
    "The union called the plan a shock and asked the ministry to step in before the board meets in December.",
    "The firm has made pumps in the town since 1911, and orders from the yards fell by a third within two years.",
)
TEXT = "\n\n".join(BODY)
NOTICE = (
    "The Council has decided today to add {} to the list of firms whose assets are frozen under Regulation 12.\n\n"
    "All banks of the union must report what they hold for {} to the ministry within thirty days of this notice.\n\n"
    "This notice enters into force on the day after its publication and binds every member state of the union."
)


def document(text: str = TEXT, title: str = TITLE, url: str | None = None) -> ArticleContent:
    return ArticleContent(title=title, text=text, url=url)


FORMS = {
    "hyphens at the ends of lines": document(TEXT.replace("ministry", "min-\nistry")),
    "a page number": document(f"{TEXT}\n\nPage 1 of 1"),
    "a byline": document(f"By Ann Lund, Nord\n\n{TEXT}\n\n(ends)"),
    "the site's name in the title": document(title=f"{TITLE} - The Wire"),
    "an address": document(url="https://wire.example/a/orlo-closes"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_forms_of_a_document_are_one_article(form: ArticleContent) -> None:
    assert is_same_document(document(), form) and is_same_document(form, document())
    assert not is_reworded(document(), form, in_other_form=True)
    assert set(document_marks(document().text)) & set(document_marks(form.text))


@pytest.mark.parametrize(
    "other",
    [
        document(TEXT.replace("three hundred", "four hundred")),
        document("\n\n".join(BODY[:2])),
        document(f"{TEXT}\n\nThe ministry said that no money had been promised to the firm or to its owners."),
        document(title="Orlo opens works in the south"),
    ],
    ids=["another number", "a sentence less", "a sentence more", "another headline"],
)
def test_documents_with_other_words_are_two_articles(other: ArticleContent) -> None:
    assert not is_same_document(document(), other)
    assert is_reworded(document(), other, in_other_form=True)


def test_notices_made_from_one_template_are_two_articles() -> None:
    one, other = (document(NOTICE.format(name, name), "Council decision") for name in ("Orlo Pumps", "Tarn Steel"))

    assert not is_same_document(one, other)


def test_documents_with_other_addresses_are_two_articles() -> None:
    assert not is_same_document(document(url="https://wire.example/1"), document(url="https://wire.example/2"))


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        (document(f"{BODY[0]}  \n\n {BODY[1]} \n\n{BODY[2]}"), False),
        (document(TEXT.replace("“", '"')), False),
        (document(title=f"{TITLE} [12 votes]"), False),
        (document(""), False),
        (document(title=""), False),
        (document(TEXT.replace("Tuesday", "Monday")), True),
        (document(title="Orlo closes its Works in the north"), True),
    ],
)
def test_a_revision_of_a_feed_changes_words(arrived: ArticleContent, expected: bool) -> None:
    assert is_reworded(document(), arrived, in_other_form=False) is expected
