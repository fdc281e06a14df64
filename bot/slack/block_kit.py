"""Elements and blocks of Slack's Block Kit, each within Slack's limits. Text from outside is never markup in them.

https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.slack.limits import (
    ACTION_ELEMENTS,
    BUTTON_TEXT,
    BUTTON_URL,
    BUTTON_VALUE,
    CONTEXT_ELEMENTS,
    IMAGE_ALT,
    MENU_OPTIONS,
    OPTION_TEXT,
    OPTION_VALUE,
    TEXT,
    is_valid_link,
    truncate,
)
from handlers.answers.parts import Button, Link, Quote

Block = dict[str, Any]
Element = dict[str, Any]

BUTTON_ID: Final = "press"
"""First word of the action ids of buttons. Messages that are already posted contain it, so it must not change."""
OPEN_LINK: Final = "open"
"""Value of a menu option that opens a link. A click on it needs no answer."""
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,20}")
_GROUP: Final = re.compile(r"S[A-Z0-9]{1,20}")


def escape(text: str) -> str:
    """Escape text for mrkdwn and fallback text.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str, limit: int = TEXT) -> Element:
    """Return a text object that is shown as it is. Slack refuses an empty one, so empty text becomes a space."""
    return {"type": "plain_text", "text": truncate(text, limit) or " ", "emoji": False}


def text_run(text: str, *, bold: bool = False, strike: bool = False, code: bool = False) -> Element:
    """Return text for a rich text section. None of its characters acts as markup."""
    style = {name: True for name, on in (("bold", bold), ("strike", strike), ("code", code)) if on}
    return {"type": "text", "text": truncate(text, TEXT) or " "} | ({"style": style} if style else {})


def link_run(link: Link, *, bold: bool = False) -> Element:
    """Return a link for a rich text section, or its text alone if Slack would refuse the URL."""
    if link.url is None or not is_valid_link(link.url):
        return text_run(link.text, bold=bold)
    return {"type": "link", "url": link.url, "text": truncate(link.text, 1000) or link.url} | (
        {"style": {"bold": True}} if bold else {}
    )


def quote_runs(quote: Quote) -> list[Element]:
    """Return the quotation for a rich text section, with the matched words in bold."""
    runs: list[Element] = []
    position = 0
    for start, end in quote.bold:
        if start > position:
            runs.append(text_run(quote.text[position:start]))
        if end > max(start, position):
            runs.append(text_run(quote.text[max(start, position) : end], bold=True))
        position = max(position, end)
    if position < len(quote.text) or not runs:
        runs.append(text_run(quote.text[position:]))
    return runs


def mention(external_id: str) -> Element | None:
    """Return a mention of a person or a user group for a rich text section, or None if the id is neither."""
    if _GROUP.fullmatch(external_id):
        return {"type": "usergroup", "usergroup_id": external_id}
    return {"type": "user", "user_id": external_id} if _PERSON.fullmatch(external_id) else None


def rich_text(*sections: Sequence[Element]) -> Block:
    """Return a rich text block with one section for each line."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(section)} for section in sections if section],
    }


def preformatted(text: str) -> Block:
    """Return text in a fixed-width font, with its line breaks."""
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": truncate(text, TEXT) or " "}]}
        ],
    }


def context(*elements: Element) -> Block:
    """Return a context block, which Slack shows in small print."""
    return {"type": "context", "elements": list(elements[:CONTEXT_ELEMENTS])}


def local_time(at: datetime, date_format: str = "{date_short_pretty} {time}") -> Element:
    """Return a time for a context block. Slack shows it in the reader's time zone.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    fallback = at.strftime("%Y-%m-%d %H:%M UTC")
    return {"type": "mrkdwn", "text": f"<!date^{int(at.timestamp())}^{date_format}|{fallback}>"}


def image(alt: str, *, file: str | None = None, url: str | None = None) -> Block:
    """Return a picture: either a Slack file by its id, or a URL that Slack fetches."""
    source: Element = {"slack_file": {"id": file}} if file is not None else {"image_url": url}
    return {"type": "image", "alt_text": truncate(alt, IMAGE_ALT) or "picture", **source}


def section(text: str, accessory: Element) -> Block:
    """Return a line of text with an element at its right end."""
    return {"type": "section", "text": plain_text(text), "accessory": accessory}


def button_row(shown: Sequence[Button], action_id: str = BUTTON_ID, menu: Sequence[Button] = ()) -> list[Block]:
    """Return a row of buttons, with the buttons of `menu` in an overflow menu at its end; an empty list for none."""
    elements = [button(each, f"{action_id}:{index}") for index, each in enumerate(shown[: ACTION_ELEMENTS - 1])]
    if menu:
        elements.append(overflow_menu(menu, f"{action_id}:menu"))
    return [{"type": "actions", "elements": elements}] if elements else []


def button(shown: Button, action_id: str) -> Element:
    element: Element = {"type": "button", "action_id": action_id, "text": plain_text(shown.label, BUTTON_TEXT)}
    if shown.action.startswith("https://"):
        element["url"] = truncate(shown.action, BUTTON_URL)
    else:
        element["value"] = shown.action[:BUTTON_VALUE]
    if shown.primary:
        element["style"] = "primary"
    return element


def overflow_menu(menu: Sequence[Button], action_id: str) -> Element:
    options = [_menu_option(shown) for shown in menu[:MENU_OPTIONS]]
    return {"type": "overflow", "action_id": action_id, "options": options}


def _menu_option(shown: Button) -> Element:
    text = plain_text(shown.label, OPTION_TEXT)
    if is_valid_link(shown.action):
        return {"text": text, "value": OPEN_LINK, "url": shown.action}
    return {"text": text, "value": shown.action[:OPTION_VALUE] or " "}
