"""What the ids of buttons, menus and forms carry: the action, the delivery's key, and in direct messages the server.

The format is "action", "action#key", "action#key#server" or "action##server". Posted messages keep their ids,
so the format must not change.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.discord.limits import CUSTOM_ID

SEPARATOR: Final = "#"


def custom_id_of(action: str, key: str | None = None, *, guild: str | None, limit: int = CUSTOM_ID) -> str | None:
    """Return the id for an action, at most `limit` characters long.

    The key is left out where it does not fit. None where the action, with the server if there is one, does not fit.
    """
    suffix = f"{SEPARATOR}{key or ''}{SEPARATOR}{guild}" if guild else f"{SEPARATOR}{key}" if key else ""
    if len(action) + len(suffix) > limit:
        suffix = f"{SEPARATOR}{SEPARATOR}{guild}" if guild else ""
    return f"{action}{suffix}" if len(action) + len(suffix) <= limit else None


def clicked_id(data: Mapping[str, Any]) -> str:
    """Return the id of the clicked button, or the value chosen from a menu."""
    values = data.get("values") or ()
    return str(values[0]) if values else str(data.get("custom_id", ""))


def action_of(custom_id: str) -> str:
    return custom_id.split(SEPARATOR, 1)[0]


def key_of(custom_id: str) -> str | None:
    parts = custom_id.split(SEPARATOR)
    return parts[1] if len(parts) > 1 else None


def guild_of(custom_id: str) -> str | None:
    """Return the server that a button in direct messages is about."""
    parts = custom_id.split(SEPARATOR)
    return parts[2] if len(parts) == 3 and parts[2].isdigit() else None
