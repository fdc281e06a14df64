"""Captions and credits of photos."""

import pytest

from handlers.sources.text.captions import is_caption, is_credit, without_credit

SENTENCE = "The driver did not see the pedestrian, who was taken to a hospital in the city."


@pytest.mark.parametrize(
    ("paragraph", "is_only_credit"),
    [
        ("Photo: Jane Sample", True),
        ("Bildquelle: Muster/dpa", True),
        ("图片来源：视觉中国", True),
        ("A worker checks a wafer (Photo by Jane Sample/AFP)", False),
        ("Huawei's head office in Shenzhen. REUTERS/Aly Sample", False),
        ("Vladimir Putin and Xi JinpingNg Han Guan – Pool/Getty ImagesPutin and Xi at a match.", False),
    ],
)
def test_a_caption_ends_or_begins_with_its_credit(paragraph: str, is_only_credit: bool) -> None:
    assert is_caption(paragraph)
    assert is_credit(paragraph) is is_only_credit


@pytest.mark.parametrize("paragraph", [SENTENCE, "Huawei told Reuters that it had signed the deal.", f"“{SENTENCE}”"])
def test_a_sentence_is_not_a_caption(paragraph: str) -> None:
    assert not is_caption(paragraph)
    assert without_credit(paragraph) == paragraph


def test_a_credit_after_the_last_sentence_is_removed() -> None:
    assert without_credit(f"{SENTENCE} Foto: Polizei") == SENTENCE
    assert without_credit("Short. Foto: Polizei") == "Short. Foto: Polizei"
