"""Whether an article that arrives under the name of a stored one is an edit or another article."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.stories.edits import (
    ArticleContent,
    is_different_article,
    is_same_under_other_name,
    names_one_article,
)
from tests.support.fakes import NOON

ONE, OTHER = "https://a.example/1", "https://a.example/2"
MAST = "The council agreed on Monday to build a mast on the hill above the village against the wish of neighbours. " * 3
BANK = "The central bank cut its rate by a quarter of a point on Monday, which analysts had said they expected. " * 3
CHIP = "华为周二表示，已与运营商签署合同，将在五年内建设网络，合同金额为三亿欧元，首批设备将于秋季交付使用。" * 5
WIND = "气象台周三发布大风蓝色预警，预计今天夜间沿海地区将出现七级阵风，请市民注意防范，渔船应及时回港避风。" * 5
SLUG = "https://a.example/economy/a-mast-for-the-hill-4711.html"
PAGE = "https://a.example/status"

Version = tuple[str, str, str | None]


def content(version: Version, age: timedelta | None = None) -> ArticleContent:
    title, text, url = version
    return ArticleContent(title=title, text=text, url=url, published_at=None if age is None else NOON - age)


@pytest.mark.parametrize(
    ("stored", "arrived", "is_different"),
    [
        (("A mast for the hill", MAST, ONE), ("Rates fall", BANK, OTHER), True),
        (("A mast for the hill", MAST, None), ("Rates fall", BANK, None), True),
        (("华为签署合同", CHIP, ONE), ("大风预警", WIND, OTHER), True),
        (("A mast for the hill", "", ONE), ("Rates fall", "", OTHER), True),
        (("Flood alert for Nord", "Stay at home.", ONE), ("Flood alert for Sund", "Keep off the road.", OTHER), True),
        (("Power cut in Nord", "", ONE), ("Border open again", "", OTHER), True),
        # Edits of headline and address, and of the text.
        (("A mast for the hill", MAST, ONE), ("Votes cast", MAST, OTHER), False),
        (("A mast for the hill", MAST, ONE), ("A mast for hills", BANK, OTHER), False),
        (("华为签署合同", CHIP, ONE), ("华为签下合同", CHIP + "更新。", OTHER), False),
        (("A mast for the hill", "", SLUG), ("Rates fall", "", "https://a.example/rates-4711.html"), False),
    ],
)  # fmt: skip
def test_a_reused_guid_is_distinguished_from_an_edit(stored: Version, arrived: Version, is_different: bool) -> None:
    assert is_different_article(content(stored), content(arrived), name="17", from_feed=True) is is_different


@pytest.mark.parametrize(
    ("name", "stored", "arrived", "is_different"),
    [
        # One address for all entries: each new headline is an article.
        (PAGE, ("Power cut in Nord", "The power is out."), ("Border at Sund closed", "Lorries wait."), True),
        (PAGE, ("Power cut in Nord", ""), ("Border at Sund closed", ""), True),
        (PAGE, ("A mast for the hill", MAST), ("Rates fall", BANK), True),
        (PAGE, ("Report for 3 June", ""), ("Report for 4 June", ""), True),
        (PAGE, ("Round 7 of the talks", "They met."), ("Round 8 of the talks", "They parted."), True),
        (PAGE, ("Rate on 3 June", "It is 7.31."), ("Rate on 4 June", "It is 7.44."), True),
        (PAGE, ("Flood alert for Nord", "Stay at home."), ("Flood alert for Sund", "Stay at home."), True),
        (PAGE, ("Orlo: border open again", ""), ("Orlo: power is back", ""), True),
        # Edits under such an address: of the headline, of the text, of a counter.
        (PAGE, ("Power cut in Nord", "The power is out."), ("Power cut in Nord over", "It is back."), False),
        (PAGE, ("Power cut in Nord", MAST), ("Lights out", MAST), False),
        (PAGE, ("What is known", "Morning: nothing."), ("What is known", "Night: the head steps down."), False),
        (PAGE, ("Power cut [7 votes]", ""), ("Power cut [19 votes]", ""), False),
        (PAGE, ("Live", "Morning: nothing."), ("Live!", "Night: the head steps down."), False),
        # An address that is obviously of one article: only if nothing stays.
        (SLUG, ("A mast for the hill", "Neighbours object."), ("Hill: vote delayed", "The council waits."), False),
        (SLUG, ("A mast for the hill", MAST), ("Rates fall", BANK), True),
        (SLUG, ("A mast for the hill", ""), ("Union in shock", ""), False),
    ],
)  # fmt: skip
def test_a_reused_address_is_distinguished_from_an_edit(
    name: str, stored: tuple[str, str], arrived: tuple[str, str], is_different: bool
) -> None:
    one, other = content((*stored, name)), content((*arrived, name))

    assert is_different_article(one, other, name=name, from_feed=True) is is_different


@pytest.mark.parametrize(
    ("arrived", "hours", "is_different"),
    [
        (("Power cut in Sund", "Crews are on their way."), 5, True),
        (("Power cut in Sund", "Crews are on their way."), 0, False),
        (("Power cut in Nord", "The power is out."), 5, False),
        (("Power cut in Nord", "Crews are on their way."), 5, False),
        (("Power cut in Nord", "Crews are on their way."), 24, True),  # the next issue of a series
        (("Power cut in Nord", "The power is out again."), 24, True),
        (("Power cut in Nord", "The power is out."), 24, False),
        (("Power cut in Nord", ""), 24, False),
        (("Power cut in Sund", "The power is out."), 5, True),
    ],
)
def test_under_a_name_that_says_nothing_a_later_date_tells_entries_apart(
    arrived: tuple[str, str], hours: int, is_different: bool
) -> None:
    one = content(("Power cut in Nord", "The power is out.", PAGE), timedelta(hours=30))
    other = content((*arrived, PAGE), timedelta(hours=30 - hours))

    assert is_different_article(one, other, name=PAGE, from_feed=True) is is_different


@pytest.mark.parametrize(
    ("title", "arrived", "hours", "is_different"),
    [
        ("Daily wrap", "The bank cut its rate.", 24, True),
        ("Daily wrap", "The bank cut its rate.", 3, False),
        ("What is known on 24 November", "The bank cut its rate.", 24, False),
        ("Daily wrap", "The ferry is late today.", 24, False),
    ],
)
def test_the_time_of_arrival_replaces_missing_dates(title: str, arrived: str, hours: int, is_different: bool) -> None:
    one, other = (
        replace(content((title, text, PAGE)), seen_at=NOON + timedelta(hours=after))
        for text, after in (("The ferry is late today.", 0), (arrived, hours))
    )

    assert is_different_article(one, other, name=PAGE, from_feed=True) is is_different


@pytest.mark.parametrize(
    ("stored", "arrived", "url", "is_section", "is_same"),
    [
        (("Update", "Tables can be exported."), ("Update", "Tables can be exported."), PAGE, True, True),
        (("Update", "Tables can be exported."), ("Update", "A new region opens."), PAGE, True, False),
        (("Update", ""), ("Update", ""), PAGE, True, False),
        (("Update", ""), ("Update", ""), PAGE, False, True),
        (("Rate", "It is 7.31."), ("Rate", "It is 7.44."), PAGE, False, False),
        (("A mast for the hill", "It is 7.31."), ("A mast for the hill", "It is 7.44."), SLUG, False, True),
        (("A mast for the hill", MAST), ("A mast for the hill", f"{MAST} It was late."), PAGE, False, True),
        (("A mast for the hill", MAST), ("Rates fall", MAST), SLUG, False, False),
    ],
)  # fmt: skip
def test_entries_of_one_address_with_other_guids_or_fragments_are_compared_by_their_words(
    stored: tuple[str, str], arrived: tuple[str, str], url: str, is_section: bool, is_same: bool
) -> None:
    one, other = content((*stored, url)), content((*arrived, url))

    assert is_same_under_other_name(one, other, url=url, is_section=is_section) is is_same


def test_senders_other_than_feeds_replace_an_article_by_its_name() -> None:
    one, other = content(("A mast for the hill", MAST, PAGE)), content(("Rates fall", BANK, PAGE))

    assert not is_different_article(one, other, name=PAGE, from_feed=False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (SLUG, True),
        ("https://a.example/?p=4711", True),
        ("tag:a.example,2026-11-20:/a-mast-for-the-hill.html", True),
        ("1225c695-cfb8-4ebb-aaaa-80da344efa6a", True),
        ("yt:video:AbC12dEf3", True),
        ("https://a.example/latest-news-and-more", False),
        ("https://a.example/release-notes", False),
        ("https://a.example/day/2026-11-24", False),
        ("https://a.example/?p=0", False),
        ("17", False),
        ("wire-1", False),
    ],
)
def test_a_name_with_a_long_number_or_the_words_of_the_headline_is_of_one_article(name: str, expected: bool) -> None:
    assert names_one_article(name, "A mast for the hill") is expected
