"""Downloads the files of Slack messages. The bot's token is sent to Slack's own hosts only."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.slack.teams import SlackTeam
from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.ports import Attachment

_MAX_BYTES: Final = 20_000_000
"""For all files of one message together; the console page has the same limit."""
_CHUNK: Final = 65_536
_HOSTS: Final = (".slack.com", ".slack-gov.com", ".slack-files.com")
_DOCUMENT_TYPES: Final = ("text/", "message/rfc822", "application/xhtml+xml", "application/pdf", "application/xml")
_DOCUMENT_NAMES: Final = (".txt", ".md", ".html", ".htm", ".eml", ".pdf", ".opml", ".xml")


def is_document(file: Mapping[str, Any]) -> bool:
    """Return whether Slack describes the file as a document, and not as a picture, film or archive."""
    content_type, name = str(file.get("mimetype") or ""), str(file.get("name") or "").casefold()
    return content_type.startswith(_DOCUMENT_TYPES) or name.endswith(_DOCUMENT_NAMES)


class Attachments:
    """Downloads files with the token of the workspace that they belong to."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def download(self, team: SlackTeam, files: Sequence[Mapping[str, Any]]) -> tuple[Attachment, ...] | Notice:
        """Return all files, in order. If one of them cannot be downloaded, return a notice with the reason."""
        downloaded: list[Attachment] = []
        for file in files:
            remaining = _MAX_BYTES - sum(len(attachment.body) for attachment in downloaded)
            try:
                result = await self._download(team, file, max_bytes=remaining)
            except (aiohttp.ClientError, TimeoutError):
                return _refusal("Slack did not deliver the file. Nothing was read. Try again in a minute.")
            if isinstance(result, Notice):
                return result
            downloaded.append(result)
        return tuple(downloaded)

    async def _download(self, team: SlackTeam, file: Mapping[str, Any], *, max_bytes: int) -> Attachment | Notice:
        """Raises: aiohttp.ClientError, TimeoutError."""
        name = str(file.get("name") or "file")
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if not _is_slack_host(url, team) or file.get("is_external"):
            return _refusal(f"{name} is stored outside Slack, so I did not read it. Upload the file itself.")
        headers = {"Authorization": f"Bearer {team.client.token}"}
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                return _refusal(
                    f"Slack refused to deliver {name} (status {answer.status}). The app may lack the scope files:read: "
                    "install it again from its page."
                )
            chunks, size = [], 0
            async for chunk in answer.content.iter_chunked(_CHUNK):
                chunks.append(chunk)
                size += len(chunk)
                if size > max_bytes:
                    return _refusal(
                        f"With {name}, the files are larger than {_MAX_BYTES // 1_000_000} MB. Nothing was read. "
                        "Send fewer files, or split the file."
                    )
        return Attachment(
            name=name, content_type=str(file.get("mimetype") or "application/octet-stream"), body=b"".join(chunks)
        )


def _refusal(text: str) -> Notice:
    return Notice(text=text, tone=Tone.REFUSED)


def _is_slack_host(url: str, team: SlackTeam) -> bool:
    """Return whether the URL belongs to slack.com or to the host of the configured API."""
    parts, api = urlsplit(url), urlsplit(team.client.base_url)
    if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(_HOSTS)
