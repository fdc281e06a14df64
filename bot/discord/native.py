"""Names of channels and commands as Discord's own links, which a click opens: <#77> and </digest at:9>.

https://discord.com/developers/docs/reference#message-formatting
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.discord.limits import COMPONENTS_TEXT, CONTENT, DESCRIPTION, EMBEDS_TOTAL, FIELD_VALUE, Json, embed_size
from bot.discord.markdown import escape
from handlers.commands.table import COMMANDS

_FENCE: Final = "```"
_TEXT: Final = 10
"""The component type of a text."""


def channel_links(channels: Mapping[str, str]) -> dict[str, str]:
    """Return the links of channels by the text that names them. `channels` are names by id."""
    return {f"#{escape(name.lstrip('#'))}": f"<#{id}>" for id, name in channels.items() if id.isdigit() and name}


def command_links(ids: Mapping[str, str]) -> dict[str, str]:
    """Return the links of commands by the text that names them. `ids` are those of Discord by command.

    A command with subcommands has a link for each of them, and none of its own.
    """
    links: dict[str, str] = {}
    for command in COMMANDS:
        for name in [f"{command.name} {sub.name}" for sub in command.subcommands] or [command.name]:
            if command.name in ids:
                links[f"/{name}"] = f"</{name}:{ids[command.name]}>"
    return links


def with_links(body: Json, links: Mapping[str, str]) -> Json:
    """Return the body of a message with the names in its texts as links; as it is where it would become too long."""
    if not links:
        return body
    names = "|".join(map(re.escape, sorted(links, key=len, reverse=True)))
    # A backslash escapes the "#" at the start of a line.
    pattern = re.compile(rf"(?<![\w/:<&.-])\\?(?P<name>{names})(?![\w/-])")

    def link(text: str) -> str:
        parts = text.split(_FENCE)
        parts[::2] = [pattern.sub(lambda found: links[found["name"]], part) for part in parts[::2]]
        return _FENCE.join(parts)

    linked = _linked(body, link)
    return linked if _fits(linked) else body


def _linked(body: Json, link: Any) -> Json:
    changed = dict(body)
    if body.get("content"):
        changed["content"] = link(body["content"])
    if body.get("embeds"):
        changed["embeds"] = [_linked_embed(embed, link) for embed in body["embeds"]]
    if body.get("components"):
        changed["components"] = [_linked_component(component, link) for component in body["components"]]
    return changed


def _linked_embed(embed: Json, link: Any) -> Json:
    changed = dict(embed)
    if "description" in embed:
        changed["description"] = link(embed["description"])
    if "fields" in embed:
        changed["fields"] = [field | {"value": link(field["value"])} for field in embed["fields"]]
    return changed


def _linked_component(component: Json, link: Any) -> Json:
    if component["type"] == _TEXT:
        return component | {"content": link(component["content"])}
    inner = component.get("components")
    return component | {"components": [_linked_component(each, link) for each in inner]} if inner else component


def _fits(body: Json) -> bool:
    embeds = body.get("embeds") or ()
    return (
        len(body.get("content") or "") <= CONTENT
        and embed_size(embeds) <= EMBEDS_TOTAL
        and all(len(embed.get("description", "")) <= DESCRIPTION for embed in embeds)
        and all(len(field["value"]) <= FIELD_VALUE for embed in embeds for field in embed.get("fields", ()))
        and sum(map(len, _texts(body.get("components") or ()))) <= COMPONENTS_TEXT
    )


def _texts(components: Any) -> Iterator[str]:
    for component in components:
        if component["type"] == _TEXT:
            yield component["content"]
        yield from _texts(component.get("components") or ())
