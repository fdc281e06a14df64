"""Recognizes pages that take the place of an article: requests for consent to cookies, paywalls and login forms."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from handlers.sources.text.line_kinds import is_sentence
from handlers.sources.text.sections import read_sections

_TABLE: Final = Path(__file__).with_name("page_walls.txt")
_KINDS: Final = {
    "consent": "it asks the reader to agree to cookies",
    "paywall": "it asks the reader to subscribe or to log in",
}
_SEPARATOR: Final = re.compile(r"\s+[|–—·•-]\s+")
"""Between the title of a page and the name of its site."""
_FEWEST_PHRASES: Final = 3
"""Different phrases that show such a page. A title that says what it is counts as one."""
_MOST_OTHER_WORDS: Final = 15
_MOST_WORDS_BESIDE_TITLE: Final = 60
"""Words of sentences that say something else. A page with more has an article, or its beginning."""
_LONGEST: Final = 5_000
_LONGEST_UNNAMED: Final = 1_500
"""Characters of such a page, and of one whose title does not say what it is. Longer ones are not examined."""


def wall_of(title: str, text: str) -> str | None:
    """Return what the page does instead of showing an article, for people; None if it has an article."""
    if len(text) > _LONGEST:
        return None
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph]
    for kind, reason in _KINDS.items():
        titles = _any_of(f"{kind} title")
        is_named = any(titles.fullmatch(part.strip(" .!:…")) for part in _SEPARATOR.split(title))
        if not is_named and len(text) > _LONGEST_UNNAMED:
            continue
        phrases = _any_of(f"{kind} phrase")
        found = len({match.lastindex for match in phrases.finditer(f"{title}\n{text}")})
        other = [text for text in paragraphs if is_sentence(text) and not phrases.search(text)]
        words = sum(len(text.split()) for text in other)
        if found >= _FEWEST_PHRASES and words <= _MOST_OTHER_WORDS:
            return reason
        if is_named and (not words or (found and words <= _MOST_WORDS_BESIDE_TITLE)):
            return reason
    return None


@cache
def _any_of(section: str) -> re.Pattern[str]:
    """Return an expression for the phrases of a section, each in a group of its own."""
    return re.compile("|".join(f"({line})" for line in read_sections(_TABLE)[section]), re.IGNORECASE)
