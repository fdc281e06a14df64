"""An article has the same key wherever it comes from; dates are never part of a key."""

from datetime import UTC, datetime

import pytest

from handlers.drafts import ArticleDraft
from handlers.rules.identity import MAX_KEY, alphanumeric, entry_key, identity_keys

FEED = "https://example.com/feed"
TEXT = "MTS and Huawei agreed to build pilot 5G networks in Russia in the next two years. " * 5


def draft(**given: object) -> ArticleDraft:
    fields: dict[str, object] = {"title": "MTS and Huawei agree", "text": TEXT, "origin": "test", **given}
    return ArticleDraft(**fields)  # type: ignore[arg-type]


def kinds(keys: tuple[str, ...]) -> list[str]:
    return [key.partition(":")[0] for key in keys]


def test_the_strongest_key_comes_first() -> None:
    keys = identity_keys(draft(guid="https://example.com/?p=1", url="https://example.com/a"), source_url=FEED)

    assert kinds(keys) == ["guid", "url", "hash"]


def test_the_date_of_an_article_does_not_change_its_keys() -> None:
    keys = identity_keys(draft(published_at=datetime(2026, 1, 1, tzinfo=UTC)), source_url=FEED)

    assert keys == identity_keys(draft(published_at=datetime(2026, 2, 2, tzinfo=UTC)), source_url=FEED)


def test_the_same_article_from_a_feed_a_file_and_the_api_has_a_key_in_common() -> None:
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
def test_a_guid_that_is_not_globally_unique_counts_only_within_its_feed(guid: str, same_elsewhere: bool) -> None:
    here = identity_keys(draft(guid=guid), source_url=FEED)[0]
    there = identity_keys(draft(guid=guid), source_url="https://other.example/feed")[0]

    assert (here == there) is same_elsewhere
    assert here == identity_keys(draft(guid=f" {guid}\n"), source_url="http://www.example.com/feed/")[0]


@pytest.mark.parametrize("guid", ["", "  ", None, "https://example.com/", "https://example.com"])
def test_an_empty_guid_or_a_front_page_is_no_key(guid: str | None) -> None:
    assert kinds(identity_keys(draft(guid=guid), source_url=FEED)) == ["hash"]


def test_an_address_that_other_entries_share_is_no_key() -> None:
    assert kinds(identity_keys(draft(guid="1", url="https://example.com/live", shared_url=True), source_url=FEED)) == [
        "guid",
        "hash",
    ]


def test_a_short_text_is_hashed_only_without_guid_and_address() -> None:
    assert kinds(identity_keys(draft(url="https://example.com/a", text="Shares fell."), source_url=FEED)) == ["url"]
    assert kinds(identity_keys(draft(text="Shares fell."), source_url=FEED)) == ["hash"]
    assert identity_keys(draft(title="", text=""), source_url=FEED) == ()


def test_another_headline_means_another_article() -> None:
    assert identity_keys(draft(), source_url=None) != identity_keys(draft(title="Another headline"), source_url=None)


def test_long_keys_are_shortened_and_stay_different() -> None:
    long = "https://example.com/" + "a" * 300
    keys = [*identity_keys(draft(guid=long + "1", url=long + "1"), source_url=FEED)]
    others = [*identity_keys(draft(guid=long + "2", url=long + "2"), source_url=FEED)]

    assert all(len(key) <= MAX_KEY for key in keys)
    assert keys[:2] != others[:2] and keys[2] == others[2]
    assert len(entry_key(guid=long, url=None, title="", text="")) <= MAX_KEY


def test_alphanumeric_keeps_letters_and_digits_of_every_script() -> None:
    assert alphanumeric("  Ｈｕａｗｅｉ’s “5G”, 华为！ ") == "huaweis5g华为"
