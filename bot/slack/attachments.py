"""Files that people drop in Slack, fetched with our token from Slack alone."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.slack.teams import Speaker
from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.ports import Attachment

LARGEST: Final = 20_000_000
"""Bytes; what the console page takes too."""
_CHUNK: Final = 65_536
_HOSTS: Final = (".slack.com", ".slack-gov.com", ".slack-files.com")
_READABLE: Final = ("text/", "message/rfc822", "application/xhtml+xml", "application/pdf", "application/xml")
_NAMES: Final = (".txt", ".md", ".html", ".htm", ".eml", ".pdf", ".opml", ".xml")


def is_readable(file: Mapping[str, Any]) -> bool:
    """A document, as far as Slack tells: no picture, film or archive."""
    kind, name = str(file.get("mimetype") or ""), str(file.get("name") or "").casefold()
    return kind.startswith(_READABLE) or name.endswith(_NAMES)


async def fetch(
    speaker: Speaker, session: aiohttp.ClientSession, file: Mapping[str, Any], *, room: int = LARGEST
) -> Attachment | Notice:
    """The file, of at most `room` bytes, or why it cannot be had. Raises: aiohttp.ClientError, TimeoutError."""
    name = str(file.get("name") or "file")
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(address, speaker) or file.get("is_external"):
        return _refused(f"{name} lies outside Slack, where I do not fetch it. Upload the file itself.")
    headers = {"Authorization": f"Bearer {speaker.client.token}"}
    async with session.get(address, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200:
            return _refused(
                f"Slack does not give me {name} ({answer.status}). The app may lack the scope files:read: "
                "install it again from its page."
            )
        chunks, size = [], 0
        async for chunk in answer.content.iter_chunked(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > room:
                return _refused(f"{name} makes it more than {LARGEST // 1_000_000} MB. Cut it into parts.")
    return Attachment(
        name=name, content_type=str(file.get("mimetype") or "application/octet-stream"), body=b"".join(chunks)
    )


def _refused(text: str) -> Notice:
    return Notice(text=text, tone=Tone.REFUSED)


def _is_slacks(address: str, speaker: Speaker) -> bool:
    """Our token goes to Slack's own hosts only: those of slack.com, and the one that our API is at."""
    asked, api = urlsplit(address), urlsplit(speaker.client.base_url)
    if (asked.scheme, asked.netloc) == (api.scheme, api.netloc):
        return True
    return asked.scheme == "https" and f".{asked.hostname or ''}".endswith(_HOSTS)
