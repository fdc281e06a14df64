"""Tells the person who installed the app over OAuth what to do next, by direct message."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from slack_bolt.oauth.async_callback_options import AsyncSuccessArgs
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import FAILURES, error_name
from bot.slack.render import render
from handlers.answers.answer import Notice
from handlers.workspaces.onboarding import next_steps
from storage.records import Platform
from storage.store import Store

logger = logging.getLogger(__name__)

_ORGANISATION: Final = Notice(
    text="Wirewatch is installed for the whole organisation, and not in any workspace yet. Next, an organisation admin "
    "adds it to workspaces in the organisation's settings. Then invite me to a channel there (/invite @Wirewatch) and "
    "type /subscribe huawei."
)


class Welcome:
    """Called by Bolt after an installation. Its page for the browser stays as it is."""

    def __init__(self, client: AsyncWebClient, store: Store, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._store = store
        self._clock = clock

    async def succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        """Tell the installer what to do next, and return Bolt's page."""
        installation = args.installation
        if installation.is_enterprise_install:
            await self._post(installation.user_id, installation.bot_token)
        elif installation.team_id and installation.user_id:
            await next_steps(
                self._store,
                Platform.SLACK,
                workspace=installation.team_id,
                person=installation.user_id,
                now=self._clock(),
            )
        return await args.default.success(args)

    async def _post(self, user_id: str, token: str | None) -> None:
        """Post at once: an organisation has no workspace yet in which a delivery could be queued."""
        message = render(_ORGANISATION)
        try:
            await self._client.chat_postMessage(token=token, channel=user_id, text=message.text, blocks=message.blocks)
        except FAILURES as error:
            logger.warning(
                "The person who installed the app did not get the message that says what to do next: %s",
                error_name(error),
            )
