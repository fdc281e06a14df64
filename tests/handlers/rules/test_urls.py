"""The many URLs of an article have the same canonical form, and two articles never do."""

import pytest

from handlers.rules.urls import anchored_url, canonical_url, url_key

SAME = [
    ("HTTP://www.Example.com:80/a/../b/?utm_source=x&id=2&a=1#top", "http://www.example.com/b?a=1&id=2"),
    ("https://example.com:443", "https://example.com/"),
    ("https://example.com/story/", "https://example.com/story"),
    ("https://example.com/story/index.html", "https://example.com/story"),
    ("https://example.com/story?fbclid=abc&gclid=1&mc_cid=2", "https://example.com/story"),
    ("https://example.com/story?at_medium=RSS&at_campaign=KARANGA", "https://example.com/story"),
    ("https://example.com/story?ref=rss", "https://example.com/story"),
    ("https://example.com/story?CMP=share_btn_tw", "https://example.com/story"),
    ("https://example.com/story?rss=1", "https://example.com/story"),
    ("https://example.com/story;jsessionid=0A1B2C?id=4", "https://example.com/story?id=4"),
    ("https://example.com/story?b=2&amp;a=1", "https://example.com/story?a=1&b=2"),
    ("https://example.com/story?q=a+b", "https://example.com/story?q=a%20b"),
    ("https://m.example.com/story", "https://example.com/story"),
    ("https://mobile.example.com/story", "https://example.com/story"),
    ("https://en.m.wikipedia.org/wiki/5G", "https://en.wikipedia.org/wiki/5G"),
    ("https://amp.example.com/story", "https://example.com/story"),
    ("https://example.com/news/story-1/amp/", "https://example.com/news/story-1"),
    ("https://example.com/amp/news/story-1", "https://example.com/news/story-1"),
    ("https://example.com/news/story-1.amp.html", "https://example.com/news/story-1.html"),
    ("https://example.com/story?outputType=amp", "https://example.com/story"),
    ("https://www.google.com/amp/s/www.example.com/news/1", "https://www.example.com/news/1"),
    ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/1", "https://www.example.com/news/1"),
    ("https://www.google.com/url?rct=j&url=https://example.com/news/1&ct=ga", "https://example.com/news/1"),
    ("https://example.com/%7euser/%e4%b8%ad", "https://example.com/~user/%E4%B8%AD"),
    ("https://example.com/中 国", "https://example.com/%E4%B8%AD%20%E5%9B%BD"),
    ("https://müller.de/straße", "https://xn--mller-kva.de/stra%C3%9Fe"),
    ("https://XN--MLLER-KVA.de./a", "https://xn--mller-kva.de/a"),
    ("//example.com/a", "https://example.com/a"),
    (" https://exam\nple.com/a\t", "https://example.com/a"),
    ("https://jo:secret@example.com/a", "https://example.com/a"),
    ("https://example.com/#!/story/1", "https://example.com/#!/story/1"),
    ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
]


@pytest.mark.parametrize(("url", "canonical"), SAME)
def test_different_forms_of_a_url_have_the_same_canonical_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/?1", "https://example.com/?2"),
        ("https://example.com/story?sid=5", "https://example.com/story?sid=6"),
        ("https://example.com/story?page=1", "https://example.com/story?page=2"),
        ("https://example.com/story?ref=12", "https://example.com/story?ref=13"),
        ("https://example.com/story?ncid=1", "https://example.com/story?ncid=2"),
        ("https://example.com/story?source=reuters", "https://example.com/story?source=afp"),
        ("https://example.com/story?sessionid=45", "https://example.com/story?sessionid=46"),
        ("https://example.com/Story", "https://example.com/story"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/a?x=1&x=2", "https://example.com/a?x=2&x=1"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/2"),
        ("https://example.com/a.html", "https://example.com/a"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://m.com.cn/a", "https://com.cn/a"),
        ("https://t.me/a", "https://me/a"),
        ("https://faß.de/a", "https://fass.de/a"),
        ("https://example.com/guitar/amp", "https://example.com/guitar"),
    ],
)
def test_urls_of_different_articles_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)
    assert url_key(one) != url_key(other)


TRACKING = """
utm_source=rss srsltid=AfmBO1 gad_source=1 gad_campaignid=22 _bhlid=0a1b rb_clickid=12-a __cft__[0]=AZ __tn__=-R
ck_subscriber_id=99 _kx=ab.cd mkt_tok=x trk=feed trackingId=abc CMP=rss wt_zmc=x.y s_kwcid=AL!1 epik=dj0 yclid=1
sc_cmp1=x campaign_id=9&emc=edit_nn sfmc_id=1 vgo_ee=a hss_channel=tw-1 mc_cid=1a&mc_eid=2b via=newsletter
publication_id=1&post_id=2&r=abc showWelcomeOnShare=false sh=5d1 taid=650 cndid=1 li_source=LI itm_source=api oc=5
share_id=123 sk=v2-abc af=R partner=rss&emc=rss
""".split()


@pytest.mark.parametrize("query", TRACKING)
def test_parameters_that_track_readers_are_left_out(query: str) -> None:
    assert canonical_url(f"https://example.com/story?{query}") == "https://example.com/story"
    assert canonical_url(f"https://example.com/story?{query}&id=7") == "https://example.com/story?id=7"


@pytest.mark.parametrize(
    "query", ["af=12", "oc=512", "sh=12", "sk=1", "emc=2", "campaign_id=9", "post_id=2", "publication_id=1", "r=abc"]
)
def test_names_with_other_meanings_are_kept_unless_their_value_marks_a_share(query: str) -> None:
    assert canonical_url(f"https://example.com/story?{query}") == f"https://example.com/story?{query}"


@pytest.mark.parametrize(
    ("url", "anchored"),
    [
        ("https://example.com/notes#v1-1", "https://example.com/notes#v1-1"),
        ("https://example.com/notes/?utm_source=x#v1.1", "https://example.com/notes#v1.1"),
        ("https://example.com/notes#2026-11-24 a", "https://example.com/notes#2026-11-24%20a"),
        ("https://example.com/a#xtor=RSS-1", "https://example.com/a"),
        ("https://example.com/a#id=7", "https://example.com/a#id=7"),
        ("https://example.com/a#comments", "https://example.com/a"),
        ("https://example.com/a#:~:text=one", "https://example.com/a"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/1"),
        ("https://example.com/a#", "https://example.com/a"),
        ("mailto:a@b.c#d", None),
    ],
)
def test_a_fragment_that_names_a_section_is_kept(url: str, anchored: str | None) -> None:
    assert anchored_url(url) == anchored
    assert anchored is None or anchored_url(anchored) == anchored


NOT_WEB_ADDRESSES = [
    "",
    "example",
    "ftp://example.com/a",
    "javascript:alert(1)",
    "mailto:a@b.c",
    "http://",
    "http://a:99999/",
]
NOT_WEB_ADDRESSES += ["http://a b/", "http://[::1", "urn:uuid:1", "data:text/html,x", "http://" + "a" * 64 + ".com/"]


@pytest.mark.parametrize("url", NOT_WEB_ADDRESSES)
def test_anything_but_a_web_address_has_no_canonical_form(url: str) -> None:
    assert canonical_url(url) is None


def test_the_key_has_no_scheme_and_no_www_and_front_pages_have_none() -> None:
    assert url_key("http://www.example.com/a/") == url_key("https://example.com/a") == "example.com/a"
    assert url_key("https://example.com/") is None
    assert url_key("https://example.com/?p=12") == "example.com/?p=12"
