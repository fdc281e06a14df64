"""Uploads charts to Slack as files. The upload precedes the message, so that a retry never posts twice."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.charts.png import chart_png
from bot.slack.failures import FAILURES
from bot.slack.limits import IMAGE_ALT, truncate
from bot.slack.teams import SlackTeam
from handlers.answers.parts import Chart

logger = logging.getLogger(__name__)

_NAME: Final = "mentions.png"
_CACHE_SIZE: Final = 2_000


class ChartFiles:
    """Uploads charts without sharing or posting them. A message then refers to the file by its id.

    If the process is killed before the message is posted, the file stays in Slack without being visible to anybody.
    https://docs.slack.dev/messaging/working-with-files#uploading_files
    https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._cache: dict[tuple[str, str], str] = {}
        """File ids by team and hash of the picture, so that an equal chart is uploaded once."""

    async def file_for(self, team: SlackTeam, chart: Chart | None, *, timeout_s: float) -> str | None:
        """Return the id of a file that shows the chart and is ready for use in a message.

        Returns None if there is no chart, or if Slack does not accept the file in time. The message then shows the
        chart as text, because a picture is not worth a late or lost message.
        """
        if chart is None:
            return None
        try:
            async with asyncio.timeout(timeout_s):
                png = await asyncio.to_thread(chart_png, chart)
                key = team.id, hashlib.sha256(png + chart.alt.encode()).hexdigest()
                if key not in self._cache:
                    file_id = await self._upload(team, png, chart)
                    if len(self._cache) >= _CACHE_SIZE:
                        self._cache.clear()
                    self._cache[key] = file_id
                return self._cache[key]
        except FAILURES as error:  # FAILURES includes TimeoutError
            name = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
            logger.warning("A chart is sent as text because Slack did not accept its picture (%s)", name)
            return None

    def forget(self, file_id: str) -> None:
        """Remove a file from the cache after Slack refused a message with it. Somebody may have deleted the file."""
        self._cache = {key: cached for key, cached in self._cache.items() if cached != file_id}

    async def _upload(self, team: SlackTeam, png: bytes, chart: Chart) -> str:
        upload = await team.client.files_getUploadURLExternal(
            filename=_NAME, length=len(png), alt_txt=truncate(chart.alt, IMAGE_ALT)
        )
        async with self._session.post(upload["upload_url"], data=png) as answer:
            answer.raise_for_status()
        file_id = str(upload["file_id"])
        await team.client.files_completeUploadExternal(files=[{"id": file_id, "title": truncate(chart.title, 200)}])
        # Slack processes the picture in the background. A message that shows it too early is refused with
        # "invalid slack file": https://github.com/slackapi/python-slack-sdk/issues/1521
        for pause_s in _poll_intervals():
            info = await team.client.files_info(file=file_id)
            if info["file"].get("mimetype"):
                break
            await asyncio.sleep(pause_s)
        return file_id


def _poll_intervals() -> Iterator[float]:
    """Yield the seconds to wait between two polls, without end: the caller has a time limit."""
    interval = 0.1
    while True:
        yield interval
        interval = min(interval * 1.5, 1.0)
