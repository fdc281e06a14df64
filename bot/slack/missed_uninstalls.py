"""Workspaces that removed the app while nobody listened: at start, each token is asked whether it is still good."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.slack.failures import FAILURES, post_error
from bot.slack.installs import InstallStore
from bot.slack.teams import Clients
from handlers.ports import PostError, PostFailure
from storage.errors import StorageError

logger = logging.getLogger(__name__)


async def find_left(
    installs: InstallStore, clients: Clients, left: Callable[[str], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Call `left` for each, until `stop`. One after the other: there may be hundreds, and nothing waits for it.

    What Slack or the database does not answer is left as it is until the next start, or a post that tells.
    """
    try:
        for team_id in await installs.teams():
            if stop.is_set():
                return
            if await _has_left(clients, team_id):
                logger.info("A Slack workspace removed the app while nobody listened")
                await left(team_id)
    except StorageError as error:
        logger.warning("Not every Slack token was asked for: %s", error)


async def _has_left(clients: Clients, team_id: str) -> bool:
    try:
        speaker = await clients.of(team_id)
        await speaker.client.auth_test()
    except PostError as error:
        return error.failure is PostFailure.WORKSPACE_GONE
    except FAILURES as error:
        return post_error(error).failure is PostFailure.WORKSPACE_GONE
    return False
