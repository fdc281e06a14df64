"""Entries of feeds as articles: headline, text, keys, and guids and links that several entries share."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.drafts import FailedDraft
from handlers.sources.feeds.entries import drafts_of
from handlers.sources.feeds.feed import parse_feed, read_feed
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


MEDIA = '<media:content medium="image" url="https://example.com/p.jpg" width="151"/>'


def media_rss(items: str, prefix: str = "media") -> str:
    """Return a feed with Media RSS under this prefix."""
    feed = rss(items.replace("media:", f"{prefix}:"))
    return feed.replace("<rss ", f'<rss xmlns:{prefix}="http://search.yahoo.com/mrss/" ')


@pytest.mark.parametrize("prefix", ["media", "m"])
@pytest.mark.parametrize("attributes", ["", ' type="html"'])
def test_the_caption_of_a_picture_is_not_the_text(prefix: str, attributes: str) -> None:
    item = (
        "<item><title>A vote</title><link>/1</link><description>Lawmakers approved new sanctions.</description>"
        f"{MEDIA}<media:description{attributes}>People walk past a building in the rain, as they did before."
        "</media:description></item>"
    )

    assert articles(media_rss(item, prefix))[0].text == "Lawmakers approved new sanctions."


def test_a_post_without_a_title_keeps_its_words_beside_the_alternative_texts_of_its_pictures() -> None:
    item = (
        "<item><link>/1</link><description>&lt;p&gt;The bridge is open again.&lt;/p&gt;</description>"
        "<media:content url='https://example.com/p.jpg' type='image/jpeg'><media:description type='plain'>"
        "A long alternative text that says what can be seen on the picture of the bridge.</media:description>"
        "</media:content></item>"
    )

    assert articles(media_rss(item))[0].title == "The bridge is open again."


def test_the_description_of_a_video_is_the_text_of_an_entry_without_another() -> None:
    group = "<media:group><media:title>A talk</media:title><media:description>On the bridge.</media:description>"
    item = f"<item><title>A talk</title><link>/1</link>{group}</media:group></item>"
    picture = f"<item><title>Quiet</title><link>/2</link>{MEDIA}<media:description>Rain.</media:description></item>"

    assert [entry.text for entry in articles(media_rss(item + picture))] == ["On the bridge.", ""]


def test_related_headlines_of_an_aggregator_are_no_text() -> None:
    related = "".join(
        f'<li><a href="https://news.example/{n}">{headline}</a>&nbsp;&nbsp;<font color="#6f6f6f">{name}</font></li>'
        for n, (headline, name) in enumerate([("Storm hits the coast", "Lab Times"), ("Works close", "Sund Post")])
    )
    item = (
        "<item><title>Storm hits the coast - Lab Times</title><link>https://news.example/0</link>"
        f"<description><![CDATA[<ol>{related}</ol>]]></description>"
        "<source url='https://lab.example'>Lab Times</source></item>"
    )

    assert articles(rss(item))[0].text == ""


@pytest.mark.parametrize(
    "related",
    [
        "<h3>Related posts</h3><ul><li><a href='/a'>Wolves return</a></li><li><a href='/b'>Rates fall</a></li></ul>",
        "<p><strong>Ähnliche Beiträge:</strong></p><ol><li><a href='/a'>Wolves return</a> (5 May)</li></ol>",
        "<p>Read also: <a href='/a'>Wolves return</a></p>",
        "<p><b>See also</b><br><a href='/a'>Wolves return</a><br><a href='/b'>Rates fall</a></p>",
        "<h3>You may also like</h3><p><a href='/a'>Wolves return</a></p><p><a href='/b'>Rates fall</a></p>",
        "<div class='yarpp-related'><h4>Related</h4><p><a href='/a'>Wolves return</a></p></div>",
        "<div class='related-posts'><a href='/a'>Wolves return</a></div>",
    ],
)
def test_a_list_of_related_posts_is_no_text(related: str) -> None:
    body = f"<description><![CDATA[<p>The works in Nord will close.</p>{related}]]></description>"

    assert (
        articles(rss(f"<item><title>N</title><link>/1</link>{body}</item>"))[0].text == "The works in Nord will close."
    )


def test_a_list_of_links_that_is_the_text_remains() -> None:
    links = "<ul><li><a href='/a'>Wolves return</a></li><li><a href='/b'>Rates fall</a></li></ul>"
    item = f"<item><title>Links of the day</title><link>/1</link><description><![CDATA[{links}]]></description></item>"

    assert articles(rss(item))[0].text == "Wolves return\n\nRates fall"


@pytest.mark.parametrize(
    ("link", "base", "url"),
    [
        ("2026/lab.html", "", "https://site.example/news/2026/lab.html"),
        ("/lab.html", "", "https://site.example/lab.html"),
        ("lab.html", " xml:base='https://base.example/x/'", "https://base.example/x/lab.html"),
        ("https://other.example/lab.html?sig=a%2Fb%3D&amp;t=1", "", "https://other.example/lab.html?sig=a%2Fb%3D&t=1"),
    ],
)
def test_a_relative_link_is_resolved_against_the_site(link: str, base: str, url: str) -> None:
    feed = rss(
        f"<item><title>A lab</title><link>{link}</link></item>",
        head="<title>Wire</title><link>https://site.example/news/</link>",
    )

    assert articles(feed.replace("<rss", f"<rss{base}"))[0].url == url


def test_an_id_does_not_depend_on_the_address_of_the_site() -> None:
    item = "<item><title>A lab</title><link>https://site.example/1</link><guid>17</guid></item>"

    assert articles(rss(item, head="<link>https://site.example/</link>"))[0].key == "guid:https://example.com/17"


def test_the_page_in_the_language_of_the_entry_is_opened() -> None:
    links = "".join(
        f"<link rel='alternate' type='text/html' hreflang='{code}' href='https://example.com/{code}'/>"
        for code in ("fr", "de-DE", "en")
    )
    feed = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Draht</title><id>x</id><entry><id>1</id>{links}"
        "<title>Die Regierung hat neue Sanktionen gegen drei Unternehmen aus dem Ausland beschlossen</title>"
        "<summary>Das teilte das Ministerium am Dienstag in der Hauptstadt mit.</summary></entry></feed>"
    )

    assert articles(feed)[0].url == "https://example.com/de-DE"


def test_an_entry_without_a_link_has_the_address_of_its_file() -> None:
    file = "<enclosure url='https://cdn.example/1.mp3' type='audio/mpeg' length='1'/>"
    item = f"<item><title>Episode 1</title><guid isPermaLink='false'>e1</guid>{file}</item>"

    assert (articles(rss(item))[0].url, articles(rss(item))[0].key) == ("https://cdn.example/1.mp3", "guid:e1")


GERMAN = (
    ("Die Sanktionen gegen den Konzern wirken", "Die Regierung hat am Dienstag neue Sanktionen beschlossen."),
    ("Zölle steigen", "Das Ministerium teilte mit, dass die Zölle auf Stahl ebenfalls steigen sollen."),
    ("Huawei 5G", ""),
)
ENGLISH = "The ministry said on Tuesday that the works in the north of the country would close by the end of the year. "


def language_rss(entries: Sequence[tuple[str, str]], declared: str) -> str:
    items = "".join(f"<item><title>{title}</title><description>{text}</description></item>" for title, text in entries)
    return rss(items, head=f"<title>Wire</title><link>https://example.com/</link><language>{declared}</language>")


def test_all_entries_together_decide_the_language() -> None:
    assert [entry.language for entry in articles(language_rss(GERMAN, "en-US"))] == ["de"] * 3


def test_an_entry_that_is_surely_in_another_language_keeps_it() -> None:
    entries = [*GERMAN, ("Works close", ENGLISH * 3), ("华为获5G牌照", "")]

    assert [entry.language for entry in articles(language_rss(entries, "de"))] == ["de", "de", "de", "en", "zh"]


def test_a_few_words_do_not_outweigh_the_declared_language() -> None:
    assert [entry.language for entry in articles(language_rss([("Huawei 5G", "")], "de"))] == ["de"]


@pytest.mark.parametrize("file", sorted(FEEDS.glob("*.*")), ids=lambda file: file.name)
def test_articles_are_the_same_whether_the_html_was_cleaned_or_not(file: Path) -> None:
    body, url = file.read_bytes(), "https://example.com/feed.xml"

    cleaned = drafts_of(parse_feed(body, content_type=None, url=url), url=url)

    assert read_feed(body, content_type=None, url=url).entries == cleaned
