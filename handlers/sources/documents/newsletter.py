"""Splits a newsletter into its stories: each headline with its text and its link."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers.sources.documents.comparison import is_same_line
from handlers.sources.documents.letter_links import without_addresses
from handlers.sources.documents.mail_lines import MailLine, count_words
from handlers.sources.documents.newsletter_sections import Section, read_sections

_FEWEST_STORIES: Final = 2
_FEWEST_IN_LETTER: Final = 3
"""Stories that a letter must have if nothing else shows that it is a newsletter."""
_PLAIN_SHARE: Final = 0.5
"""The share of short lines with a link, among those that may be headlines of a plain text."""
_INTRODUCTION_WORDS: Final = 60
"""Words above the first headline, from which on they are a text of their own."""
_HEADLINE_WORDS: Final = 4
"""Words of a headline. Shorter lines, such as "Why it matters", may also be headings inside a story."""
_NUMBER: Final = re.compile(r"(?P<number>\d{1,2})[.)]\s+(?=\S)")
_REFERENCE: Final = re.compile(r"\s*\[\d{1,3}\]$")
_DECORATION: Final = re.compile(r"^[*#=~•▶►»>|\s-]{1,6}(?=\S)|[*#=~|\s]{1,4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterStory:
    title: str
    url: str | None
    """Absolute, as the newsletter gives it: often an address that counts clicks. None if the story has no link."""
    lines: tuple[MailLine, ...]


def split_stories(
    lines: Sequence[MailLine], *, is_bulk: bool, sender: str
) -> tuple[list[NewsletterStory], list[MailLine]]:
    """Return the stories of a newsletter, and the paragraphs that belong to none, such as its introduction.

    A letter that is no newsletter has no stories. `is_bulk`: it was evidently sent to many readers. `sender`: the name
    of its sender, which newsletters repeat as a heading.
    """
    leading, sections = read_sections(lines)
    sections = [section for section in sections if not is_same_line(section.headline.text, sender) or section.has_text]
    linked = [section for section in sections if section.is_story and section.is_linked]
    fewest = _FEWEST_STORIES if is_bulk else _FEWEST_IN_LETTER
    if len(linked) >= max(fewest, _PLAIN_SHARE * sum(section.headline.is_plain for section in sections)):
        sizes = {section.headline.size for section in linked}
        stories, rest = _grouped(sections, sizes)
    elif is_bulk and _is_roundup(leading, sections):
        stories = [section for section in sections if section.is_story]
        rest = [line for section in sections if not section.is_story for line in (section.headline, *section.lines)]
    else:
        return [], list(lines)
    return _without_numbers([_story(section) for section in stories]), [*leading, *rest]


def _is_roundup(leading: Sequence[MailLine], sections: Sequence[Section]) -> bool:
    """Whether headlines without a link are those of stories, and not the headings of one text."""
    sizes = [section.headline.size for section in sections if section.is_story]
    first = next((number for number, section in enumerate(sections) if section.is_story), len(sections))
    above = [*leading, *(line for section in sections[:first] for line in section.lines)]
    introduction = sum(count_words(line.text) for line in above)
    return len(sizes) >= _FEWEST_IN_LETTER and len(set(sizes)) == 1 and introduction <= _INTRODUCTION_WORDS


def _grouped(sections: Sequence[Section], sizes: set[float]) -> tuple[list[Section], list[MailLine]]:
    """Return the stories, and the lines of sections that are none. A heading inside a story is part of its text.

    `sizes`: those of the headlines that are certainly headlines.
    """
    stories: list[Section] = []
    rest: list[MailLine] = []
    for section in sections:
        is_long = count_words(section.headline.text) >= _HEADLINE_WORDS
        is_alike = section.headline.size in sizes and section.has_text and not section.headline.is_plain
        if (section.is_story and (section.is_linked or is_long)) or (is_alike and is_long):
            stories.append(section)
        elif stories and section.has_text:
            stories[-1].lines += [section.headline, *section.lines]
            stories[-1].urls += section.urls
        else:
            rest += [section.headline, *section.lines]
    return stories, rest


def _without_numbers(stories: list[NewsletterStory]) -> list[NewsletterStory]:
    """Return the stories without the numbers of their headlines, if these count the stories."""
    found = [_NUMBER.match(story.title) for story in stories]
    numbers = [int(number["number"]) for number in found if number]
    if len(numbers) < len(stories) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return stories
    return [replace(story, title=_NUMBER.sub("", story.title, count=1)) for story in stories]


def _story(section: Section) -> NewsletterStory:
    url = section.urls[0] if section.urls else None
    return NewsletterStory(title=headline_text(section.headline), url=url, lines=tuple(section.lines))


def headline_text(line: MailLine) -> str:
    """Return the text without addresses and the signs with which plain text marks a headline."""
    text = without_addresses(line).text
    if line.links and line.is_plain:
        text = _REFERENCE.sub("", text)
    return _DECORATION.sub("", _DECORATION.sub("", text)).strip()
