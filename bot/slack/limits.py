"""Slack's limits, each with its source, and the small pieces of Block Kit made within them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from handlers.answers.parts import Button, Link, Quote
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
"""All of a view; Slack refuses 250 kB."""
FALLBACK_TEXT: Final = 4000
# Blocks near 13,000 characters in all are refused: https://github.com/slackapi/bolt-js/issues/2509
CHARACTERS: Final = 11_000

Block = dict[str, Any]
Element = dict[str, Any]


_ADDRESS: Final = re.compile(r"https?://[^\s<>\"|\x00-\x20\x7f]+")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,20}")
_GROUP: Final = re.compile(r"S[A-Z0-9]{1,20}")


def is_address(url: str | None) -> bool:
    """Fit for a link: one that is not would have the whole message refused."""
    return url is not None and len(url) <= BUTTON_URL and _ADDRESS.fullmatch(url) is not None


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    text = storable(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def escape(text: str) -> str:
    """For mrkdwn and fallback text: https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int = TEXT) -> Element:
    """A text object that cannot format itself. Slack refuses an empty one."""
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": False}


def words(text: str, *, bold: bool = False, strike: bool = False, code: bool = False) -> Element:
    """An element of rich text: no character of it is markup."""
    style = {name: True for name, on in (("bold", bold), ("strike", strike), ("code", code)) if on}
    return {"type": "text", "text": cut(text, TEXT) or " "} | ({"style": style} if style else {})


def linked(link: Link, *, bold: bool = False) -> Element:
    """A link where the address is one, else words."""
    if link.url is None or not is_address(link.url):
        return words(link.text, bold=bold)
    return {"type": "link", "url": link.url, "text": cut(link.text, 1000) or link.url} | (
        {"style": {"bold": True}} if bold else {}
    )


def quoted(quote: Quote) -> list[Element]:
    """The quote's words, the matched ones bold."""
    elements: list[Element] = []
    place = 0
    for start, end in quote.bold:
        if start > place:
            elements.append(words(quote.text[place:start]))
        if end > max(start, place):
            elements.append(words(quote.text[max(start, place) : end], bold=True))
        place = max(place, end)
    if place < len(quote.text) or not elements:
        elements.append(words(quote.text[place:]))
    return elements


def rich(*lines: Sequence[Element]) -> Block:
    """A block of rich text, a section a line."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(line)} for line in lines if line],
    }


def preformatted(text: str) -> Block:
    """Fixed width, line breaks kept."""
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": cut(text, TEXT) or " "}]}
        ],
    }


def context(*elements: Element) -> Block:
    """Small print."""
    return {"type": "context", "elements": list(elements[:CONTEXT_ELEMENTS])}


def moment(at: datetime, form: str = "{date_short_pretty} {time}") -> Element:
    """A time in the reader's own zone, for small print."""
    fallback = at.strftime("%Y-%m-%d %H:%M UTC")
    return {"type": "mrkdwn", "text": f"<!date^{int(at.timestamp())}^{form}|{fallback}>"}


def mention(external_id: str) -> Element | None:
    """A mention of a person or a user group, in rich text; None for what is no such id."""
    if _GROUP.fullmatch(external_id):
        return {"type": "usergroup", "usergroup_id": external_id}
    return {"type": "user", "user_id": external_id} if _PERSON.fullmatch(external_id) else None


def image(alt: str, *, file: str | None = None, url: str | None = None) -> Block:
    """A picture: a file of ours in Slack, or one on the web that Slack fetches."""
    source: Element = {"slack_file": {"id": file}} if file is not None else {"image_url": url}
    return {"type": "image", "alt_text": cut(alt, IMAGE_ALT) or "picture", **source}


def beside(text: str, accessory: Element) -> Block:
    """A line with something at its right end."""
    return {"type": "section", "text": plain(text), "accessory": accessory}


def buttons(chosen: Sequence[Button], name: str = "press", menu: Sequence[Button] = ()) -> list[Block]:
    """A row of buttons, rarer ones in a menu at its end; or nothing."""
    elements = [button(one, f"{name}:{place}") for place, one in enumerate(chosen[: ACTION_ELEMENTS - 1])]
    if menu:
        elements.append(overflow(menu, f"{name}:menu"))
    return [{"type": "actions", "elements": elements}] if elements else []


def button(one: Button, action_id: str) -> Element:
    element: Element = {"type": "button", "action_id": action_id, "text": plain(one.label, BUTTON_TEXT)}
    if one.action.startswith("https://"):
        element["url"] = cut(one.action, BUTTON_URL)
    else:
        element["value"] = one.action[:BUTTON_VALUE]
    if one.primary:
        element["style"] = "primary"
    return element


def overflow(menu: Sequence[Button], action_id: str) -> Element:
    """The three dots."""
    return {"type": "overflow", "action_id": action_id, "options": [option(one) for one in menu[:MENU_OPTIONS]]}


def option(one: Button) -> Element:
    if is_address(one.action):
        return {"text": plain(one.label, OPTION_TEXT), "value": "open", "url": one.action}
    return {"text": plain(one.label, OPTION_TEXT), "value": one.action[:OPTION_VALUE] or " "}
