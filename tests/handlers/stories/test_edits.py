"""Whether an article that arrives under a stored guid is an edit or another article."""

import pytest

from handlers.stories.edits import ArticleContent, is_different_article

OTHER = "https://a.example/2"
MAST = "The council agreed on Monday to build a mast on the hill above the village against the wish of neighbours. " * 3
BANK = "The central bank cut its rate by a quarter of a point on Monday, which analysts had said they expected. " * 3
CHIP = "华为周二表示，已与运营商签署合同，将在五年内建设网络，合同金额为三亿欧元，首批设备将于秋季交付使用。" * 5
WIND = "气象台周三发布大风蓝色预警，预计今天夜间沿海地区将出现七级阵风，请市民注意防范，渔船应及时回港避风。" * 5


@pytest.mark.parametrize(
    ("stored", "arrived", "is_different"),
    [
        (("A mast for the hill", MAST, "https://a.example/1"), ("Rates fall", BANK, OTHER), True),
        (("A mast for the hill", MAST, None), ("Rates fall", BANK, None), True),
        (("华为签署合同", CHIP, "https://a.example/1"), ("大风预警", WIND, OTHER), True),
        # Edits of headline and address, of the text, and of both at one address. A headline alone is too little.
        (("A mast for the hill", MAST, "https://a.example/1"), ("Votes cast", MAST, OTHER), False),
        (("A mast for the hill", MAST, "https://a.example/1"), ("A mast for hills", BANK, OTHER), False),
        (("A mast for the hill", MAST, "https://a.example/1"), ("Rates fall", BANK, "https://a.example/1"), False),
        (("A mast for the hill", "", None), ("Rates fall", "", None), False),
        (("华为签署合同", CHIP, "https://a.example/1"), ("华为签下合同", CHIP + "更新。", OTHER), False),
    ],
)  # fmt: skip
def test_a_reused_guid_is_distinguished_from_an_edit(
    stored: tuple[str, str, str | None], arrived: tuple[str, str, str | None], is_different: bool
) -> None:
    one, other = [ArticleContent(title=title, text=text, url=url) for title, text, url in (stored, arrived)]

    assert is_different_article(one, other) is is_different
