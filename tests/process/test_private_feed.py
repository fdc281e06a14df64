"""A feed with a password in its address: the real process reads it, also after a restart, and stores no plain text."""

import stat
from base64 import b64encode
from pathlib import Path

import pytest
from aiohttp import web

from tests.support.bot_process import Bot, started, wait_for
from tests.support.command_line import CommandLine
from tests.support.http_server import LocalServer, local_server, run_in_thread

SECRETS = ("hunter22", "Zx9Qw7ab")
FEED = b"""<rss version="2.0"><channel><title>Private Wire</title><link>https://wire.example/</link>
<item><title>Huawei opens a plant in Zagreb</title><link>?id=1&amp;token=Zx9Qw7ab</link><guid>1</guid>
<description>Huawei opened a plant on Monday. Read more with Zx9Qw7ab.</description></item></channel></rss>"""


async def feed(request: web.Request) -> web.StreamResponse:
    right = f"Basic {b64encode(b'ann:hunter22').decode()}"
    if request.headers.get("Authorization") != right or request.query.get("token") != "Zx9Qw7ab":
        return web.Response(status=401)
    return web.Response(body=FEED)


def answered(server: LocalServer) -> int:
    return len([request for request in server.requests if "token=Zx9Qw7ab" in request.path])


def readable(home: Path, said: str) -> list[str]:
    """The secrets found in plain text in the files of the data folder or in what the bot printed."""
    held = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()) + said.encode()
    return [secret for secret in SECRETS if secret.encode() in held]


def open_to_others(home: Path) -> list[str]:
    return [str(path) for path in (home, *home.rglob("*")) if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def show(bot: Bot) -> str:
    return "".join(str(bot.get(path)) for path in ("/healthz", "/readyz", "/api/messages?limit=200"))


@pytest.mark.timeout(120)
def test_a_private_feed_is_read_after_a_restart_and_its_secret_is_stored_encrypted_only(tmp_path: Path) -> None:
    settings = {"WIREWATCH_EXAMPLES": "false", "WIREWATCH_ALLOW_PRIVATE_FETCH": "true", "WIREWATCH_LOG_LEVEL": "DEBUG"}
    home = CommandLine(home=tmp_path / "data", settings=settings)
    with run_in_thread(local_server()) as server:
        url = server.answer("/feed", feed).replace("http://", "http://ann:hunter22@") + "?token=Zx9Qw7ab"
        with started(home.environment(), said=tmp_path / "first.txt") as bot:
            bot.wait_until_started()
            added = home("sources", "add", url)
            assert "Now watching Private Wire" in added.out
            asked = answered(server)
            wait_for("poll", lambda: answered(server) > asked)
            wait_for("alert", lambda: "Huawei opens a plant in Zagreb" in show(bot))
            said = show(bot) + added.out + added.err
            closed = open_to_others(home.home)
            assert bot.stop() == 0
            said += bot.text
        assert readable(home.home, said) == []
        assert closed == open_to_others(home.home) == []

        with started(home.environment(), said=tmp_path / "second.txt") as bot:
            bot.wait_until_started()
            asked = answered(server)
            assert home("sources", "resume", url).code == 0
            wait_for("poll after the restart", lambda: answered(server) > asked)
            assert bot.stop() == 0
            said = bot.text

    assert readable(home.home, said) == []
    listed = home("sources", "list", "--json")
    assert [row["title"] for row in listed.rows if row["title"] == "Private Wire"]
    assert url in home("sources", "export").out.replace("&amp;", "&")
