"""Slack's limits, each with its source."""

import re
from typing import Final

from handlers.commands.request import storable

# https://docs.slack.dev/reference/block-kit/blocks and .../block-elements
BLOCKS: Final = 50
TEXT: Final = 3000
CONTEXT_ELEMENTS: Final = 10
ACTION_ELEMENTS: Final = 25
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
BUTTON_URL: Final = 3000
OPTIONS: Final = 100
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
MENU_OPTIONS: Final = 5
IMAGE_ALT: Final = 2000
# https://docs.slack.dev/reference/views
VIEW_BLOCKS: Final = 100
VIEW_TITLE: Final = 24
VIEW_METADATA: Final = 3000
VIEW_CHARACTERS: Final = 200_000
"""For a whole view. Slack refuses 250 kB."""
FALLBACK_TEXT: Final = 4000
PLAIN_TEXT: Final = 1500
"""For a message without blocks, which must be short enough not to be refused for its length as well."""
# Slack refuses messages with about 13,000 characters of blocks: https://github.com/slackapi/bolt-js/issues/2509
CHARACTERS: Final = 11_000

_LINK: Final = re.compile(r"https?://[^\s<>\"|\x00-\x20\x7f]+")


def is_valid_link(url: str | None) -> bool:
    """Return whether Slack accepts the URL in a link. An invalid one makes Slack refuse the whole message."""
    return url is not None and len(url) <= BUTTON_URL and _LINK.fullmatch(url) is not None


def truncate(text: str, limit: int) -> str:
    """Return the text, shortened to `limit` characters with an ellipsis at the end if it is longer."""
    text = storable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
