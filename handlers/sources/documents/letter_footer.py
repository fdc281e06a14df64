"""Sets apart what is no text of a letter: signatures, disclaimers, unsubscribe notices, buttons and bare addresses.

A line is set apart only for a reason that holds in letters. Short lines, names and numbers remain.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.drafts import SetAside
from handlers.sources.documents.letter_links import LONGEST_BUTTON, is_button, without_addresses, without_last_button
from handlers.sources.documents.letter_phrases import (
    DEVICE,
    DISCLAIMER,
    DISCLAIMER_WORDS,
    LIST_FOOTER,
    RECEIVING,
    UNSUBSCRIBE,
    UNSUBSCRIBE_URL,
    VIEW,
    WARNING,
)
from handlers.sources.documents.mail_lines import MailLine, is_rule, text_of_lines
from handlers.sources.text.boilerplate import is_certain_boilerplate, is_notice
from handlers.sources.text.line_kinds import is_prose

_LONGEST_SIGNATURE: Final = 1_500
"""Characters. More text below "-- " is not a signature."""
_SIGNATURE_PROSE: Final = 2
"""Paragraphs of prose that a signature has at most: a motto or a notice."""
_LONGEST_DISCLAIMER: Final = 3_000
_DISCLAIMER_HITS: Final = 3
"""Kinds of such words in a paragraph that is a disclaimer; one fewer below the title of one."""
_FOOTER_LINES: Final = 30
"""Paragraphs that a footer may have."""
_HEADLINE_WORDS: Final = 4
"""Words of a link that is a headline rather than a button."""
_FOOTER_RULES: Final = ("unsubscribe notice", "reason", "list footer")
"""Rules for lines of a footer: "reason" says why the reader gets the letter."""
_LABEL_WORDS: Final = 5
"""Words of a link such as "Click here to unsubscribe"."""
_LONGEST_NOTICE: Final = 700
_ARMOR: Final = re.compile(
    r"-{5}(?P<edge>BEGIN|END) PGP (?P<kind>SIGNED MESSAGE|SIGNATURE|PUBLIC KEY BLOCK|MESSAGE)-{5}"
)
_HASH: Final = re.compile(r"(?:Hash|Charset|Version|Comment): .{1,80}")


def without_armor(lines: Sequence[MailLine]) -> list[MailLine]:
    """Return the lines without the PGP signature around them, and without the dashes that it adds."""
    result: list[MailLine] = []
    is_signature = False
    is_signed = False
    for line in lines:
        armor = _ARMOR.fullmatch(line.text)
        if armor:
            is_signature = armor["edge"] == "BEGIN" and armor["kind"] in ("SIGNATURE", "PUBLIC KEY BLOCK")
            is_signed = is_signed or armor["kind"] == "SIGNED MESSAGE"
        elif is_signature or (is_signed and not result and _HASH.fullmatch(line.text)):
            continue
        elif is_signed and line.text.startswith("- "):
            result.append(replace(line, text=line.text[2:]))
        else:
            result.append(line)
    return result if is_signed or len(result) < len(lines) else list(lines)


def split_signature(lines: Sequence[MailLine]) -> tuple[list[MailLine], list[SetAside]]:
    """Return the lines above the signature, and the signature. Empty lines at the end are left out."""
    rest = list(lines)
    removed: list[SetAside] = []
    marked = [line for line in rest if line.is_signature]
    if marked and any(line.text for line in rest if not line.is_signature):
        rest = [line for line in rest if not line.is_signature]
        removed.append(SetAside("signature", text_of_lines(marked)))
    for position in range(len(rest) - 1, 0, -1):
        if rest[position].text in ("--", "- --") and not rest[position].depth and _is_signature(rest[position + 1 :]):
            if any(line.text for line in rest[:position]):
                removed.append(SetAside("signature", text_of_lines(rest[position + 1 :])))
                rest = rest[:position]
            break
    while rest and (rest[-1].is_empty or is_rule(rest[-1].text) or DEVICE.fullmatch(rest[-1].text)):
        line = rest.pop()
        if line.text and not is_rule(line.text):
            removed.append(SetAside("signature of the mail program", line.text))
    return rest, [part for part in removed if part.text]


def _is_signature(lines: Sequence[MailLine]) -> bool:
    size = sum(len(line.text) for line in lines)
    prose = sum(is_prose(line.text) and not is_footer(line) for line in lines if not line.depth)
    return size < _LONGEST_SIGNATURE and prose < _SIGNATURE_PROSE


def split_notices(lines: Sequence[MailLine]) -> tuple[list[MailLine], list[SetAside]]:
    """Return the paragraphs of the letter, and those that are notices, disclaimers, buttons or the footer.

    The paragraphs that remain lose the addresses in brackets behind their links.
    """
    kept: list[MailLine] = []
    removed: list[SetAside] = []
    body, footer = split_footer(lines)
    is_newsletter = bool(footer) or has_unsubscribe(lines)
    last = max(
        (number for number, line in enumerate(body) if is_prose(line.text) and _rule_of(line) is None), default=0
    )
    for number, paragraph in enumerate(body):
        line = without_last_button(without_addresses(paragraph))
        rule = _rule_of(paragraph)
        if (rule == "disclaimer" and number < last) or (rule == "reason" and not is_newsletter):
            rule = None  # a sentence of the letter, about something confidential or about another letter
        elif rule is None and not any(map(str.isalnum, line.text)):
            rule = "address"
        elif rule is None and is_newsletter and is_certain_boilerplate(line.text):
            rule = "button"
        if rule is None:
            kept.append(line)
        elif any(map(str.isalnum, paragraph.text)):
            removed.append(SetAside(rule, paragraph.text))
    return kept, [*removed, *footer_part(footer)]


def footer_part(footer: Sequence[MailLine]) -> list[SetAside]:
    """Return the footer as a part that is kept apart; empty if it has no text."""
    text = text_of_lines(footer)
    return [SetAside("footer", text)] if text else []


def split_footer(lines: Sequence[MailLine]) -> tuple[Sequence[MailLine], Sequence[MailLine]]:
    """Return the paragraphs above the footer, and the footer, which begins with a notice below the last prose.

    Short lines below the notice, such as the sender's postal address, belong to the footer. Above the last two thirds
    of the letter a notice begins no footer.
    """
    start = len(lines)
    rules = _FOOTER_RULES if has_unsubscribe(lines) else ("list footer",)
    for number in range(len(lines) - 1, max(len(lines) - _FOOTER_LINES, len(lines) // 3, 0), -1):
        line = lines[number]
        rule = _rule_of(line)
        if rule in rules:
            start = number
        elif rule is None and (is_prose(line.text) or (line.is_link and len(line.text.split()) >= _HEADLINE_WORDS)):
            break
    return lines[:start], lines[start:]


def is_footer(line: MailLine) -> bool:
    """Whether the line offers to end the subscription or says why the reader gets the letter."""
    return _rule_of(line) in _FOOTER_RULES


def is_notice_line(line: MailLine) -> bool:
    """Whether the line is a notice about the letter itself or a disclaimer."""
    return _rule_of(line) in ("notice", "disclaimer", *_FOOTER_RULES)


def has_unsubscribe(lines: Sequence[MailLine]) -> bool:
    """Whether a line of the letter offers to end the subscription, as newsletters must."""
    return any(_offers_unsubscribe(line) for line in lines)


def _rule_of(line: MailLine) -> str | None:
    """Return the rule by which a paragraph is no text of its letter, else None."""
    text = line.text
    bare = without_addresses(line).text
    if len(text) <= _LONGEST_NOTICE and _offers_unsubscribe(line):
        return "unsubscribe notice"
    if len(text) <= _LONGEST_NOTICE and RECEIVING.match(bare):
        return "reason"
    if VIEW.fullmatch(bare) or WARNING.fullmatch(bare) or is_notice(bare):
        return "notice"
    if is_button(line):
        return "button"
    if LIST_FOOTER.fullmatch(bare):
        return "list footer"
    if len(text) <= _LONGEST_DISCLAIMER and _is_disclaimer(bare):
        return "disclaimer"
    if line.links and is_certain_boilerplate(bare):
        return "button"
    return None


def _is_disclaimer(text: str) -> bool:
    start = DISCLAIMER.match(text)
    if start is None:
        return False
    kinds = {match.lastgroup for match in DISCLAIMER_WORDS.finditer(text)}
    return len(kinds) >= _DISCLAIMER_HITS - bool(start["title"]) or kinds >= {"print", "mail"}


def _offers_unsubscribe(line: MailLine) -> bool:
    if any(_is_unsubscribe(link.text) or UNSUBSCRIBE_URL.search(link.url) for link in line.links):
        return True
    labels = [link.text for link in line.links if len(link.text.split()) <= _LABEL_WORDS]
    if _is_unsubscribe(line.text) or any(UNSUBSCRIBE.search(label) for label in labels):
        return True
    return RECEIVING.match(line.text) is not None and UNSUBSCRIBE.search(line.text) is not None


def _is_unsubscribe(label: str) -> bool:
    return len(label) <= LONGEST_BUTTON and UNSUBSCRIBE.match(label) is not None
