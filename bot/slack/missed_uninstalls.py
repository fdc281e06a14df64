"""Finds workspaces that removed the app while the bot was not running, by testing every stored token at start."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.slack.failures import FAILURES, REVOKED, post_error
from bot.slack.installs import InstallStore
from bot.slack.teams import Teams
from handlers.ports import PostError
from storage.errors import StorageError

logger = logging.getLogger(__name__)


async def find_missed_uninstalls(
    installs: InstallStore, teams: Teams, uninstalled: Callable[[str], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Test the token of every installed workspace, and call `uninstalled` with the id of each that was removed.

    Workspaces are tested one after another, because there may be hundreds and nothing waits for the result. The search
    ends early once `stop` is set. A workspace for which Slack or the database gives no answer stays as it is: the next
    start tests it again, or its next post fails.
    """
    try:
        for team_id in await installs.teams():
            if stop.is_set():
                return
            if await _is_uninstalled(teams, team_id):
                logger.info("A Slack workspace removed the app while the bot was not running")
                await uninstalled(team_id)
    except StorageError as error:
        logger.warning("Not every Slack token was tested: %s", error)


async def _is_uninstalled(teams: Teams, team_id: str) -> bool:
    try:
        team = await teams.get(team_id)
        await team.client.auth_test()
    except (PostError, *FAILURES) as error:
        refusal = post_error(error).refusal
        return refusal is not None and refusal.code in REVOKED
    return False
