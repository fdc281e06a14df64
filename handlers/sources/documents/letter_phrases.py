"""The phrases that mail programs, mailing lists and newsletters write about letters, from letter_phrases.txt."""

import re
from pathlib import Path
from typing import Final

from handlers.sources.text.sections import read_sections

_TABLE: Final = Path(__file__).with_name("letter_phrases.txt")


def lines_of(section: str) -> tuple[str, ...]:
    """Return the lines of a section."""
    return read_sections(_TABLE)[section]


def any_of(*sections: str) -> str:
    """Return an expression for any phrase of these sections, as a group without a number."""
    return "(?:" + "|".join(line for section in sections for line in lines_of(section)) + ")"


def pattern(template: str, *sections: str) -> re.Pattern[str]:
    """Return the compiled expression, in which each "%s" is replaced by the phrases of one section, ignoring case."""
    return re.compile(template % tuple(any_of(section) for section in sections), re.IGNORECASE)


DEVICE: Final = pattern(r"%s[.!]?", "device")
"""Match what mail programs put below a letter about themselves."""
DISCLAIMER: Final = pattern(r"(?P<title>%s\b)|%s", "disclaimer title", "disclaimer start")
"""Match the beginning of a disclaimer. Group "title": the paragraph has the title of one."""
_DISCLAIMER_KINDS: Final = ("secret", "strict", "reader", "error", "action", "ban", "print", "mail")
DISCLAIMER_WORDS: Final = re.compile(
    "|".join(f"(?P<{kind}>{any_of('disclaimer word ' + kind)})" for kind in _DISCLAIMER_KINDS), re.IGNORECASE
)
"""Find words of disclaimers, each kind in a group of its own."""
UNSUBSCRIBE: Final = pattern(r"\W*%s?%s", "unsubscribe lead", "unsubscribe")
"""Match the beginning of the label of a link that ends a subscription."""
UNSUBSCRIBE_URL: Final = pattern("%s", "unsubscribe address")
RECEIVING: Final = pattern(r"%s(?=.{0,300}%s).{0,400}|%s", "received", "reason", "receiving")
"""Match a sentence about why the reader gets a newsletter."""
VIEW: Final = pattern(r"%s[\s.!>»→|]*", "view online")
"""Match the link to the letter's copy on the web."""
WARNING: Final = pattern("%s", "warning")
"""Match the warning of a mail server about a letter from outside."""
BUTTON: Final = pattern(r"%s[\s.!:>»›→➔▶…|]*", "button")
"""Match the label of a link that leads to the text itself."""
LIST_FOOTER: Final = pattern("%s", "list footer")
"""Match a line that a mailing list adds to each letter."""
