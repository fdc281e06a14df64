"""Web pages: fallbacks for pages without paragraphs, scripts instead of text, and paywalls."""

from handlers.sources.documents.page import read_page


def test_a_page_without_paragraphs_is_read() -> None:
    page = (
        "<html><body><div>Huawei signs a deal</div><div>The operator said o"
        "n Monday that it had signed.<br>It gave no sum.</div></body></html>"
    )

    draft = read_page(page, origin="a")

    assert "The operator said on Monday that it had signed." in f"{draft.title} {draft.text}"


def test_a_page_that_scripts_fill_is_read_from_its_json_ld() -> None:
    words = "The operator has signed an agreement with the supplier. " * 6
    data = f'{{"@type": "NewsArticle", "headline": "Huawei signs a deal", "articleBody": "{words}"}}'
    page = (
        f"<html><head><script type='application/ld+json'>{data}</script></head><body><div id=app></div></body></html>"
    )

    draft = read_page(page, origin="a")

    assert draft.title == "Huawei signs a deal"
    assert "signed an agreement" in draft.text


def test_behind_a_paywall_the_description_is_the_text() -> None:
    page = (
        "<html lang=en><head><title>Huawei signs 5G deal</title><meta property='og:description' "
        "content='Huawei has signed a contract to build 5G networks despite US sanctions.'></head><body><main>"
        "<h1>Huawei signs 5G deal</h1><p>To continue reading, subscribe now.</p><p>Already a subscriber? Log in.</p>"
        "<p>We and our 145 partners store cookies on your device to personalise adverts.</p></main></body></html>"
    )

    draft = read_page(page, origin="a")

    assert draft.text == "Huawei has signed a contract to build 5G networks despite US sanctions."
