"""The bot as a real process: its inbox, its HTTP API, SIGTERM, and the state of its database afterwards."""

import contextlib
import json
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from tests.support.bot_process import Bot, started, wait_for
from tests.support.command_line import CommandLine
from tests.support.paths import ROOT

EXAMPLES = len(list((ROOT / "seeds" / "articles").iterdir()))
API_TOKEN = "posting-token-0123456789"
DROPPED = """Ericsson and Nokia warn of a shortage of 5G antennas

Both makers said on Tuesday that antennas for 5G networks will be short until autumn, because one plant has burnt down.
"""
POSTED = {
    "title": "Zambia lifts its tariffs on copper cable",
    "text": "The finance ministry in Lusaka said on Friday that the tariffs end in July, after talks with importers.",
    "url": "https://example.com/zambia-copper",
}


@pytest.fixture
def home(tmp_path: Path) -> CommandLine:
    return CommandLine(home=tmp_path / "data", settings={"WIREWATCH_API_TOKEN": API_TOKEN})


def drop(home: CommandLine, name: str, text: str) -> None:
    """Write the file under a hidden name and rename it, so that the inbox sees it complete."""
    aside = home.home / "inbox" / f".{name}"
    aside.write_text(text, encoding="utf-8")
    aside.rename(aside.with_name(name))


def post(bot: Bot, token: str) -> int:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return bot.ask("/api/documents", body=json.dumps(POSTED).encode(), **headers)[0]


def everything_is_posted(home: CommandLine) -> bool:
    states = home("ledger", "--json").row["deliveries_by_state"]
    return bool(sum(states.values()) == states["sent"])


def use_it(home: CommandLine, bot: Bot) -> list[str]:
    """Drop a file, post a document, wait for the alerts of both, and return all alerts."""
    drop(home, "antennas.txt", DROPPED)
    assert post(bot, "another-token-0123456789") == 401
    assert post(bot, API_TOKEN) == 202
    wait_for("alert for the file", lambda: any("Ericsson" in text for text in bot.alerts()))
    wait_for("alert for the document", lambda: any("Zambia" in text for text in bot.alerts()))
    wait_for("all deliveries", lambda: everything_is_posted(home))
    return bot.alerts()


@pytest.mark.timeout(150)
def test_each_document_causes_one_alert_across_a_restart(home: CommandLine, tmp_path: Path) -> None:
    with started(home.environment(), said=tmp_path / "first.txt") as bot:
        bot.wait_until_started()
        assert bot.ask("/readyz")[0] == bot.ask("/healthz")[0] == 200
        wait_for("example alerts", bot.alerts)
        alerts = use_it(home, bot)
        first = bot.text
        assert bot.stop() == 0

    ledger = home("ledger", "--json").row
    assert ledger["agrees"]
    assert ledger["arrivals"] == ledger["articles"] == EXAMPLES + 2
    assert ledger["alert"] == ledger["deliveries_by_kind"]["alert"] == len(alerts)
    assert (home.home / "inbox" / "done" / "antennas.txt").is_file()

    with started(home.environment(), said=tmp_path / "second.txt") as bot:
        bot.wait_until_started()
        drop(home, "again.txt", DROPPED)
        wait_for("file to be ingested", lambda: (home.home / "inbox" / "done" / "again.txt").is_file())
        assert bot.alerts() == alerts
        assert bot.stop() == 0
        second = bot.text

    again = home("ledger", "--json").row
    assert again["agrees"]
    assert (again["deliveries"], again["articles"]) == (ledger["deliveries"], ledger["articles"])
    assert (again["arrivals"], again["duplicate"]) == (ledger["arrivals"] + 1, 1)
    for text in (first, second, (home.home / "logs" / "wirewatch.log").read_text(encoding="utf-8")):
        assert "Started" in text
        assert API_TOKEN not in text
        assert "Traceback" not in text


@pytest.mark.timeout(150)
def test_a_web_process_and_a_worker_do_the_same_together(home: CommandLine, tmp_path: Path) -> None:
    with (
        started(home.environment(), "--role", "web", said=tmp_path / "web.txt") as web,
        started(home.environment(), "--role", "worker", said=tmp_path / "worker.txt") as worker,
    ):
        web.wait_until_started()
        worker.wait_until_started()
        wait_for("example alerts", web.alerts)
        alerts = use_it(home, web)
        assert web.stop() == 0
        assert worker.stop() == 0
        assert "Traceback" not in web.text + worker.text
        assert API_TOKEN not in web.text + worker.text

    ledger = home("ledger", "--json").row
    assert ledger["agrees"]
    assert ledger["arrivals"] == EXAMPLES + 2
    assert ledger["deliveries_by_kind"]["alert"] == len(alerts)


@pytest.mark.timeout(150)
def test_the_bot_stops_in_time_while_it_reads_a_large_feed(home: CommandLine, tmp_path: Path) -> None:
    with started(home.environment(), said=tmp_path / "said.txt") as bot:
        bot.wait_until_started()
        headers = {"Content-Type": "application/rss+xml", "Authorization": f"Bearer {API_TOKEN}"}
        Thread(target=post_quietly, args=(bot, large_feed(), headers), daemon=True).start()
        sleep(1)

        assert bot.stop() == 0

    assert home("ledger", "--json").code == 0


def large_feed() -> bytes:
    """Return a feed of 20,000 entries."""
    entries = (
        f"<item><title>Entry {number} of town {number}</title><link>https://wire.example/{number}</link>"
        f"<description>The council of town {number} met on Monday.</description></item>"
        for number in range(20_000)
    )
    return f'<rss version="2.0"><channel><title>Wire</title>{"".join(entries)}</channel></rss>'.encode()


def post_quietly(bot: Bot, body: bytes, headers: dict[str, str]) -> None:
    """Post a document, and ignore that the bot stops before it answers, or before it is asked on a busy machine."""
    with contextlib.suppress(OSError, ValueError, AssertionError):
        bot.ask("/api/documents", body=body, **headers)
