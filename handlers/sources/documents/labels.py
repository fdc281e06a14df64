"""Removes labels, bylines and dates between the headline and the first paragraph of a copied page."""

import re
from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.facts import Facts, match_people, match_person
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate
from handlers.sources.text.bylines import Byline, is_about_author, read_byline
from handlers.sources.text.date_lines import starts_with_date
from handlers.sources.text.line_kinds import is_label, is_prose, is_sentence

_MOST_LINES: Final = 40
"""Lines that may be above the first paragraph."""
_BYLINE_START: Final = re.compile(r"(?:by|von|par|por|di|от) [A-ZÀ-ÞА-ЯЁ].{2,110}", re.IGNORECASE)
_SHORTEST_TITLE: Final = 10
"""Letters of a headline that is recognized when it is repeated."""
_MOST_EXTRA: Final = 30
"""Letters of a repeated headline that are not its own, such as those of a kicker or the site's name."""


def without_labels(blocks: Sequence[Block], facts: Facts, *, is_page: bool) -> list[Block]:
    """Return the lines without labels above the first paragraph, and record the facts that they state.

    Sentences and bullet points belong to the article and remain. A single label may be a subheading: it is removed only
    if there are other signs of a page among these lines, or `is_page`.
    """
    end = next((position for position, block in enumerate(blocks[:_MOST_LINES]) if _starts_text(block)), None)
    if end is None:
        return list(blocks)
    own: list[Block] = []
    labels: list[int] = []
    for position, block in enumerate(blocks[:end]):
        following = blocks[position + 1].text
        if block.bullet:
            own.append(block)
        elif facts.read_line(block.text, following, is_copied=True) or _is_outside(block.text, facts):
            is_page = True
        else:
            if is_label(block.text):
                labels.append(len(own))
            own.append(block)
    if is_page or len(labels) > 1:
        own = [block for position, block in enumerate(own) if position not in labels]
    return [*own, *_without_late_byline(blocks[end:], facts)]


def _without_late_byline(blocks: Sequence[Block], facts: Facts) -> list[Block]:
    """Return the lines without the byline and date between a standfirst of complete sentences and the text.

    A date right above a paragraph remains, because it may be an entry of a chronicle.
    """
    position = 1
    while position < min(len(blocks) - 1, _MOST_LINES) and not _starts_text(blocks[position]):
        text, following = blocks[position].text, blocks[position + 1]
        byline = None if blocks[position].bullet else read_byline(text) or _read_unusual_byline(text)
        if byline is None or (byline.published_at and not byline.author and _starts_text(following)):
            position += 1
            continue
        facts.add_byline(byline)
        blocks = [*blocks[:position], *blocks[position + 1 :]]
    return list(blocks)


def _starts_text(block: Block) -> bool:
    return (
        not block.bullet
        and is_prose(block.text)
        and not is_boilerplate(block.text)
        and not is_about_author(block.text, None)
    )


def _is_outside(text: str, facts: Facts) -> bool:
    return _read_byline_below_headline(text, facts) or is_boilerplate(text) or _repeats_title(text, facts.title or "")


def _read_byline_below_headline(text: str, facts: Facts) -> bool:
    """Read a line that counts as a byline or a date only below a headline, such as a name with a place."""
    place, dash, rest = text.partition(" - ")
    if dash and len(place.split()) <= 2 and (byline := read_byline(rest)) is not None:
        facts.published_at = facts.published_at or byline.published_at
        return True
    if text.startswith("@") or starts_with_date(text) or is_about_author(text, facts.author):
        return True
    person = match_person(text)
    if person and person["name"] != text:
        facts.author = facts.author or match_people(text) or person["name"]
        return True
    if person and len(text.split()) <= 3:
        return False  # a name alone is a label, but may also be a subheading
    return bool(_BYLINE_START.fullmatch(text)) and not is_prose(text)


def _read_unusual_byline(text: str) -> Byline | None:
    """Return an empty byline for a line that starts like one but goes on differently after the name."""
    return Byline(author=None) if _BYLINE_START.fullmatch(text) and not is_sentence(text) else None


def _repeats_title(text: str, title: str) -> bool:
    letters, title_letters = letters_of(text), letters_of(title)
    extra = len(letters) - len(title_letters)
    return (
        not is_sentence(text)
        and len(title_letters) > _SHORTEST_TITLE
        and title_letters in letters
        and extra <= _MOST_EXTRA
    )
