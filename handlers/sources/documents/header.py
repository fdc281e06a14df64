"""What stands above an article's first paragraph, and what its lines say: headline, byline, date, source, address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.sources.text.boilerplate import (
    is_furniture,
    is_label,
    is_prose,
    is_section_name,
    is_sentence,
    is_unmistakable,
)
from handlers.sources.text.bylines import Byline, is_about_author, read_byline, split_dateline, starts_with_date

LONGEST_TITLE: Final = 300
"""Characters. Nothing longer is a headline; a longer one given by a document is cut at a word."""
SENTENCE: Final = re.compile(r"""(?:[^.!?。！？؟]|[.!?؟](?![\s”"’»)]|$))+[.!?。！？؟]+[”"’»)]*""")
_FIRST_SENTENCE: Final = 120
_ZONE: Final = 40
"""Lines above the first paragraph that are looked at."""
ADDRESS: Final = re.compile(
    r"(?:(?:source|link|url|original|via|quelle|источник|来源|原文(?:链接|地址)?|المصدر)\s?[:：]\s?)?(?P<url>https?://[^\s<>\"]+)",
    re.IGNORECASE,
)
_PUBLISHER: Final = re.compile(
    r"(?:source|quelle|источник|来源|المصدر)\s?[:：]\s?(?P<name>[^\n:：]{2,40})", re.IGNORECASE
)
_NAME: Final = re.compile(r"[A-ZÀ-ÞА-ЯЁ\u4e00-\u9fff][^.!?。]{1,38}")
_PERSON: Final = re.compile(
    r"(?P<name>[A-ZÀ-ÞА-ЯЁ][\w.’'-]+(?: (?:van|von|der|de|den|di|da|al|bin|la|le))?(?: [A-ZÀ-ÞА-ЯЁ][\w.’'-]*){1,2})"
    r"(?:,? (?:in|for|from|en|à|aus|в) [A-ZÀ-ÞА-ЯЁ].{1,30})?"
)
_OUTLET: Final = re.compile(
    r"\b(?:news|wire|post|times|daily|journal|herald|tribune|gazette|press|media|weekly|magazine|review|report|today|"
    r"online|agency|tv|radio|network|telegraph|standard|observer|globe|sun|star|mirror|express|nachrichten|zeitung|"
    r"blatt|новости|газета|агентство)\b",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"(?:by|von|par|por|di|от) [A-ZÀ-ÞА-ЯЁ].{2,110}", re.IGNORECASE)
_HANDLE: Final = re.compile(r"@[\w.-]{2,30}(?:\s?[·•|].*)?")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_PLAIN_HEADLINE: Final = 110
"""Characters; most standfirsts have more."""
_DAY_FIRST: Final = re.compile(r"\d{1,4}[./-]\d")
_STOPS: Final = (".", "。", "…", ":", "：", ")")
_LETTER: Final = re.compile(r"\w")
_OTHER_FACTS: Final = 30
"""Letters that a repeated headline may have more than the headline: its kicker, the site's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph; `bullet` says that it stood behind a bullet point."""

    text: str
    bullet: bool = False


class Top:
    """Reads what stands above the first paragraph, and remembers what it said.

    `copied`: somebody copied the lines, and only their places tell labels from words. `whole`: nothing shows that they
    come from a page, so that a label above a line is that line's only if the line is plainly a headline.
    """

    def __init__(self, *, copied: bool, whole: bool = False) -> None:
        self.title: str | None = None
        self.author: str | None = None
        self.publisher: str | None = None
        self.published_at: datetime | None = None
        self.url: str | None = None
        self._copied = copied
        self._whole = whole

    def read(self, blocks: Sequence[Block], *, title: str | None) -> int:
        """Find headline, byline and date. Returns how many of the lines stand above the article's text."""
        self.title = title
        position = 0
        while position < len(blocks):
            text = blocks[position].text
            following = blocks[position + 1].text if position + 1 < len(blocks) else ""
            untitled = self.title is None
            if (
                self._about(text, following)
                or (is_unmistakable(text) if self._whole else is_furniture(text))
                or _HANDLE.fullmatch(text)
                or (untitled and self._is_above(blocks, position))
                or (position < 8 and same(text, self.title or ""))
            ):
                position += 1
            elif untitled and position == 0 and following and _is_masthead(text, following):
                self.publisher = self.publisher or text
                position += 1
            elif untitled and not blocks[position].bullet and _may_be_headline(text):
                self.title = text
                position += 1
            else:
                break
        return position

    def without_labels(self, blocks: Sequence[Block], *, is_page: bool) -> list[Block]:
        """Without the labels between headline and first paragraph, in a text that shows that it was copied whole.

        Sentences and bullet points among them stay: they are the article's own.
        """
        end = next((place for place, block in enumerate(blocks[:_ZONE]) if self._begins(block)), None)
        if end is None:
            return list(blocks)
        kept: list[Block] = []
        labels: list[int] = []
        for place, block in enumerate(blocks[:end]):
            following = blocks[place + 1].text
            if block.bullet:
                kept.append(block)
            elif self._about(block.text, following) or self._is_no_part(block.text):
                is_page = True
            else:
                if is_label(block.text):
                    labels.append(len(kept))
                kept.append(block)
        if is_page or len(labels) > 1:
            kept = [block for place, block in enumerate(kept) if place not in labels]
        return [*kept, *self._without_late_facts(blocks[end:])]

    def _without_late_facts(self, blocks: Sequence[Block]) -> list[Block]:
        """Without the byline and date between a standfirst of whole sentences and the text that it stands above.

        A date right above a paragraph is no such thing, but what a chronicle consists of.
        """
        place = 1
        while place < min(len(blocks) - 1, _ZONE) and not self._begins(blocks[place]):
            text, following = blocks[place].text, blocks[place + 1]
            byline = None if blocks[place].bullet else read_byline(text) or self._named(text)
            if byline is None or (byline.published_at and not byline.author and self._begins(following)):
                place += 1
                continue
            self.author = self.author or byline.author
            self.published_at = self.published_at or byline.published_at
            blocks = [*blocks[:place], *blocks[place + 1 :]]
        return list(blocks)

    @staticmethod
    def _begins(block: Block) -> bool:
        return (
            not block.bullet
            and is_prose(block.text)
            and not is_furniture(block.text)
            and not is_about_author(block.text, None)
        )

    def _is_no_part(self, text: str) -> bool:
        return self._tells_who_or_when(text) or is_furniture(text) or self._repeats_title(text)

    def _tells_who_or_when(self, text: str) -> bool:
        """Lines that are bylines and dates only because they stand below a headline."""
        place, parted, rest = text.partition(" - ")
        if parted and len(place.split()) <= 2 and (byline := read_byline(rest)) is not None:
            self.published_at = self.published_at or byline.published_at
            return True
        if text.startswith("@") or starts_with_date(text) or is_about_author(text, self.author):
            return True
        person = _PERSON.fullmatch(text)
        if person and not _OUTLET.search(text) and (person["name"] != text or len(text.split()) <= 3):
            is_alone = person["name"] == text
            if not is_alone or self.author is None:
                self.author = self.author or (None if is_alone else person["name"])
            return not is_alone
        return bool(_BY.fullmatch(text)) and not is_prose(text)

    @staticmethod
    def _named(text: str) -> Byline | None:
        """A line that begins as bylines do, though what follows the name makes it unlike one."""
        return Byline(author=None) if _BY.fullmatch(text) and not is_sentence(text) else None

    def _repeats_title(self, text: str) -> bool:
        ours, title = letters(text), letters(self.title or "")
        return not is_sentence(text) and len(title) > 10 and title in ours and len(ours) - len(title) <= _OTHER_FACTS

    def _is_above(self, blocks: Sequence[Block], position: int) -> bool:
        """The name of a section, one word, or a few above a line that is a headline."""
        text = blocks[position].text
        if _is_account(blocks[position : position + 2]):
            self.author = self.author or text
            return True
        is_kicker = self._is_kicker(text)
        if self._whole:
            below = blocks[position + 1 : position + 2]
            return (is_kicker or _is_name(text)) and any(_is_plainly_headline(block.text) for block in below)
        if blocks[position].bullet or not (is_kicker or (self._copied and _is_name(text))):
            return False
        if not is_kicker and position == 0 and _is_masthead(text, blocks[1].text if len(blocks) > 1 else ""):
            return False
        for block in blocks[position + 1 : position + 8]:
            if block.bullet or is_prose(block.text):
                return False
            if self._is_kicker(block.text) or is_furniture(block.text) or read_byline(block.text):
                continue
            if is_kicker:
                return len(block.text) > len(text) or " > " in text
            if not is_label(block.text):
                return _is_plainly_headline(block.text)
        return False

    def _is_kicker(self, text: str) -> bool:
        if is_section_name(text) or (text[:1] in "/|>›»" and is_label(text)):
            return True
        one_word = len(text) <= (4 if _WIDE.match(text) else 20) and " " not in text
        return self._copied and one_word and not text.endswith((".", "!", "?", "。"))

    def _about(self, text: str, following: str = "") -> bool:
        """True when the line only says who wrote it, when, or where it stands."""
        if (byline := read_byline(text)) is not None:
            self.author = self.author or byline.author
            self.published_at = self.published_at or byline.published_at
            return True
        if (address := ADDRESS.fullmatch(text)) is not None:
            self.url = self.url or address["url"]
            return True
        if self.title is not None and (source := publisher_in(text)) is not None:
            self.publisher = self.publisher or source
            return True
        return self.title is not None and self._names_publisher(text, following)

    def _names_publisher(self, text: str, following: str) -> bool:
        """A short name below the headline, with a date or reading time beside it or such a line below it."""
        parts = [part.strip() for part in re.split(r"\s[|·•]\s", text) if part.strip()]
        names = [part for part in parts if not is_furniture(part) and read_byline(part) is None]
        beside = len(names) < len(parts) or ADDRESS.fullmatch(following) or read_byline(following)
        if len(names) != 1 or not beside or not _NAME.fullmatch(names[0]):
            return False
        person = _PERSON.fullmatch(names[0])
        if person and self._copied and not _OUTLET.search(names[0]):
            self.author = self.author or person["name"]
        else:
            self.publisher = self.publisher or names[0]
        for byline in filter(None, map(read_byline, parts)):
            self.author = self.author or byline.author
            self.published_at = self.published_at or byline.published_at
        return True


def publisher_in(text: str) -> str | None:
    """The name in "Source: Example Wire". Several words of which some are in small letters are a sentence."""
    found = _PUBLISHER.fullmatch(text)
    name = found["name"].strip() if found else ""
    small = any(word[0].islower() for word in re.findall(r"[^\W\d_]{4,}", name))
    return None if not name or (small and " " in name) else name


def _is_account(blocks: Sequence[Block]) -> bool:
    """Who wrote a post, above it: a name, and below that its handle."""
    return len(blocks) > 1 and bool(_HANDLE.fullmatch(blocks[1].text)) and is_label(blocks[0].text)


def _is_masthead(text: str, following: str) -> bool:
    """A newspaper's name at the very top: short, in capitals or title case, and above a section's name or buttons."""
    words = text.split()
    return (
        len(words) <= 4
        and bool(_NAME.fullmatch(text))
        and all(word[0].isupper() for word in words)
        and (is_section_name(following) or (len(words) <= 3 and is_furniture(following)))
    )


def _may_be_headline(text: str) -> bool:
    if len(text) > LONGEST_TITLE or split_dateline(text)[1] is not None:
        return False
    return len(text) <= _FIRST_SENTENCE or len(SENTENCE.findall(text)) <= 1


def _is_plainly_headline(text: str) -> bool:
    """Not what might as well be the standfirst of the few words above it."""
    has_words = len(text.split()) > 4 or bool(_WIDE.search(text))
    return has_words and len(text) <= _PLAIN_HEADLINE and not (_DAY_FIRST.match(text) or text.endswith(_STOPS))


def _is_name(text: str) -> bool:
    """A few words, none of them in small letters: so are sections, series and columns named, and few headlines."""
    return is_label(text) and all(word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", text))


def letters(text: str) -> str:
    """What stays of a line when it is set otherwise."""
    return re.sub(r"\W+", "", text).casefold()


def same(one: str, other: str) -> bool:
    """Whether the two lines differ in nothing but their marks and case."""
    return _first_letter(one) == _first_letter(other) and letters(one) == letters(other)


def _first_letter(text: str) -> str:
    found = _LETTER.search(text)
    return found[0].casefold() if found else ""
