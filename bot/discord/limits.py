"""Discord's limits, each with its source. Lengths are in characters."""

from collections.abc import Sequence
from typing import Any, Final

# https://discord.com/developers/docs/resources/message#create-message
CONTENT: Final = 2000
PLAIN_CONTENT: Final = 1500
"""For a message that consists of its content."""
# https://discord.com/developers/docs/resources/message#embed-object-embed-limits
TITLE: Final = 256
DESCRIPTION: Final = 4096
FIELDS: Final = 25
FIELD_NAME: Final = 256
FIELD_VALUE: Final = 1024
FOOTER: Final = 2048
AUTHOR: Final = 256
EMBEDS_TOTAL: Final = 6000
# https://discord.com/developers/docs/components/reference
COMPONENTS: Final = 40
"""In a message of components, counting those inside others."""
COMPONENTS_TEXT: Final = 4000
"""Characters over all texts of a message of components."""
BUTTONS_PER_ROW: Final = 5
ROWS: Final = 5
BUTTON_LABEL: Final = 80
CUSTOM_ID: Final = 100
BUTTON_URL: Final = 512
OPTIONS: Final = 25
OPTION_LABEL: Final = 100
OPTION_VALUE: Final = 100
PLACEHOLDER: Final = 150
# https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
FORM_TITLE: Final = 45
FIELDS_PER_FORM: Final = 5
# https://discord.com/developers/docs/components/reference#label and #text-input
FIELD_LABEL: Final = 45
LONG_FIELD: Final = 2000
"""Discord allows 4000; this is as much as a command allows."""
SHORT_FIELD: Final = 80
# https://discord.com/developers/docs/resources/message#attachment-object
ALT_TEXT: Final = 1024
# https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
THREAD_NAME: Final = 100
TAGS_PER_POST: Final = 5
# https://discord.com/developers/docs/resources/channel#modify-channel
TAGS_PER_FORUM: Final = 20
TAG_NAME: Final = 20
# https://discord.com/developers/docs/interactions/application-commands
COMMAND_DESCRIPTION: Final = 100
CHOICES: Final = 25
CHOICE: Final = 100

Json = dict[str, Any]


def cut(text: str, limit: int) -> str:
    """Return the text, shortened to the limit with an ellipsis where it is longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip("\\") + "…"


def embed_size(embeds: Sequence[Json]) -> int:
    """Return the number of characters that count against the limit over all embeds of a message."""
    total = 0
    for embed in embeds:
        total += len(embed.get("title", "")) + len(embed.get("description", ""))
        total += len(embed.get("footer", {}).get("text", "")) + len(embed.get("author", {}).get("name", ""))
        total += sum(len(field["name"]) + len(field["value"]) for field in embed.get("fields", ()))
    return total
