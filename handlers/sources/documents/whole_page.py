"""Finds the article in a whole page that somebody copied from a browser, with its menus, teasers and footer.

The article is the run of lines with the most prose. Its headline is the line above it that shares its words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.facts import URL_LINE, match_person
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate, is_end_heading, is_link_label, is_section_name
from handlers.sources.text.bylines import is_about_author, read_byline, split_dateline
from handlers.sources.text.captions import is_caption
from handlers.sources.text.dates import find_date
from handlers.sources.text.line_kinds import ends_like_sentence, is_label, is_prose, is_sentence

_MENU: Final = 12
"""Short lines above or below the article that show that the page was copied with its menus or its footer."""
_LONGEST_HEADLINE: Final = 220
_SHORTEST_HEADLINE: Final = 8
_ABOVE: Final = 40
"""Lines above the first paragraph in which the headline is searched."""
_SAMPLE: Final = 12_000
"""Characters of the article whose words are compared with the headline's."""
_LEAST_SHARED: Final = 0.4
"""The share of a headline's words that the article must contain."""
_BYLINE_WITHIN: Final = 7
"""Lines between a headline and the byline or date below it."""
_FIRST: Final = 3
"""Paragraphs that share more words with the headline than the rest."""
_USUAL_LENGTH: Final = 80
"""Characters. Most headlines are shorter, and most standfirsts longer."""
_LONGEST_SENTENCE: Final = 110
"""Characters of a headline that is a complete sentence."""
_NAME_WORDS: Final = 3
_COLONS: Final = (":", "：")
_QUOTES: Final = "\"”’'»"
_NAME_BELOW: Final = re.compile(r"[:：]$|\b(?:by|von|par|por)$", re.IGNORECASE)
"""The end of a line above the name of an author or editor."""
_OTHER_ARTICLES: Final = re.compile(
    r"(?:more|related|most|latest|top|trending|popular|recommended|you may|also|read next|don.t miss|featured|mehr|"
    r"weitere|meist\w+|à lire|lire aussi|más|читайте|ещё|еще|популярн\w+)\b.{0,40}$",
    re.IGNORECASE,
)
"""Labels of lists of other articles, and also entries of menus."""
_LONGEST_BYLINE: Final = 120
_BYLINE_START: Final = re.compile(
    r"(?:by|von|par|por|di)\b|(?:fact[- ]checked|updated|posted|published)\b", re.IGNORECASE
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DAY_FIRST: Final = re.compile(r"\d{1,2}\.? [^\W\d_]{3,12}\.? (?:19|20)\d\d")
_CREDIT: Final = re.compile(r"\bcredit\b|\b(?:image|photo|photograph|foto|bild)\s?[:/]", re.IGNORECASE)
_CONSENT: Final = re.compile(
    r"\b(?:cookies?|personal (?:data|information)|personenbezogene\w*|privacy|consent|opt[- ]out|datenschutz\w*|"
    r"einwillig\w+|données personnelles|consentement|confidentialité)\b",
    re.IGNORECASE,
)
_FULL_STOP: Final = re.compile(r"[.!?…؟।][”\"’'»)]*(?:\s|$)|[。！？]")
_WORD: Final = re.compile(
    r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}|\d{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}"
)
_STEM: Final = 4
"""Letters by which words are compared, so that their endings do not matter."""

_PROSE: Final = 1.0
_PROSE_CHARACTERS: Final = 150
_MOST_PROSE: Final = 4.0
_SENTENCE: Final = 0.4
_SHORT_LINE: Final = -0.7
_BOILERPLATE: Final = -1.5
_AFTER_END: Final = -8.0
"""What a line is worth in the search for the run of lines with the most prose."""

_LAST_LINES: Final = 8

