"""The links of a letter: addresses that programs put behind the text of a link, buttons, and numbers of addresses."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.sources.documents.letter_phrases import BUTTON
from handlers.sources.documents.mail_lines import Link, MailLine
from handlers.sources.text.boilerplate import is_boilerplate

LONGEST_BUTTON: Final = 60
"""Characters in the label of a button."""
_MARKDOWN_LINK: Final = re.compile(r"!?\[(?P<text>[^\[\]]{0,300})\]\(\s?https?://[^\s()]{1,4000}\s?\)", re.IGNORECASE)
_BRACKETED_URL: Final = re.compile(r"\s?[<\[(]\s?(?:mailto:|https?://)[^\s<>\[\]]{1,4000}\s?[>\])]", re.IGNORECASE)
_IMAGE_MARK: Final = re.compile(
    r"\s?\[(?:image|cid|bild|imagen|картинка|图片|inline image)\b[^\[\]]{0,200}\]\s?", re.IGNORECASE
)
_TRACKING_URL: Final = re.compile(r"(?<![\w\"'(])https?://[^\s<>\"]{90,4000}", re.IGNORECASE)
_URL_LINE: Final = re.compile(
    r"(?:\[\d{1,3}\])?[\W_]{0,4}(?:https?://|www\.)[^\s<>\"]{2,4000}[\W_]{0,4}", re.IGNORECASE
)
_LAST_URL: Final = re.compile(r"\s*[:：]?\s*https?://\S{1,4000}$", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\[(?P<number>\d{1,3})\]:?\s(?P<url>https?://\S{1,4000})", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\[(\d{1,3})\]")
_FEWEST_REFERENCES: Final = 2


def is_button(line: MailLine) -> bool:
    """Whether the line is a link such as "Read more"."""
    bare = label_of(line)
    if len(bare) > LONGEST_BUTTON or not line.links:
        return False
    is_link = line.is_link or any(link.text == bare for link in line.links)
    return (is_link and is_boilerplate(bare)) or ((is_link or bare != line.text) and BUTTON.fullmatch(bare) is not None)


def has_last_button(line: MailLine) -> bool:
    """Whether the line ends with a link such as "Read more", after a complete sentence."""
    return without_last_button(line) is not line


def without_last_button(line: MailLine) -> MailLine:
    """Return the line without a link such as "Read more" at its end, if it ends a sentence without it."""
    last = line.links[-1].text if line.links else ""
    if not last or last == line.text or not line.text.endswith(last) or not BUTTON.fullmatch(last):
        return line
    rest = line.text.removesuffix(last).rstrip(" |»>→[(")
    return replace(line, text=rest) if rest.endswith((".", "!", "?", "…", "。", "”", '"', "»", ")", "؟")) else line


def label_of(line: MailLine) -> str:
    """Return the text of a line of plain text without the address at its end, as in "Read more: https://..."."""
    bare = without_addresses(line).text
    return _LAST_URL.sub("", bare) if line.is_plain else bare


def without_addresses(line: MailLine) -> MailLine:
    """Return the line without the addresses that a mail program puts behind its links."""
    text = line.text
    if "://" not in text and "mailto:" not in text and "[" not in text:
        return line
    text = _MARKDOWN_LINK.sub(lambda link: link["text"], text)
    text = _IMAGE_MARK.sub(" ", _BRACKETED_URL.sub("", text))
    text = _TRACKING_URL.sub("", text)
    if _URL_LINE.fullmatch(text):
        text = ""
    return replace(line, text=" ".join(text.split()))


def is_reference(line: MailLine) -> bool:
    """Whether the line is an address with its number, such as "[1] https://..."."""
    return line.is_plain and _REFERENCE.fullmatch(line.text) is not None


def has_reference(line: MailLine) -> bool:
    """Whether the line ends with the number of an address, as in "Steel [1]"."""
    return re.search(r"\[\d{1,3}\]$", line.text) is not None


def with_references(lines: Sequence[MailLine]) -> list[MailLine]:
    """Return the lines with the links that a list of addresses at the end gives them by number, as in "Steel [1]"."""
    addresses = {
        reference["number"]: reference["url"]
        for line in lines
        if line.is_plain and (reference := _REFERENCE.fullmatch(line.text))
    }
    if len(addresses) < _FEWEST_REFERENCES:
        return list(lines)
    return [_with_links(line, addresses) for line in lines]


def _with_links(line: MailLine, addresses: dict[str, str]) -> MailLine:
    if line.links or "[" not in line.text:
        return line
    urls = [addresses[number] for number in _NUMBER.findall(line.text) if number in addresses]
    return replace(line, links=tuple(Link("", url) for url in urls)) if urls else line
