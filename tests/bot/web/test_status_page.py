"""The status page: the ledger, the sources and the topics."""

from tests.bot.web.conftest import drop, page
from tests.support.web_server import ARTICLE, Site


async def test_status_shows_the_ledger_the_sources_and_the_topics(site: Site) -> None:
    await drop(site, "copied.txt", ARTICLE.encode())

    html = await page(site, "status")

    assert "the sums agree" in html
    assert "Dropped files" in html
    assert 'aria-label="Huawei: 1 article in 30 days"' in html