_LIKENESS: Final = 3.0
_LIKENESS_FIRST: Final = 1.5
_BYLINE: Final = 1.5
_REPEATED: Final = 1.0
_AFTER_LABEL: Final = 1.0
_LEAST: Final = 1.2
_MARGIN: Final = 0.6
_STANDFIRST: Final = 3
"""How likely a line is the headline: by its words, a byline below it, and a second occurrence on the page. Headlines of
other articles come after a label. A standfirst is nearly as likely as the headline above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePage:
    """The article in a whole page."""

    headline: str
    blocks: tuple[Block, ...]
    """The lines below the headline, down to the last paragraph."""


def find_article(blocks: Sequence[Block]) -> WholePage | None:
    """Return the article in the lines of a copied page; None if it has no menus or footer, or no headline is found."""
    start, end = _most_prose(blocks)
    if start == end:
        return None
    headline = _headline(blocks, start, end)
    if headline is None or max(_labels(blocks[:headline]), _labels(blocks[end:])) < _MENU:
        return None
    return WholePage(headline=blocks[headline].text, blocks=tuple(blocks[headline + 1 : end]))


def _most_prose(blocks: Sequence[Block]) -> tuple[int, int]:
    """Return start and end of the run of lines that are worth most together; both are equal if there is no prose."""
    best = total = 0.0
    start = best_start = best_end = 0
    for position, block in enumerate(blocks):
        if total <= 0:
            total, start = 0.0, position
        total += _worth(block)
        if total > best:
            best, best_start, best_end = total, start, position + 1
    return best_start, _with_last_sentences(blocks, best_end)


def _with_last_sentences(blocks: Sequence[Block], end: int) -> int:
    """Return the end of the run with the sentences that follow after at most a few other lines each."""
    position = end
    while position < min(end + _LAST_LINES, len(blocks)):
        text = blocks[position].text
        if is_end_heading(text) or is_link_label(text) or _OTHER_ARTICLES.match(text):
            break
        position += 1
        if is_sentence(text) and not is_boilerplate(text) and len(_CONSENT.findall(text)) < 2:
            end = position
    return end


def _worth(block: Block) -> float:
    text = block.text
    if is_end_heading(text):
        return _AFTER_END
    if is_boilerplate(text) or is_link_label(text) or is_about_author(text, None) or _is_byline(text):
        return _BOILERPLATE
    if len(_CONSENT.findall(text)) > 1:
        return _BOILERPLATE
    if is_prose(text) and _FULL_STOP.search(text):
        return min(_PROSE + len(text) / _PROSE_CHARACTERS, _MOST_PROSE)
    return _SENTENCE if is_sentence(text) else _SHORT_LINE


def _headline(blocks: Sequence[Block], start: int, end: int) -> int | None:
    """Return the position of the line above the article that is most likely the headline, not its standfirst."""
    article = _Words(blocks[start:end])
    outside = Counter(letters_of(block.text) for block in (*blocks[:start], *blocks[end:]))
    scores: dict[int, float] = {}
    is_after_label = False
    for position in range(max(start - _ABOVE, 0), start + 1):
        text = blocks[position].text
        is_after_label = is_after_label or _OTHER_ARTICLES.match(text) is not None
        is_first_paragraph = position == start and is_prose(text)
        if (
            is_first_paragraph
            or not _may_be_headline(text)
            or (position and _NAME_BELOW.search(blocks[position - 1].text))
        ):
            continue
        score = article.likeness(text) + _byline_bonus(blocks[position + 1 : position + 1 + _BYLINE_WITHIN])
        score += _REPEATED if outside[letters_of(text)] > 1 and len(_words(text)) > 1 else 0.0
        scores[position] = score - (start - position) / _ABOVE - (_AFTER_LABEL if is_after_label else 0.0)
    best = max(scores, key=lambda position: scores[position], default=None)
    if best is None or scores[best] < _LEAST:
        return _first_above_byline(blocks, [position for position in scores if start - position <= _BYLINE_WITHIN])
    above = (position for position in scores if best - _STANDFIRST <= position < best)
    near = (position for position in above if scores[position] >= scores[best] - _MARGIN)
    return next((position for position in near if not is_label(blocks[position].text)), best)


def _first_above_byline(blocks: Sequence[Block], candidates: Sequence[int]) -> int | None:
    """Return the first candidate between a menu and a byline that is not a label; None if there is none."""
    lines = (position for position in candidates if not is_label(blocks[position].text))
    below_menu = (line for line in lines if _labels(blocks[:line]) >= _MENU)
    return next((line for line in below_menu if _byline_bonus(blocks[line + 1 : line + 1 + _BYLINE_WITHIN])), None)


class _Words:
    """The words of an article, to compare headlines with."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._all = set(_words(" ".join(block.text for block in blocks)[:_SAMPLE]))
        self._first = set(_words(" ".join(block.text for block in blocks[:_FIRST])))
        self._lines = {letters_of(block.text) for block in blocks if is_prose(block.text) or block is not blocks[0]}

    def likeness(self, line: str) -> float:
        """Return how many of a line's words are in the article, and in its first paragraphs. A subheading gets 0."""
        own = _words(line)
        if not own or letters_of(line) in self._lines:
            return 0.0
        shared = sum(word in self._all for word in own) / len(own)
        first = sum(word in self._first for word in own) / len(own)
        likeness = (_LIKENESS * shared + _LIKENESS_FIRST * first) * (1 + min(len(own), 4)) / 5
        is_sentence_like = ends_like_sentence(line) and not line.rstrip(_QUOTES).endswith(("?", "!"))
        unlikely = max(len(line) - _USUAL_LENGTH, 0) / 100 + (1.0 if is_sentence_like else 0.0)
        return (likeness if shared >= _LEAST_SHARED else 0.0) - unlikely


def _byline_bonus(below: Sequence[Block]) -> float:
    """Return what a byline or a date below a line says for its being the headline: the more, the nearer."""
    distance = next((distance for distance, block in enumerate(below) if _is_byline(block.text)), None)
    return 0.0 if distance is None else _BYLINE - distance / 10


def _may_be_headline(text: str) -> bool:
    return (
        _SHORTEST_HEADLINE <= len(text) <= _LONGEST_HEADLINE
        and not text.endswith(_COLONS)
        and not _is_byline(text)
        and not is_boilerplate(text)
        and not is_link_label(text)
        and not is_section_name(text)
        and not is_caption(text)
        and (len(text) <= _LONGEST_SENTENCE or not is_prose(text))
        and not _CREDIT.search(text)
        and split_dateline(text)[1] is None
        and (match_person(text) is None or len(text.split()) > _NAME_WORDS)
        and URL_LINE.fullmatch(text) is None
    )


def _is_byline(text: str) -> bool:
    """Whether the line states the author or the date."""
    if len(text) > _LONGEST_BYLINE:
        return False
    has_date = _YEAR.search(text) is not None and find_date(text) is not None
    return (
        has_date
        or _DAY_FIRST.match(text) is not None
        or _BYLINE_START.match(text) is not None
        or read_byline(text) is not None
    )


def _words(text: str) -> list[str]:
    return [word[:_STEM].casefold() for word in _WORD.findall(text)]


def _labels(blocks: Sequence[Block]) -> int:
    """Return how many lines are short and unknown, as the entries of menus are."""
    return sum(not is_prose(block.text) and not is_boilerplate(block.text) for block in blocks)
