"""Metrics for Prometheus."""

from tests.bot.web.conftest import drop, page
from tests.support.web_server import ARTICLE, Site


async def test_metrics_show_the_totals_of_the_database_and_no_text_from_outside(site: Site) -> None:
    await drop(site, "copied.txt", ARTICLE.encode())
    await page(site, "a-path-that-somebody-made-up")

    text = await page(site, "metrics")

    assert 'wirewatch_arrivals{state="matched"} 1.0' in text
    assert 'wirewatch_deliveries{state="owed"} 1.0' in text
    assert "wirewatch_ledger_agrees 1.0" in text
    assert 'route="/channels/{channel_id}/files"' in text
    assert "somebody-made-up" not in text
