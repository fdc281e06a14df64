"""Entries of feeds as articles: headline, text, keys, and guids and links that several entries share."""

from datetime import UTC, datetime
from pathlib import Path

from handlers.drafts import FailedDraft
from tests.support.feeds import articles, read, rss

FEEDS = Path(__file__).parent / "data" / "feeds"


def test_an_entry_becomes_plain_text_with_all_its_facts() -> None:
    first = articles((FEEDS / "news.rss").read_bytes())[0]

    assert first.title == 'MTS & Huawei agree: "5G" now'
    assert first.text.split("\n\n") == [
        "MTS and Huawei signed an agreement in Moscow on Wednesday, both companies said in a statement.",
        "Pilot networks start in 2019.",
        "The price is R&D-based: 5 < 6.",
        "It is the first of its kind.",
        "Others will follow.",
    ]
    assert first.url == "https://example.com/news/1?utm_source=rss"
    assert (first.guid, first.key, first.author) == ("wire-1", "guid:wire-1", "Jo Doe")
    assert (first.tags, first.language, first.publisher) == (("Telecoms", "Russia"), "en", "Example Wire & Co")
    assert first.image_url == "https://cdn.example.com/wide.jpg"
    assert first.published_at == datetime(2026, 11, 22, 11, 2, tzinfo=UTC)


def test_the_headline_of_an_entry_without_a_title_is_its_first_sentence() -> None:
    second = articles((FEEDS / "news.rss").read_bytes())[1]

    assert second.title == "Without a headline this entry begins with a sentence."
    assert second.text.endswith("Then it goes on for a while.")


def test_an_entry_without_title_and_text_fails_with_the_reason() -> None:
    third = read((FEEDS / "news.rss").read_bytes()).entries[2]

    assert isinstance(third, FailedDraft)
    assert third.key == "guid:wire-3" and "neither a title nor a text" in third.reason


def test_a_text_that_only_repeats_the_headline_is_left_out() -> None:
    headline = "MTS and Huawei agree"
    item = f"<item><title>{headline}</title><link>/1</link><description>{headline}.</description></item>"

    assert articles(rss(item))[0].text == ""


def test_the_entry_of_an_aggregator_names_the_publisher() -> None:
    item = (
        "<item><title>MTS and Huawei agree - Daily Sample</title><link>https://news.example/1</link>"
        "<source url='https://sample.example'>Daily Sample</source></item>"
    )

    first = articles(rss(item))[0]

    assert (first.title, first.publisher) == ("MTS and Huawei agree", "Daily Sample")


def test_guids_and_links_that_all_entries_share_identify_none_of_them() -> None:
    items = "".join(
        f"<item><title>Number {n}</title><link>https://example.com/live</link><guid>same</guid>"
        f"<description>Text {n}</description></item>"
        for n in range(3)
    )

    entries = articles(rss(items))

    assert [entry.guid for entry in entries] == [None] * 3
    assert all(entry.shared_url for entry in entries)
    assert len({entry.key for entry in entries}) == 3


def test_an_entry_that_is_listed_twice_is_returned_once() -> None:
    item = "<item><title>News</title><link>/1</link><guid>g1</guid></item>"

    assert len(read(rss(item * 3)).entries) == 1


def test_a_truncated_entry_is_left_for_the_next_poll() -> None:
    complete = rss(
        "<item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2-long-address</link></item>"
    )
    cut = complete[: complete.index("long-address")]

    assert [entry.title for entry in articles(cut)] == ["One"]
