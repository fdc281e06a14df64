"""Languages: the script decides alone where it can, words decide with enough of them, else nobody does."""

import pytest

from handlers.sources.language import agreed_language, language_code, language_of


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
def test_the_language_of_a_text(text: str, language: str) -> None:
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


def test_a_template_that_says_english_does_not_make_a_chinese_article_english() -> None:
    assert agreed_language("en", "华为获5G牌照", "华为周三获得牌照。") == "zh"
    assert agreed_language("en", "Huawei 5G", "") == "en"
    assert agreed_language(None, "Huawei 5G", "") is None
