"""The bot on PostgreSQL: a web process and a worker with one database."""

import re
from pathlib import Path

import pytest

from tests.support.bot_process import started, wait_for
from tests.support.command_line import CommandLine

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
