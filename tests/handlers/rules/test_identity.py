"""Identity: the same article has a key in common wherever it comes from; dates never count."""

from datetime import UTC, datetime

import pytest

from handlers.drafts import ArticleDraft
from handlers.rules.identity import MAX_KEY, Told, entry_key, folded, identity_keys, is_another

FEED = "https://example.com/feed"
TEXT = "MTS and Huawei agreed to build pilot 5G networks in Russia in the next two years. " * 5


def draft(**said: object) -> ArticleDraft:
    fields: dict[str, object] = {"title": "MTS and Huawei agree", "text": TEXT, "origin": "test", **said}
    return ArticleDraft(**fields)  # type: ignore[arg-type]


def kinds(keys: tuple[str, ...]) -> list[str]:
    return [key.partition(":")[0] for key in keys]


def test_the_strongest_key_is_first() -> None:
    keys = identity_keys(draft(guid="https://example.com/?p=1", url="https://example.com/a"), source_url=FEED)

    assert kinds(keys) == ["guid", "url", "hash"]


def test_dates_never_count() -> None:
    one = identity_keys(draft(published_at=datetime(2026, 1, 1, tzinfo=UTC)), source_url=FEED)

    assert one == identity_keys(draft(published_at=datetime(2026, 2, 2, tzinfo=UTC)), source_url=FEED)


def test_the_same_article_by_feed_file_and_api_has_a_key_in_common() -> None:
    by_feed = identity_keys(draft(guid="17", url="http://www.example.com/a/?utm_source=rss"), source_url=FEED)
    by_file = identity_keys(draft(text=TEXT.replace(". ", ".\n\n").upper()), source_url=None)
    by_api = identity_keys(draft(url="https://example.com/a", text="Other words."), source_url=None)

    assert set(by_feed) & set(by_file)
    assert set(by_feed) & set(by_api)


@pytest.mark.parametrize(
    ("guid", "same_elsewhere"),
    [
        ("https://example.com/?p=1", True),
        ("tag:example.com,2026:1", True),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", True),
        ("1225c695-cfb8-4ebb-aaaa-80da344efa6a", True),
        ("17", False),
        ("post-17", False),
    ],
)
def test_a_guid_that_is_not_unique_in_the_world_counts_within_its_feed(guid: str, same_elsewhere: bool) -> None:
    here = identity_keys(draft(guid=guid), source_url=FEED)[0]
    there = identity_keys(draft(guid=guid), source_url="https://other.example/feed")[0]

    assert (here == there) is same_elsewhere
    assert here == identity_keys(draft(guid=f" {guid}\n"), source_url="http://www.example.com/feed/")[0]


@pytest.mark.parametrize("guid", ["", "  ", None, "https://example.com/", "https://example.com"])
def test_an_empty_guid_or_a_front_page_is_no_identity(guid: str | None) -> None:
    assert kinds(identity_keys(draft(guid=guid), source_url=FEED)) == ["hash"]


def test_an_address_that_other_entries_share_is_no_identity() -> None:
    assert kinds(identity_keys(draft(guid="1", url="https://example.com/live", shared_url=True), source_url=FEED)) == [
        "guid",
        "hash",
    ]


def test_short_texts_with_another_name_are_not_hashed() -> None:
    assert kinds(identity_keys(draft(url="https://example.com/a", text="Shares fell."), source_url=FEED)) == ["url"]
    assert kinds(identity_keys(draft(text="Shares fell."), source_url=FEED)) == ["hash"]
    assert identity_keys(draft(title="", text=""), source_url=FEED) == ()


def test_other_words_are_another_article() -> None:
    assert identity_keys(draft(), source_url=None) != identity_keys(draft(title="Another headline"), source_url=None)


def test_keys_fit_and_long_ones_stay_apart() -> None:
    long = "https://example.com/" + "a" * 300
    keys = [*identity_keys(draft(guid=long + "1", url=long + "1"), source_url=FEED)]
    others = [*identity_keys(draft(guid=long + "2", url=long + "2"), source_url=FEED)]

    assert all(len(key) <= MAX_KEY for key in keys)
    assert keys[:2] != others[:2] and keys[2] == others[2]
    assert len(entry_key(guid=long, url=None, title="", text="")) <= MAX_KEY


def test_folding_keeps_letters_and_digits_of_every_script() -> None:
    assert folded("  Ｈｕａｗｅｉ’s “5G”, 华为！ ") == "huaweis5g华为"


OTHER = "https://a.example/2"
MAST = "The council agreed on Monday to build a mast on the hill above the village against the wish of neighbours. " * 3
BANK = "The central bank cut its rate by a quarter of a point on Monday, which analysts had said they expected. " * 3
CHIP = "华为周二表示，已与运营商签署合同，将在五年内建设网络，合同金额为三亿欧元，首批设备将于秋季交付使用。" * 5
WIND = "气象台周三发布大风蓝色预警，预计今天夜间沿海地区将出现七级阵风，请市民注意防范，渔船应及时回港避风。" * 5


@pytest.mark.parametrize(
    ("known", "draft", "another"),
    [
        (("A mast for the hill", MAST, "https://a.example/1"), ("Rates fall", BANK, OTHER), True),
        (("A mast for the hill", MAST, None), ("Rates fall", BANK, None), True),
        (("华为签署合同", CHIP, "https://a.example/1"), ("大风预警", WIND, OTHER), True),
        # Edits: of headline and address, of the text, of both at one address. A headline alone tells too little.
        (("A mast for the hill", MAST, "https://a.example/1"), ("Votes cast", MAST, OTHER), False),
        (("A mast for the hill", MAST, "https://a.example/1"), ("A mast for hills", BANK, OTHER), False),
        (("A mast for the hill", MAST, "https://a.example/1"), ("Rates fall", BANK, "https://a.example/1"), False),
        (("A mast for the hill", "", None), ("Rates fall", "", None), False),
        (("华为签署合同", CHIP, "https://a.example/1"), ("华为签下合同", CHIP + "更新。", OTHER), False),
    ],
)  # fmt: skip
def test_a_guid_used_again_is_told_from_an_edit(
    known: tuple[str, str, str | None], draft: tuple[str, str, str | None], another: bool
) -> None:
    one, other = [Told(title=title, text=text, url=url) for title, text, url in (known, draft)]

    assert is_another(one, other) is another
