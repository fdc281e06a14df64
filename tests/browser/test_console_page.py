"""The console page in Chromium, as a person uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.console.timeline import PAGE_SIZE
from handlers.answers.answer import Notice
from storage.store import Store
from tests.support.browser import open_browser
from tests.support.fakes import FakeClock
from tests.support.posts import alert, digest, note
from tests.support.web_server import ARTICLE, Site, open_site

pytestmark = pytest.mark.browser

TOKEN = "a-token-of-the-page-0123"
HEADLINE = "MTS and Huawei agree to build 5G in Russia"
HOSTILE = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script> @everyone"


@dataclass(slots=True)
class Visit:
    """An open page, and the errors that it reported."""

    page: Page
    problems: list[str]


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock()) as opened:
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened


@asynccontextmanager
async def visit(browser: Browser, address: str, **options: Any) -> AsyncIterator[Visit]:
    context = await browser.new_context(**options)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    opened = Visit(page, [])
    page.on("pageerror", lambda error: opened.problems.append(str(error)))
    page.on("console", lambda line: opened.problems.append(line.text) if line.type == "error" else None)
    await page.goto(address)
    try:
        yield opened
    finally:
        await context.close()


@asynccontextmanager
async def channel_page(browser: Browser, site: Site, **options: Any) -> AsyncIterator[Page]:
    """Open the page of #general and wait until it is live. The page must report no error, such as a blocked script."""
    async with visit(browser, site.channel_url(), **options) as opened:
        await opened.page.wait_for_selector("main[data-live]")
        yield opened.page
        assert opened.problems == []


async def say(page: Page, words: str) -> None:
    await page.fill("#words", words)
    await page.press("#words", "Enter")


async def test_an_alert_arrives_live_and_is_announced(site: Site, browser: Browser) -> None:
    async with channel_page(browser, site) as page:
        await expect(page.locator(".welcome")).to_be_visible()

        await site.messenger.post(site.channel, alert(), key="k1")

        await expect(page.locator(".message .headline")).to_have_text(HEADLINE)
        await expect(page.locator(".message .sentence b")).to_have_text(["MTS", "Huawei", "5G"])
        await expect(page.locator("#announce")).to_have_text(HEADLINE)
        await expect(page.locator(".day h2")).to_have_text("Monday 23 November")
        await expect(page.locator(".welcome")).to_have_count(0)


async def test_an_alert_that_grows_is_updated_in_place(site: Site, browser: Browser) -> None:
    ref = await site.messenger.post(site.channel, alert(), key="k1")
    async with channel_page(browser, site) as page:
        await site.messenger.post(site.channel, note(), key="k2", thread=ref)

        await expect(page.locator(".thread summary")).to_have_text("1 update")
        await expect(page.locator(".thread .note")).to_contain_text("Washington will review licences.")
        await expect(page.locator(".message")).to_have_count(1)


async def test_suggestions_complete_a_command(site: Site, browser: Browser) -> None:
    async with channel_page(browser, site) as page:
        await page.keyboard.press("/")
        await page.keyboard.type("bri")
        await expect(page.get_by_role("option")).to_have_count(1)
        await page.keyboard.press("Tab")
        await page.keyboard.type("hua")
        await expect(page.get_by_role("option").first).to_contain_text("Huawei")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator("#words")).to_have_value("/brief Huawei")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Enter")

        await expect(page.locator("[data-private] [data-answer]")).to_be_visible()
        await expect(page.locator("[data-private] .typed")).to_have_text("/brief Huawei")
        await expect(page.locator("[data-private] .only-you")).to_contain_text("Only you see this")
        await expect(page.locator("#words")).to_have_value("")
        await page.get_by_role("button", name="Dismiss").click()
        await expect(page.locator("[data-private]")).to_have_count(0)


async def test_a_button_shows_its_answer(site: Site, browser: Browser) -> None:
    await post_article(site)
    async with channel_page(browser, site) as page:
        await page.get_by_role("button", name="Why?").first.click()

        await expect(page.locator("[data-private] [data-answer]")).to_contain_text(HEADLINE)


async def test_a_dropped_file_is_ingested_and_its_alert_arrives(site: Site, browser: Browser) -> None:
    async with channel_page(browser, site) as page:
        await page.evaluate(
            """(text) => {
                const files = new DataTransfer();
                files.items.add(new File([text], "copied.txt", { type: "text/plain" }));
                const carry = (name) => new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true });
                document.body.dispatchEvent(carry("dragenter"));
                window.wasOffered = !document.querySelector(".drop").hidden;
                document.body.dispatchEvent(carry("drop"));
            }""",
            ARTICLE,
        )

        await expect(page.locator("[data-private] .row-title")).to_have_text(HEADLINE)
        await expect(page.locator("[data-private] .row-quote b").first).to_have_text(["MTS", "and", "Huawei"][2])
        assert await page.evaluate("window.wasOffered") is True
        await expect(page.locator(".drop")).to_be_hidden()
        await site.deliver_all()
        await expect(page.locator(".message.alert .headline")).to_have_text(HEADLINE)


