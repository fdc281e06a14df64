"""The bot on PostgreSQL: a web process and a worker with one database."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.bot_process import started, wait_for
from tests.support.command_line import CommandLine
from tests.support.tcp_gate import gate_before

DROPPED = """Huawei opens a 5G test field in Zagreb

The company and a Croatian operator said on Monday that 5G tests near Zagreb start in May with forty antennas.
"""


@pytest.mark.timeout(120)
def test_a_web_process_and_a_worker_share_a_postgresql_database(postgres_url: str, tmp_path: Path) -> None:
    home = CommandLine(home=tmp_path / "data", settings={"DATABASE_URL": postgres_url, "WIREWATCH_EXAMPLES": "false"})
    assert home("db", "migrate").code == 0

    with (
        started(home.environment(), "--role", "worker", said=tmp_path / "worker.txt") as worker,
        started(home.environment(), "--role", "web", said=tmp_path / "web.txt") as web,
    ):
        worker.wait_until_started()
        web.wait_until_started()
        inbox = home.home / "inbox"
        wait_for("inbox", (inbox / "failed").is_dir)
        (inbox / "zagreb.txt").write_text(DROPPED, encoding="utf-8")
        alerts = wait_for("alert", web.alerts)
        assert [web.stop(), worker.stop()] == [0, 0]

    assert alerts == ["Huawei opens a 5G test field in Zagreb"]
    ledger = home("ledger", "--json").row
    assert ledger["agrees"]
    assert ledger["deliveries_by_state"]["sent"] == ledger["deliveries"] >= 1
    secret = re.sub(r"^.*?://", "", postgres_url)
    assert secret not in worker.text + web.text


BEGIN = "The database does not answer"
END = "The database answers again"


@pytest.mark.timeout(150)
def test_a_bot_waits_for_its_database_at_the_start_and_whenever_it_is_away(postgres_url: str, tmp_path: Path) -> None:
    address = urlsplit(postgres_url)
    with gate_before(address.port or 0) as gate:
        url = address._replace(netloc=f"{address.username}@127.0.0.1:{gate.port}").geturl()
        settings = {"DATABASE_URL": url, "WIREWATCH_EXAMPLES": "false"}
        home = CommandLine(home=tmp_path / "data", settings=settings)
        with started(home.environment(), said=tmp_path / "bot.txt") as bot:
            wait_for("a line about the wait", lambda: "The start waits for the database" in bot.text, 40)
            gate.open()
            bot.wait_until_started()
            assert bot.ask("/readyz")[0] == 200

            gate.close()
            wait_for("a line about the outage", lambda: BEGIN in bot.text, 40)
            wait_for("health to say so", lambda: "database" in str(bot.ask("/readyz")[1]["reasons"]))
            assert bot.ask("/healthz")[0] == 200
            (home.home / "inbox" / "zagreb.txt").write_text(DROPPED, encoding="utf-8")
            gate.open()
            wait_for("the document", lambda: (home.home / "inbox" / "done" / "zagreb.txt").is_file(), 60)
            wait_for("a line about the end", lambda: END in bot.text, 60)
            assert wait_for("alert", bot.alerts) == ["Huawei opens a 5G test field in Zagreb"]
            wait_for("health", lambda: bot.ask("/readyz")[0] == 200)
            assert bot.stop() == 0
            said = bot.text

    assert said.count("The start waits for the database") == said.count(BEGIN) == said.count(END) == 1
    assert "Traceback" not in said
    assert [line for line in said.splitlines() if "ERROR" in line] == []
