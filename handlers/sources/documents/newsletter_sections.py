"""The sections of a newsletter: each line that may be a headline, with the lines and links below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.letter_footer import is_notice_line
from handlers.sources.documents.letter_links import (
    has_last_button,
    has_reference,
    is_button,
    is_reference,
    without_addresses,
)
from handlers.sources.documents.mail_lines import MailLine, count_words
from handlers.sources.text.line_kinds import is_prose, is_sentence

_LONGEST_HEADLINE: Final = 200
_LONGEST_PLAIN_HEADLINE: Final = 140
_FEWEST_WORDS: Final = 2
_LINKED_WORDS: Final = 4
"""Words of a headline that is a story without any text."""
_LINKED_SHARE: Final = 0.6
_LEAD_WORDS: Final = 3
_LABELLED_WORDS: Final = 5
"""Words in bold type in front of a colon that are a headline, unlike "Why it matters:"."""
_KICKER_WORDS: Final = 3
_TEXT_WORDS: Final = 6
_URL_ALONE: Final = re.compile(r"\W{0,4}https?://\S+\W{0,4}", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]")
_AFTER_LEAD: Final = re.compile(r"\s?[:：.–—-]\s")


@dataclass(slots=True)
class Section:
    """A headline, and what follows it up to the next one."""

    headline: MailLine
    lines: list[MailLine] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    """Addresses of the headline, of buttons and pictures, and of the links in the text, the best first."""
    has_button: bool = False
    """A button, a picture, or an address in a line of its own leads to the story."""
    is_linked_below: bool = False
    """Its first address is below its text."""

    @property
    def has_text(self) -> bool:
        return any(has_words(line.text) for line in self.lines)

    @property
    def is_linked(self) -> bool:
        """Whether the headline, or a button or address next to it, leads to the story."""
        is_plain = self.headline.is_plain and bool(self.headline.links)
        return bool(self.urls) and (self.headline.is_link or is_plain or self.has_button)

    @property
    def is_story(self) -> bool:
        is_headline = self.headline.is_link and count_words(self.headline.text) >= _LINKED_WORDS
        return bool(self.urls) and (self.has_text or is_headline or self.headline.is_plain)

    def add_urls(self, urls: Sequence[str], *, is_button: bool = False) -> None:
        """Add the addresses of links below the headline."""
        if urls and not self.urls:
            self.is_linked_below = self.has_text
        if urls and is_button and not self.has_button:
            self.has_button = True
            self.urls = [*urls, *self.urls] if not self.headline.links else [*self.urls, *urls]
        else:
            self.urls += urls


def read_sections(lines: Sequence[MailLine]) -> tuple[list[MailLine], list[Section]]:
    """Return the lines above the first headline, and the headlines with what follows them."""
    leading: list[MailLine] = []
    sections: list[Section] = []
    picture: list[str] = []
    for line in lines:
        urls = [link.url for link in line.links if is_web_url(link.url)]
        if is_notice_line(line):
            (sections[-1].lines if sections else leading).append(line)
            picture = []
        elif is_reference(line):
            continue
        elif is_button(line) or _URL_ALONE.fullmatch(line.text):
            if sections:
                sections[-1].add_urls(urls, is_button=True)
        elif section := _section_at(line, urls):
            if sections and _is_subtitle(line, urls, sections[-1]):
                sections[-1].lines.append(line)
            else:
                if sections and _is_kicker(sections[-1].lines):
                    leading.append(sections[-1].lines.pop())
                section.add_urls(picture, is_button=True)
                sections.append(section)
            picture = []
        elif sections:
            last = line.links[-1].url if has_last_button(line) else ""
            sections[-1].add_urls([last] if is_web_url(last) else urls, is_button=bool(last))
            sections[-1].lines.append(line)
        else:
            leading.append(line)
        if not line.text and urls:
            picture = urls
    return leading, _merged(sections)


def _is_subtitle(line: MailLine, urls: Sequence[str], section: Section) -> bool:
    """Whether the line goes with the headline above it: it has the same link, or is short like an author's name."""
    if line.is_plain:
        return False
    is_short = count_words(line.text) < _LINKED_WORDS and not section.has_text
    return (bool(urls) and section.urls[:1] == urls[:1]) or is_short


def _is_kicker(lines: Sequence[MailLine]) -> bool:
    """Whether the last line is a label in capitals, such as "MARKETS", above the next headline."""
    return len(lines) > 1 and lines[-1].text.isupper() and count_words(lines[-1].text) <= _KICKER_WORDS


def _section_at(line: MailLine, urls: Sequence[str]) -> Section | None:
    """Return the section that begins with this line, else None."""
    if item := _item(line):
        rest = line.text.replace(item.text, "", 1).lstrip(" .:：–—-").rstrip() if item.is_link else line.text
        last = [line.links[-1].url] if has_last_button(line) else []
        return Section(
            item, lines=[replace(line, text=rest)] if rest else [], urls=[*last, *urls], has_button=bool(last)
        )
    return Section(line, urls=list(urls)) if _is_headline(line) else None


def _item(line: MailLine) -> MailLine | None:
    """Return the headline in a line that is a story of its own, else None.

    That is a line whose longest part is a link, as in lists of headlines, or a paragraph that begins with a headline
    as a link or in bold type.
    """
    if line.depth or line.is_link or line.is_heading:
        return None
    lead = line.lead.strip(" .:：–—-")
    has_colon = line.text[len(lead) :].lstrip().startswith((":", "："))
    fewest = _LABELLED_WORDS if has_colon else _LEAD_WORDS
    if count_words(lead) >= fewest and count_words(line.text) >= count_words(lead) + _TEXT_WORDS:
        return replace(line, text=lead, is_heading=True)
    link = max(line.links, key=lambda link: len(link.text), default=None)
    if link is None or count_words(link.text) < _LINKED_WORDS:
        return None
    is_first = line.text.startswith(link.text) and _AFTER_LEAD.match(line.text[len(link.text) :]) is not None
    if is_first or len(link.text) >= len(line.text) * _LINKED_SHARE:
        return replace(line, text=link.text, is_link=True)
    return None


def _is_headline(line: MailLine) -> bool:
    text = without_addresses(line).text
    if len(text) > _LONGEST_HEADLINE or count_words(text) < _FEWEST_WORDS or line.depth:
        return False
    if line.is_link:
        return True
    if line.is_heading:
        return not is_prose(text) or len(text) < _LONGEST_PLAIN_HEADLINE
    if not line.is_plain or len(text) > _LONGEST_PLAIN_HEADLINE or is_sentence(text) or is_prose(text):
        return False
    return not text.endswith((",", ":", ";", "，", "：")) and (
        not line.links or text != line.text or has_reference(line)
    )


def _merged(sections: Sequence[Section]) -> list[Section]:
    """Return the sections; one of plain text that has no link goes on in the next one, at whose end the link is."""
    result: list[Section] = []
    for section in sections:
        before = result[-1] if result else None
        if before and before.headline.is_plain and before.has_text and not before.urls and section.is_linked_below:
            before.lines += [section.headline, *section.lines]
            before.add_urls(section.urls)
        else:
            result.append(section)
    return result


def has_words(text: str) -> bool:
    """Whether the line says something, unlike a date, a button or the name of a section."""
    words = sum(_LETTERS.search(word) is not None for word in text.split())
    return words >= _TEXT_WORDS or count_words(text) - len(text.split()) >= _TEXT_WORDS
