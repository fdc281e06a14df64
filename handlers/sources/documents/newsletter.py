"""Splits a newsletter into its stories: each headline with its text and its link."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.letter_footer import is_button, is_notice_line, without_addresses
from handlers.sources.documents.mail_lines import MailLine, count_words
from handlers.sources.text.line_kinds import is_prose, is_sentence

_FEWEST_STORIES: Final = 2
_FEWEST_IN_LETTER: Final = 3
"""Stories that a letter must have if nothing else shows that it is a newsletter."""
_INTRODUCTION_WORDS: Final = 60
"""Words above the first headline, from which on they are a text of their own."""
_LONGEST_HEADLINE: Final = 200
_LONGEST_PLAIN_HEADLINE: Final = 140
_HEADLINE_WORDS: Final = 2
_LINKED_WORDS: Final = 4
"""Words of a headline that is a story without any text."""
_LINKED_SHARE: Final = 0.6
_LEAD_WORDS: Final = 3
_TEXT_WORDS: Final = 6
_DECORATION: Final = re.compile(r"^[*#=~•▶►»>|\s-]{1,6}(?=\S)|[*#=~|\s]{1,4}$")
_URL_ALONE: Final = re.compile(r"\W{0,4}https?://\S+\W{0,4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterStory:
    title: str
    url: str
    """Absolute, as the newsletter gives it: often an address that counts clicks."""
    lines: tuple[MailLine, ...]


@dataclass(slots=True)
class _Section:
    """A headline, and what follows it up to the next one."""

    headline: MailLine
    lines: list[MailLine] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    """Addresses of the headline, of buttons and pictures, and of the links in the text, the best first."""

    @property
    def has_text(self) -> bool:
        return any(count_words(line.text) >= _TEXT_WORDS for line in self.lines)

    @property
    def is_story(self) -> bool:
        is_linked = self.headline.is_link and count_words(self.headline.text) >= _LINKED_WORDS
        return bool(self.urls) and (self.has_text or is_linked or _is_plain(self.headline))


def split_stories(lines: Sequence[MailLine], *, is_bulk: bool) -> tuple[list[NewsletterStory], list[MailLine]]:
    """Return the stories of a newsletter, and the paragraphs that belong to none, such as its introduction.

    A letter that is no newsletter has no stories. `is_bulk`: it was evidently sent to many readers.
    """
    leading, sections = _sections(lines)
    sections = _merged(sections)
    stories = [section for section in sections if section.is_story]
    fewest = _FEWEST_STORIES if is_bulk else _FEWEST_IN_LETTER
    if not all(_is_linked(section) for section in stories):
        # Headings without a link may also be the subheadings of one text.
        is_one_text = sum(count_words(line.text) for line in leading) > _INTRODUCTION_WORDS
        fewest = len(stories) + 1 if is_one_text or not is_bulk else _FEWEST_IN_LETTER
    if len(stories) < fewest:
        return [], list(lines)
    rest = list(leading)
    for section in sections:
        if not section.is_story:
            rest += [section.headline, *section.lines]
    return [_story(section) for section in stories], rest


def _is_linked(section: _Section) -> bool:
    return section.headline.is_link or _is_plain(section.headline)


def _sections(lines: Sequence[MailLine]) -> tuple[list[MailLine], list[_Section]]:
    """Return the lines above the first headline, and the headlines with what follows them."""
    leading: list[MailLine] = []
    sections: list[_Section] = []
    picture: list[str] = []
    for position, line in enumerate(lines):
        urls = [link.url for link in line.links if is_web_url(link.url)]
        if is_notice_line(line):
            (sections[-1].lines if sections else leading).append(line)
            picture = []
        elif is_button(line) or _URL_ALONE.fullmatch(line.text):
            if sections:
                sections[-1].urls += urls
        elif item := _linked_item(line):
            rest = line.text.replace(item.text, "", 1).strip(" .:–—-") if item.is_link else line.text
            sections.append(_Section(item, lines=[replace(line, text=rest)] if rest else [], urls=[*urls, *picture]))
            picture = []
        elif _is_headline(lines, position):
            if sections and urls and sections[-1].urls[:1] == urls[:1]:
                sections[-1].lines.append(line)  # a subtitle with the link of its headline
            else:
                sections.append(_Section(line, urls=[*urls, *picture]))
            picture = []
        elif sections:
            sections[-1].lines.append(line)
            sections[-1].urls += urls
        else:
            leading.append(line)
        if not line.text and urls:
            picture = urls
    return leading, sections


def _merged(sections: Sequence[_Section]) -> list[_Section]:
    """Return the sections; one of plain text that has no link goes on in the next one, at whose end the link is."""
    result: list[_Section] = []
    for section in sections:
        before = result[-1] if result else None
        if before and _is_plain(before.headline) and before.has_text and not before.urls and section.urls:
            before.lines += [section.headline, *section.lines]
            before.urls += section.urls
        else:
            result.append(section)
    return result


def _is_plain(headline: MailLine) -> bool:
    return headline.is_plain


def _is_headline(lines: Sequence[MailLine], position: int) -> bool:
    line = lines[position]
    text = _bare(line)
    if len(text) > _LONGEST_HEADLINE or count_words(text) < _HEADLINE_WORDS or line.depth:
        return False
    if line.is_link:
        return True
    if line.is_heading:
        return not is_prose(text) or len(text) < _LONGEST_PLAIN_HEADLINE
    if not line.is_plain or len(text) > _LONGEST_PLAIN_HEADLINE or is_sentence(text) or is_prose(text):
        return False
    return not line.links or text != line.text


def _linked_item(line: MailLine) -> MailLine | None:
    """Return the headline in a line that is a story of its own, else None.

    That is a line whose longest part is a link, as in lists of headlines, or a paragraph that begins with a headline
    in bold type.
    """
    link = max(line.links, key=lambda link: len(link.text), default=None)
    if link is None or line.depth or line.is_link or line.is_heading:
        return None
    if count_words(link.text) >= _LINKED_WORDS and len(link.text) >= len(line.text) * _LINKED_SHARE:
        return replace(line, text=link.text, is_link=True)
    lead = line.lead.strip(" .:–—-")
    if count_words(lead) >= _LEAD_WORDS and count_words(line.text) >= count_words(lead) + _TEXT_WORDS:
        return replace(line, text=lead, is_heading=True)
    return None


def _story(section: _Section) -> NewsletterStory:
    return NewsletterStory(title=_bare(section.headline), url=section.urls[0], lines=tuple(section.lines))


def _bare(line: MailLine) -> str:
    """Return the text without addresses and the signs with which plain text marks a headline."""
    return _DECORATION.sub("", _DECORATION.sub("", without_addresses(line).text)).strip()
