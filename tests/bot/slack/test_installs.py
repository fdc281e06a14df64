"""The store of installations: tokens are encrypted, and renewed by one process before they expire."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.slack.chart_files import ChartFiles
from bot.slack.installs import InstallStore
from bot.slack.messenger import SlackMessenger
from bot.slack.teams import InstalledTeams, web_client
from handlers.answers.answer import Notice
from handlers.ports import PostError
from handlers.rules.refusals import RefusalKind
from storage.sealing import SealError
from storage.store import Store
from tests.bot.slack.installations import NOW, TOKEN, channel, granted, install_store, installation
from tests.support.slack_server import Fault, SlackServer

RENEWED = "xoxb-renewed-0000000001"


async def test_a_token_is_renewed_before_it_expires_by_one_process_only(
    store: Store, server: SlackServer, session: aiohttp.ClientSession
) -> None:
    first, second = (install_store(store, server, session) for _ in range(2))
    await first.async_save(installation(expires_at=NOW + timedelta(hours=1)))
    server.installs["xoxe-first"] = granted(RENEWED, refresh_token="xoxe-second", expires_in=43200)

    found = await asyncio.gather(
        *(process.async_find_bot(enterprise_id=None, team_id="T2") for process in (first, second, first, second))
    )

    assert [name for name, _ in server.calls].count("oauth.v2.access") == 1
    assert {bot.bot_token for bot in found if bot} <= {TOKEN, RENEWED}
    last = await second.async_find_bot(enterprise_id=None, team_id="T2")
    assert last is not None
    assert (last.bot_token, last.bot_refresh_token) == (RENEWED, "xoxe-second")


@pytest.mark.parametrize(
    ("fault", "expired", "expected"),
    [
        (Fault(status=500, error="internal_error"), False, None),
        (Fault(status=500, error="internal_error"), True, RefusalKind.UNTIL_TIME),
        (None, True, RefusalKind.UNTIL_ACTION),
    ],
    ids=["the token is still valid", "Slack is down", "revoked"],
)
async def test_a_token_that_cannot_be_renewed_is_used_until_it_expires(
    fault: Fault | None,
    expired: bool,
    expected: RefusalKind | None,
    sqlite_store: Store,
    server: SlackServer,
    session: aiohttp.ClientSession,
) -> None:
    installs = install_store(sqlite_store, server, session)
    await installs.async_save(installation(expires_at=NOW + timedelta(hours=-1 if expired else 1)))
    server.tokens[TOKEN] = "T2"
    server.faults["oauth.v2.access"] = [fault] if fault else []
    messenger = SlackMessenger(_teams(installs, server, session), ChartFiles(session))

    if expected is None:
        assert await messenger.post(channel("T2"), Notice(text="Hello."), key="k")
        return
    with pytest.raises(PostError) as caught:
        await messenger.post(channel("T2"), Notice(text="Hello."), key="k")
    assert caught.value.refusal is not None and caught.value.refusal.kind is expected


async def test_a_changed_key_delays_posts_but_closes_nothing(
    sqlite_store: Store, server: SlackServer, session: aiohttp.ClientSession
) -> None:
    await install_store(sqlite_store, server, session).async_save(installation())
    other = install_store(sqlite_store, server, session, key="another-key-of-at-least-32-characters")

    with pytest.raises(PostError, match="WIREWATCH_SECRET_KEY") as caught:
        await _teams(other, server, session).get("T2")
    assert caught.value.refusal is not None and caught.value.refusal.kind is RefusalKind.UNTIL_TIME


async def test_an_encrypted_token_cannot_be_moved_to_the_row_of_another_workspace(
    sqlite_store: Store, server: SlackServer, session: aiohttp.ClientSession
) -> None:
    installs = install_store(sqlite_store, server, session)
    await installs.async_save(installation("T2"))
    async with sqlite_store.begin() as tx:
        encrypted = await tx.installs.find("T2")
        assert encrypted is not None
        await tx.installs.save("T3", encrypted, now=NOW)

    with pytest.raises(SealError, match="different workspace"):
        await installs.async_find_bot(enterprise_id=None, team_id="T3")


def _teams(installs: InstallStore, server: SlackServer, session: aiohttp.ClientSession) -> InstalledTeams:
    return InstalledTeams(installs, lambda token: web_client(token, api_url=server.api_url, session=session))
