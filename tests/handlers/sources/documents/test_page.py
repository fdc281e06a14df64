"""Web pages: facts from the head, titles without the site's name, fallbacks, and pages made to hang a reader."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.page import read_page
from handlers.sources.documents.page_metadata import without_site
from handlers.sources.text.html_limits import MAX_PAGE_CHARACTERS, limit_html

TEXT = (
    "<p>The operator has signed an agreement with the supplier, the two companies said on Monday in a statement.</p>"
    * 3
)


@pytest.mark.parametrize(
    ("title", "publisher", "address", "cleaned"),
    [
        ("Huawei signs deal - Sample Post", "Sample Post", None, "Huawei signs deal"),
        ("Huawei signs deal | World | Sample Post", "Sample Post", None, "Huawei signs deal | World"),
        ("Sample Post: Huawei signs deal", "Sample Post", None, "Sample Post: Huawei signs deal"),
        ("Sample Post | Huawei signs deal", "Sample Post", None, "Huawei signs deal"),
        ("Huawei signs deal — The Sample Post", "Sample Post", None, "Huawei signs deal"),
        ("Huawei signs deal - samplepost.com", None, "https://www.samplepost.com/a", "Huawei signs deal"),
        ("US - China talks", "Sample Post", None, "US - China talks"),
        ("5G – what now?", None, None, "5G – what now?"),
        ("Sample Post", "Sample Post", None, "Sample Post"),
    ],
)
def test_a_title_loses_the_name_of_its_site_when_that_is_known(
    title: str, publisher: str | None, address: str | None, cleaned: str
) -> None:
    assert without_site(title, publisher, address) == cleaned


def test_a_logo_marked_as_headline_is_not_the_headline() -> None:
    page = (
        "<html><head><title>Huawei signs a deal - The Sample</title></head><bo"
        f"dy><h1>The Sample</h1><h2>Huawei signs a deal</h2>{TEXT}</body></html>"
    )

    assert read_page(page, origin="a").title == "Huawei signs a deal"


def test_the_address_is_where_it_was_found_unless_the_page_names_another() -> None:
    page = f"<html><head><title>A title of a page</title></head><body>{TEXT}</body></html>"
    canonical = page.replace("<head>", "<head><link rel='canonical' href='https://example.org/real'>")

    assert read_page(page, origin="a", base_url="https://example.com/x").url == "https://example.com/x"
    assert read_page(canonical, origin="a", base_url="https://example.com/x").url == "https://example.org/real"
    assert read_page(page, origin="a").url is None


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[", "//"])
def test_an_address_that_is_no_web_address_is_not_taken(href: str) -> None:
    page = (
        "<html><head><title>A title of a page</title><link rel='c"
        f"anonical' href='{href}'></head><body>{TEXT}</body></html>"
    )

    assert read_page(page, origin="a").url is None


def test_a_page_without_paragraphs_is_still_read() -> None:
    page = (
        "<html><body><div>Huawei signs a deal</div><div>The operator said o"
        "n Monday that it had signed.<br>It gave no sum.</div></body></html>"
    )

    draft = read_page(page, origin="a")

    assert "The operator said on Monday that it had signed." in f"{draft.title} {draft.text}"


def test_the_text_in_linked_data_is_the_fallback_of_a_page_made_by_scripts() -> None:
    words = "The operator has signed an agreement with the supplier. " * 6
    data = f'{{"@type": "NewsArticle", "headline": "Huawei signs a deal", "articleBody": "{words}"}}'
    page = (
        f"<html><head><script type='application/ld+json'>{data}</script></head><body><div id=app></div></body></html>"
    )

    draft = read_page(page, origin="a")

    assert draft.title == "Huawei signs a deal"
    assert "signed an agreement" in draft.text


def test_broken_linked_data_is_ignored() -> None:
    page = (
        "<html><head><title>A title of a page</title><script type='applic"
        f"ation/ld+json'>{{'x': [</script></head><body>{TEXT}</body></html>"
    )

    assert read_page(page, origin="a").title == "A title of a page"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 50_000 + "words",
        "<html><body><div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">words",
        "<html><body>" + "<a href=x>y</a>" * 60_000,
        "<html><body>" + "<table><tr><td>" * 20_000,
        "<html><body>" + "<a " * 100_000,
        "<html><body>" + "<script>" * 50_000,
        "<html><head><script type='application/ld+json'>" + "[" * 100_000 + "</script></head><body>x",
    ],
    ids=["nested", "attributes", "links", "tables", "unclosed", "scripts", "json"],
)
def test_a_page_made_to_hang_a_reader_ends(page: str) -> None:
    try:
        read_page(page, origin="a")
    except UnreadableDocument as error:
        assert "no readable text" in str(error)


def test_scripts_styles_and_comments_are_gone_before_parsing_and_linked_data_stays() -> None:
    page = limit_html(
        "<p>a</p><script>x<b</script><style>y</style><!-- z --><script type='application/ld+json'>{}</script><p>b</p>"
    )

    assert page == "<p>a</p><script type='application/ld+json'>{}</script><p>b</p>"
    assert len(limit_html("<p>" + "a" * (MAX_PAGE_CHARACTERS + 10))) == MAX_PAGE_CHARACTERS


def test_behind_a_paywall_the_description_is_what_there_is_to_read() -> None:
    page = (
        "<html lang=en><head><title>Huawei signs 5G deal</title><meta property='og:description' "
        "content='Huawei has signed a contract to build 5G networks despite US sanctions.'></head><body><main>"
        "<h1>Huawei signs 5G deal</h1><p>To continue reading, subscribe now.</p><p>Already a subscriber? Log in.</p>"
        "<p>We and our 145 partners store cookies on your device to personalise adverts.</p></main></body></html>"
    )

    draft = read_page(page, origin="a")

    assert draft.text == "Huawei has signed a contract to build 5G networks despite US sanctions."
