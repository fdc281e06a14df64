"""Charts as files in Slack: uploaded before the message that shows them, so that a repeat can never post twice."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.charts.png import chart_png
from bot.slack.failures import FAILURES
from bot.slack.limits import IMAGE_ALT, cut
from bot.slack.teams import Speaker
from handlers.answers.parts import Chart

logger = logging.getLogger(__name__)

_NAME: Final = "mentions.png"
_REMEMBERED: Final = 2_000


class Pictures:
    """Uploads a chart and gives its file's id. Nothing is shared or posted by that: the message refers to the file.

    Whoever is killed between the two leaves a file that nobody sees; the next try uploads, or remembers, another.
    https://docs.slack.dev/messaging/working-with-files#uploading_files
    https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._files: dict[tuple[str, str], str] = {}
        """By team and the picture's hash: the same chart is uploaded once."""

    async def file_of(self, speaker: Speaker, chart: Chart | None, *, within_s: float) -> str | None:
        """The chart's file, ready to be shown; None where there is no chart, or Slack did not take it in time.

        The chart then stands in the message in characters: a picture is never worth a late or a lost message.
        """
        if chart is None:
            return None
        try:
            async with asyncio.timeout(within_s):
                png = await asyncio.to_thread(chart_png, chart)
                key = speaker.team_id, hashlib.sha256(png + chart.alt.encode()).hexdigest()
                if key not in self._files:
                    file = await self._upload(speaker, png, chart)
                    if len(self._files) >= _REMEMBERED:
                        self._files.clear()
                    self._files[key] = file
                return self._files[key]
        except FAILURES as error:  # a time-out too
            name = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
            logger.warning("A chart goes out in characters: Slack did not take its picture (%s)", name)
            return None

    def forget(self, file: str) -> None:
        """Slack refused a message with this file; perhaps somebody deleted it."""
        self._files = {key: one for key, one in self._files.items() if one != file}

    async def _upload(self, speaker: Speaker, png: bytes, chart: Chart) -> str:
        client = speaker.client
        place = await client.files_getUploadURLExternal(
            filename=_NAME, length=len(png), alt_txt=cut(chart.alt, IMAGE_ALT)
        )
        async with self._session.post(place["upload_url"], data=png) as answer:
            answer.raise_for_status()
        file = str(place["file_id"])
        await client.files_completeUploadExternal(files=[{"id": file, "title": cut(chart.title, 200)}])
        # Slack looks at the picture by and by; a message that shows it sooner is refused as "invalid slack file":
        # https://github.com/slackapi/python-slack-sdk/issues/1521
        for pause in _pauses():
            info = await client.files_info(file=file)
            if info["file"].get("mimetype"):
                break
            await asyncio.sleep(pause)
        return file


def _pauses() -> Iterator[float]:
    """Seconds between two looks; the caller's time limit ends them."""
    pause = 0.1
    while True:
        yield pause
        pause = min(pause * 1.5, 1.0)
