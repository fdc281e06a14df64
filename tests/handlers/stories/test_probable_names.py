"""Which words of a headline may be names, where capitals do not tell."""

import pytest

from handlers.stories.probable_names import read_title


@pytest.mark.parametrize(
    ("title", "language", "names"),
    [
        ("Stahlwerk Norvane meldet Insolvenz an", "de", {"norvan"}),
        ("Acme Steel Files For Bankruptcy", "en", {"acme"}),
        ("ACME STEEL FILES FOR BANKRUPTCY", "en", {"acme"}),
        ("Kelvar files for bankruptcy in Talvik", "en", {"kelvar"}),
        ("海山公司申请破产", "zh", {"海山"}),
        ("海山公司申請破產", "zh", {"海山"}),
        ("شركة كلفار تعلن إفلاسها", "ar", {"كلفار"}),
        ("ケルバー社が破産を申請", "ja", {"ケル", "ルバ", "バー"}),
        ("포항서 규모 5 지진", "ko", {"포항"}),
        ("חברת קלוואר פשטה רגל", "he", {"קלוואר"}),
        ("पटना में बाढ़", "hi", {"पटना"}),
        ("«Кельвар» объявила о банкротстве", "ru", {"кельв"}),
        ("", "und", set()),
    ],
)
def test_names_are_the_words_that_are_no_ordinary_ones(title: str, language: str, names: set[str]) -> None:
    assert read_title(title, language).probable_names == names


def test_capitals_inside_a_sentence_leave_no_doubt() -> None:
    assert read_title("The court fines Kelvar and Orlo for false labels", "en").probable_names == frozenset()


def test_an_arabic_word_with_a_preposition_is_not_taken_for_another_name_than_without() -> None:
    assert read_title("قتلى بالإسكندرية", "ar").probable_names == frozenset()
