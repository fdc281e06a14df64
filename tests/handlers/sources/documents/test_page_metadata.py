"""Metadata of web pages: titles without the site's name, the URL, and JSON-LD."""

import pytest

from handlers.sources.documents.page import read_page
from handlers.sources.documents.page_metadata import without_site

TEXT = (
    "<p>The operator has signed an agreement with the supplier, the two companies said on Monday in a statement.</p>"
    * 3
)


@pytest.mark.parametrize(
    ("title", "publisher", "url", "cleaned"),
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
def test_a_title_loses_the_name_of_its_site_if_that_is_known(
    title: str, publisher: str | None, url: str | None, cleaned: str
) -> None:
    assert without_site(title, publisher, url) == cleaned


def test_a_logo_marked_as_headline_is_not_the_headline() -> None:
    page = (
        "<html><head><title>Huawei signs a deal - The Sample</title></head><bo"
        f"dy><h1>The Sample</h1><h2>Huawei signs a deal</h2>{TEXT}</body></html>"
    )

    assert read_page(page, origin="a").title == "Huawei signs a deal"


def test_the_url_is_where_the_page_was_found_unless_the_page_states_another() -> None:
    page = f"<html><head><title>A title of a page</title></head><body>{TEXT}</body></html>"
    canonical = page.replace("<head>", "<head><link rel='canonical' href='https://example.org/real'>")

    assert read_page(page, origin="a", base_url="https://example.com/x").url == "https://example.com/x"
    assert read_page(canonical, origin="a", base_url="https://example.com/x").url == "https://example.org/real"
    assert read_page(page, origin="a").url is None


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[", "//"])
def test_a_canonical_link_that_is_not_a_web_address_is_ignored(href: str) -> None:
    page = (
        "<html><head><title>A title of a page</title><link rel='c"
        f"anonical' href='{href}'></head><body>{TEXT}</body></html>"
    )

    assert read_page(page, origin="a").url is None


def test_damaged_json_ld_is_ignored() -> None:
    page = (
        "<html><head><title>A title of a page</title><script type='applic"
        f"ation/ld+json'>{{'x': [</script></head><body>{TEXT}</body></html>"
    )

    assert read_page(page, origin="a").title == "A title of a page"
