"""Slack's limits, each with its source, and the small pieces of Block Kit made within them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from handlers.answers import Button, Link, Quote

# https://docs.slack.dev/reference/block-kit/blocks and .../block-elements
BLOCKS: Final = 50
TEXT: Final = 3000
CONTEXT_ELEMENTS: Final = 10
ACTION_ELEMENTS: Final = 25
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
BUTTON_URL: Final = 3000
FALLBACK_TEXT: Final = 4000
# Blocks near 13,000 characters in all are refused: https://github.com/slackapi/bolt-js/issues/2509
CHARACTERS: Final = 11_000

Block = dict[str, Any]
Element = dict[str, Any]


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
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
    if link.url is None or not link.url.startswith(("https://", "http://")) or len(link.url) > BUTTON_URL:
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


def buttons(chosen: Sequence[Button], name: str = "press") -> list[Block]:
    """A row of buttons, or nothing."""
    elements = [_button(button, f"{name}:{place}") for place, button in enumerate(chosen[:ACTION_ELEMENTS])]
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(button: Button, action_id: str) -> Element:
    element: Element = {"type": "button", "action_id": action_id, "text": plain(button.label, BUTTON_TEXT)}
    if button.action.startswith("https://"):
        element["url"] = cut(button.action, BUTTON_URL)
    else:
        element["value"] = button.action[:BUTTON_VALUE]
    if button.primary:
        element["style"] = "primary"
    return element
