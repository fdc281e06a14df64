"""Author and date of a web page: as its head states them, as the page shows them, or as trafilatura finds them."""

from datetime import UTC, datetime

import pytest

from handlers.sources.documents.page import read_page
from handlers.sources.documents.page_byline import name_in_byline

TEXT = "<p>The operator signed an agreement with the supplier, the two companies said on Monday.</p>" * 3
HEADLINE = "<h1>Operator signs a deal</h1>"


def page(body: str, head: str = "", language: str = "en") -> str:
    return (
        f"<html lang={language}><head><title>Operator signs a deal</title>{head}</head><body><header>Menu</header>"
        f"<main>{body}</main><footer>© 2020 Sample Post</footer></body></html>"
    )


@pytest.mark.parametrize(
    ("document", "author", "day"),
    [
        (page(f"{HEADLINE}<p>By Ann Roe</p><p>5 May 2026</p>{TEXT}"), "Ann Roe", "2026-05-05"),
        (page(f"{HEADLINE}<div>Von Ann Roe am 05.05.2026</div>{TEXT}", language="de"), "Ann Roe", "2026-05-05"),
        (page(f"<div class=date>5 May 2026</div>{HEADLINE}<a rel=author>Ann Roe</a>{TEXT}"), "Ann Roe", "2026-05-05"),
        (page(f"{HEADLINE}<span class=byline-name>Ann Roe and Bo Li</span>{TEXT}"), "Ann Roe and Bo Li", None),
        (page(f"{HEADLINE}<time datetime='2026-05-05T10:00:00Z'>an hour ago</time>{TEXT}"), None, "2026-05-05"),
        (page(f"{HEADLINE}<p>Updated 6 May 2026</p><p>Published 5 May 2026</p>{TEXT}"), None, "2026-05-05"),
        (page(f"{HEADLINE}<p>Updated 6 May 2026</p>{TEXT}"), None, "2026-05-06"),
        (page(f"{HEADLINE}<p>5.5.2026 - {TEXT[3:]}"), None, "2026-05-05"),
        (page(f"{HEADLINE}<p class=date>5/6/2026</p>{TEXT}", language="en-GB"), None, "2026-06-05"),
        (page(f"{HEADLINE}<p class=date>5/6/2026</p>{TEXT}", language="fr"), None, "2026-06-05"),
        (page(f"<div class=text>{TEXT}</div><p>5 May 2026</p>"), None, "2026-05-05"),
    ],
)
def test_author_and_date_that_a_page_shows_are_those_of_its_article(
    document: str, author: str | None, day: str | None
) -> None:
    draft = read_page(document, origin="a")

    assert draft.author == author
    assert (draft.published_at.date().isoformat() if draft.published_at else None) == day


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><time datetime='2019-01-02'>2 January 2019</time><p>By Cy Doe</p></aside>",
        "<nav><p>2 February 2019</p></nav>",
        "<div class=related-posts><span class=date>2 February 2019</span><span class=author>Cy Doe</span></div>",
        "<div id=comments><span class=author>Cy Doe</span><span class=date>2 February 2019</span></div>",
        "<p hidden>By Cy Doe, 2 February 2019</p>",
    ],
)
def test_bylines_of_other_articles_and_comments_are_not_those_of_the_article(beside: str) -> None:
    draft = read_page(page(f"{HEADLINE}{beside}{TEXT}"), origin="a")

    assert (draft.author, draft.published_at) == (None, None)


def test_the_head_counts_more_than_what_the_page_shows() -> None:
    head = "<meta name=author content='Ann Roe'><meta property='article:published_time' content='2026-05-05T23:00:00Z'>"

    draft = read_page(page(f"{HEADLINE}<p>By Cy Doe</p><p class=date>6 May 2026</p>{TEXT}", head), origin="a")

    assert (draft.author, draft.published_at) == ("Ann Roe", datetime(2026, 5, 5, 23, tzinfo=UTC))


def test_the_only_shown_date_counts_if_the_head_states_when_the_article_was_created() -> None:
    head = '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "datePublished": "2026-05-01"}</script>'

    draft = read_page(page(f"{HEADLINE}<time datetime='2026-05-11'>11 May 2026</time>{TEXT}", head), origin="a")

    assert draft.published_at == datetime(2026, 5, 11, tzinfo=UTC)


def test_an_author_who_is_the_publisher_gives_way_to_the_person_that_the_page_shows() -> None:
    head = "<meta property='og:site_name' content='Sample Post'><meta name=author content='Sample Post'>"

    assert read_page(page(f"{HEADLINE}<p>By Ann Roe</p>{TEXT}", head), origin="a").author == "Ann Roe"
    assert read_page(page(f"{HEADLINE}{TEXT}", head), origin="a").author == "Sample Post"


def test_json_ld_may_name_the_author_in_an_object_of_its_own() -> None:
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Operator signs a deal", '
        '"author": {"@id": "#ann"}}, {"@type": "Person", "@id": "#ann", "name": "Ann Roe"}]}</script>'
    )

    assert read_page(page(f"{HEADLINE}{TEXT}", head), origin="a").author == "Ann Roe"


def test_a_year_alone_is_no_date_of_publication() -> None:
    draft = read_page(page(f"{HEADLINE}{TEXT}<p>Report for 2019</p>"), origin="a")

    assert draft.published_at is None


def test_a_date_of_an_event_in_the_text_is_not_that_of_publication() -> None:
    text = "<p>Operators must replace the masts by 31 December 2027, the ministry said on Monday.</p>" * 3

    assert read_page(page(f"{HEADLINE}{text}"), origin="a").published_at is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://news.example/2026/nov/20/operator-signs", "2026-11-20"),
        ("https://news.example/20-11-2026", "2026-11-20"),
        ("https://news.example/2026/11/operator-signs", None),
        ("https://news.example/10/12/20", None),
        ("https://1.2.2026.example/a", None),
    ],
)
def test_the_day_in_the_path_of_a_url_is_the_date_if_the_page_shows_none(url: str, day: str | None) -> None:
    published_at = read_page(page(f"{HEADLINE}{TEXT}"), origin="a", base_url=url).published_at

    assert (published_at.date().isoformat() if published_at else None) == day


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("By Ann Roe", "Ann Roe"),
        ("By Ann Roe, Reuters", "Ann Roe"),
        ("Written by Ann Roe on 5 May 2026", "Ann Roe"),
        ("Autorin: Ann Roe", "Ann Roe"),
        ("Posted by", None),
        ("admin", None),
        ("Share", None),
    ],
)
def test_a_byline_names_a_person(text: str, name: str | None) -> None:
    assert name_in_byline(text) == name