async def test_a_file_can_be_chosen_in_a_dialog(site: Site, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "copied.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    async with channel_page(browser, site) as page:
        await page.set_input_files("[data-file]", file)

        await expect(page.locator("[data-private] .row-title")).to_have_text(HEADLINE)


async def test_a_hostile_headline_is_only_text(site: Site, browser: Browser) -> None:
    async with channel_page(browser, site) as page:
        await site.messenger.post(site.channel, alert(HOSTILE, url="javascript:document.title='pwned'"), key="k1")

        await expect(page.locator(".headline")).to_have_text(HOSTILE)
        assert await page.locator(".headline a, .headline img, .headline script").count() == 0
        assert "pwned" not in await page.title()


async def test_other_channels_are_marked_unread_until_they_are_seen(site: Site, browser: Browser) -> None:
    async with site.store.read() as tx:
        other = await tx.channels.find(site.channel.workspace_id, "other")
    assert other is not None
    async with channel_page(browser, site) as page:
        await site.messenger.post(other, alert(), key="k1")

        await expect(page.locator(".unread:visible")).to_have_text("1")
        assert (await page.title()).startswith("(1) ")
        await page.get_by_role("link", name="other").click()
        await page.wait_for_selector("main[data-live]")
        await expect(page.locator(".headline")).to_have_text(HEADLINE)
        await expect(page.locator(".unread:visible")).to_have_count(0)


async def test_earlier_messages_are_loaded_above_the_newest_ones(site: Site, browser: Browser) -> None:
    for number in range(PAGE_SIZE + 3):
        await site.messenger.post(site.channel, Notice(text=f"number {number}"), key=f"k{number}")
    async with channel_page(browser, site) as page:
        await expect(page.locator(".message")).to_have_count(PAGE_SIZE)

        await page.get_by_role("link", name="Earlier messages").click()

        await expect(page.locator(".message")).to_have_count(PAGE_SIZE + 3)
        await expect(page.locator(".message .notice-text").first).to_have_text("number 0")
        await expect(page.locator(".day")).to_have_count(1)


async def test_the_status_page_shows_sources_topics_and_the_ledger(site: Site, browser: Browser) -> None:
    await post_article(site)
    async with visit(browser, f"{site.url}status") as opened:
        await expect(opened.page.locator("#ledger-title")).to_contain_text("the sums agree")
        await expect(opened.page.locator(".sources tbody th")).to_contain_text(["HTTP API"])
        await expect(opened.page.get_by_role("img", name="Huawei: 1 article in 30 days")).to_be_visible()
        assert opened.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_has_enough_contrast_in_light_and_dark_mode(site: Site, browser: Browser, scheme: Any) -> None:
    await site.messenger.post(site.channel, digest(), key="k1")
    await site.messenger.post(site.channel, alert(), key="k2")
    async with channel_page(browser, site, color_scheme=scheme) as page:
        for part in (".headline", ".sentence", ".byline", ".figures", ".buttons .button", ".when", ".chart text"):
            assert await page.evaluate(CONTRAST, part) >= 4.5, part
        is_dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        assert is_dark is (scheme == "dark")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
async def test_nothing_is_cut_off_at_any_width(site: Site, browser: Browser, width: int) -> None:
    await site.messenger.post(site.channel, digest(), key="k1")
    await site.messenger.post(site.channel, alert("W" * 200), key="k2")
    async with channel_page(browser, site, viewport={"width": width, "height": 800}) as page:
        await say(page, "/news")
        await page.wait_for_selector("[data-answer]")
        wide = await page.evaluate(
            "[...document.querySelectorAll('.timeline *')].filter((e) => !e.closest('.hidden, svg, pre') && "
            "e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className || e.tagName)"
        )
        assert wide == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await expect(page.locator("#words")).to_be_in_viewport()


async def test_a_person_signs_in_and_out(sqlite_store: Store, browser: Browser) -> None:
    async with (
        open_site(sqlite_store, FakeClock(), token=TOKEN) as site,
        visit(browser, f"{site.url}status") as opened,
    ):
        page = opened.page
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        await page.fill("#token", "not the token")
        await page.press("#token", "Enter")
        await expect(page.get_by_role("alert")).to_have_text("This token is not correct.")
        await page.fill("#token", TOKEN)
        await page.press("#token", "Enter")

        await expect(page.get_by_role("heading", name="Status", exact=True)).to_be_visible()
        assert TOKEN not in str(await page.context.cookies())
        await page.goto(site.channel_url())
        await page.wait_for_selector("main[data-live]")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_the_page_works_without_a_script(site: Site, browser: Browser) -> None:
    await site.messenger.post(site.channel, alert(), key="k1")
    async with visit(browser, site.channel_url(), java_script_enabled=False) as opened:
        await say(opened.page, "/news")

        await expect(opened.page.locator("[data-answer]")).to_be_visible()
        await expect(opened.page.locator(".message .headline")).to_have_text(HEADLINE)


async def post_article(site: Site) -> None:
    """Post an article to the API and deliver its alert."""
    async with site.session.post(
        f"{site.url}api/documents", data=ARTICLE.encode(), headers={"Content-Type": "text/plain"}
    ) as answer:
        assert answer.status == 202
    await site.deliver_all()


CONTRAST = """(selector) => {
    const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgb = (color, under) => {
        paint.fillStyle = `rgb(${under})`; paint.fillRect(0, 0, 1, 1);
        paint.fillStyle = color; paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (color) => {
        const linear = (part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = color.map((part) => linear(part / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return Math.min(...[...document.querySelectorAll(selector)].map((element) => {
        const layers = [];
        for (let box = element; box; box = box.parentElement) layers.unshift(getComputedStyle(box).backgroundColor);
        const back = layers.reduce((under, color) => rgb(color, under), [255, 255, 255]);
        const style = getComputedStyle(element);
        const front = rgb(element.matches("svg text") ? style.fill : style.color, back);
        const [low, high] = [light(back), light(front)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    }));
}"""
"""The lowest contrast ratio of text in the elements: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
