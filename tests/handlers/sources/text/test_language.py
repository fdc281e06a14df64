"""Languages: the script decides if it belongs to one language, else the words decide if there are enough."""

from functools import cache

import pytest
from py3langid import langid

from handlers.sources.text.language import agreed_language, inflection_language, language_code, language_of
from handlers.sources.text.language_model import model


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("华为获5G牌照", "zh"),
        ("华为与MTS签署5G协议 Huawei", "zh"),
        ("ファーウェイ、5G契約", "ja"),
        ("화웨이 5G", "ko"),
        ("Хуавэй подписала соглашение с оператором", "ru"),
        ("Нові обмеження на експорт мікросхем", "uk"),
        ("هواوي توقع اتفاقية مع شركة الاتصالات", "ar"),
        ("Huawei signs 5G deal with the Russian operator MTS in Moscow", "en"),
        ("Berlin lässt Huawei beim Ausbau der 5G-Netze zu", "de"),
        ("La Chine répond aux droits de douane américains", "fr"),
        ("Huawei 5G", "und"),
        ("ZTE", "und"),
        ("", "und"),
        ("12 345 !!", "und"),
        ("https://example.com/a/long/address/of/a/page", "und"),
    ],
)
def test_the_language_of_a_text_is_identified_or_undetermined(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"),
        ("zh_Hans", "zh"),
        ("rus", "ru"),
        ("DE", "de"),
        ("nb-NO", "no"),
        ("", None),
        (None, None),
        ("x", None),
        ("english", None),
    ],
)
def test_a_language_tag_becomes_its_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code


_CODES = ("en", "de", "cs", "ru", "sr", "ar", "zh")


@cache
def _library() -> langid.LanguageIdentifier:
    library = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    library.set_languages(_CODES)
    return library


@pytest.mark.parametrize(
    "text",
    [
        "The company said on Monday that it would build the new factory in the north of the country.",
        "WASHINGTON RAISES TARIFFS ON STEEL AGAIN",
        "Die Regierung hat am Montag neue Sanktionen gegen drei Unternehmen angekündigt.",
        "Компания заявила в понедельник, что построит новый завод на севере страны.",
        "أعلنت الشركة يوم الاثنين أنها ستبني مصنعا جديدا في شمال البلاد.",
        "Šéf vlády v pondělí řekl, že dva mosty přes řeku zůstanou zavřené až do středy.",
        "华为周三获得牌照。",
        "5",
        "",
    ],
)
def test_the_model_gives_the_probabilities_of_its_library(text: str) -> None:
    ours, theirs = dict(model(_CODES).rank(text)), dict(_library().rank(text))

    assert ours == pytest.approx(theirs, abs=1e-5)


def test_a_declared_language_does_not_outweigh_a_text_in_another_script() -> None:
    assert agreed_language("en", "华为获5G牌照", "华为周三获得牌照。") == "zh"
    assert agreed_language("en", "Huawei 5G", "") == "en"
    assert agreed_language(None, "Huawei 5G", "") is None


@pytest.mark.parametrize(
    "headline",
    [
        "Fire Closes Main Rail Line",
        "Ferry Sinks Off Coast",
        "Parliament Passes New Budget",
        "Senate Passes Farm Bill",
        "Steel Maker Closes Plant",
        "Court Upholds Water Tax",
    ],
)
def test_a_headline_in_title_case_is_inflected_as_english(headline: str) -> None:
    assert inflection_language("und", headline) == "en"
    assert language_of(headline) in ("en", "und")
