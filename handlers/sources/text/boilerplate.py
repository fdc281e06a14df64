"""Finds boilerplate: what a page puts around its article, such as adverts, share bars and links to other articles.

The fixed phrases are in boilerplate.txt, in many languages. Each rule judges one short paragraph as a whole. Paragraphs
that no rule matches belong to the article.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from handlers.sources.text.boilerplate_rules import (
    certain_phrases,
    end_heading,
    labelled_link,
    link_label,
    lower_for_rules,
    network_names,
    notices,
    phrases,
    phrases_by_literal,
    section_name,
    share_bar_proof,
    share_button,
)
from handlers.sources.text.captions import is_caption, without_credit
from handlers.sources.text.date_lines import is_date
from handlers.sources.text.line_kinds import ends_like_sentence, has_several_sentences, is_headline_like, is_label

_LONGEST: Final = 400
"""Characters. A longer paragraph is never boilerplate."""
_LONGEST_SHARE_BAR: Final = 160
_LONGEST_LINK: Final = 260
_LONGEST_PATH: Final = 120
"""Characters of a path of sections."""
_MENU_WORDS: Final = 4
_MOST_LINKS: Final = 12
_EDGES: Final = " \u00a0|>»→·•/"
_STOPS: Final = " .!:：…。"

_SINGLE_LINK_LABEL: Final = re.compile(
    r"(?:read (?:more|also|next|on)|also read|see also|watch.*|lesen sie.*|weiterlesen|читайте.*|смотрите также|"
    r"подробнее|"
    r"اقرأ.*|إقرأ.*|(?:à )?lire .*|(?:lea|lee|leer|ver) .*|leggi anche|lees ook)\W*",
    re.IGNORECASE,
)
"""Labels above a single link. Other labels introduce several links."""
_VIEWER: Final = re.compile(
    r"^\[\d+/\d+\]\s?|(?:\s*(?:purchase licensing rights|opens new tab|enlarge (?:this )?image|read more)[,.]?)+$",
    re.IGNORECASE,
)
"""What a picture viewer adds to a caption."""
_VIEWER_LITERALS: Final = ("purchase licensing rights", "opens new tab", "enlarge ", "read more")
_RELEASE_SOURCE: Final = re.compile(r"SOURCE [^.!?]{2,60}")
"""The company that issued a press release, named below its text."""
_NO_WORDS: Final = re.compile(r"[\W\d_]{1,12}")
_HOME: Final = frozenset(
    {"home", "homepage", "start", "startseite", "главная", "首页", "الرئيسية", "accueil", "inicio"}
)
_REPORTING: Final = re.compile(
    r"\b(?:said|says|told|announced|according to|reported|added|warned|sagte|teilte mit|laut|"
    r"заявил\w*|сообщил\w*|по словам|говор(?:ит|ят))\b|表示|据报道|报道称|قال|أعلن",
    re.IGNORECASE,
)


def is_boilerplate(paragraph: str) -> bool:
    """Whether this paragraph alone, without regard to its neighbors, does not belong to the article."""
    text = paragraph.strip(_EDGES)
    # Cached because the same paragraph is checked again while its neighbors are judged.
    return (_is_boilerplate if len(text) <= _LONGEST else _is_boilerplate.__wrapped__)(text)


def is_certain_boilerplate(paragraph: str) -> bool:
    """Whether the paragraph is boilerplate that cannot be news: "Advertisement", "Share Tweet Email", "Read more"."""
    is_share = is_share_bar(paragraph.strip(_EDGES)) and not is_network_name(paragraph)
    return is_share or _matches(certain_phrases(), paragraph)


def is_notice(paragraph: str) -> bool:
    """Whether a site or an agency speaks about itself here. Such a line never belongs to a text."""
    return _matches(notices(), paragraph)


def is_network_name(paragraph: str) -> bool:
    """Whether the paragraph consists of the names of one or more social networks."""
    return bool(network_names().fullmatch(paragraph.strip(_EDGES)))


def is_share_bar(paragraph: str) -> bool:
    """Whether the paragraph consists of names of social networks and of buttons to share the article."""
    if len(paragraph) > _LONGEST_SHARE_BAR:
        return False
    position = 0
    while position < len(paragraph):
        button = share_button().match(paragraph, position)
        if not button:
            return False
        position = button.end()
    return share_bar_proof().search(paragraph) is not None


def is_link_label(paragraph: str) -> bool:
    """Whether the paragraph is a label above links to other articles or above the article's tags."""
    return bool(link_label().fullmatch(paragraph.strip()))


def is_end_heading(paragraph: str) -> bool:
    """Whether this is the heading of the readers' comments or of the author's biography, which end the article."""
    return bool(end_heading().fullmatch(paragraph.strip()))


def is_section_name(paragraph: str) -> bool:
    """Whether this is a section of a newspaper or a path of sections ("Home > News > Asia"), as above a headline."""
    if len(paragraph) > _LONGEST_PATH:
        return False
    parts = [part.strip(" :：") for part in re.split(r"\s*[>»›|/]\s*|\s[-–—]\s", paragraph.strip())]
    if len(words := paragraph.split()) <= _MENU_WORDS and len(words) > 1 and words[0].lower() in _HOME:
        return True
    if len(parts) > 2 and re.search(r"\s[>›»]\s", paragraph):
        return True
    if len(parts) > 1:
        return bool(section_name().fullmatch(parts[0]) or _is_phrase(parts[0]) or parts[0].lower() in _HOME)
    return bool(section_name().fullmatch(parts[0]))


def without_boilerplate(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return the paragraphs that belong to the article, in order, without photo credits after their last sentences."""
    candidates = [paragraph for paragraph in paragraphs if paragraph.strip()]
    own: list[str] = []
    position = 0
    while position < len(candidates):
        paragraph = candidates[position]
        if is_link_label(paragraph):
            is_single = bool(_SINGLE_LINK_LABEL.fullmatch(paragraph.strip()))
            links = _count_links(candidates, position + 1, single=is_single)
            if links or paragraph.rstrip().endswith((":", "：", ">", "»", "→")):
                position += 1 + links
                continue
        if not is_boilerplate(paragraph):
            own.append(without_credit(paragraph))
        position += 1
    return tuple(own)


def _count_links(paragraphs: Sequence[str], start: int, *, single: bool) -> int:
    """Return how many paragraphs from `start` on are links below a label.

    The last one is not counted if it may be a subheading of the article.
    """
    count = 0
    headlines = 0
    while headlines < (1 if single else _MOST_LINKS) and start + count < len(paragraphs):
        text = paragraphs[start + count]
        is_detail = is_boilerplate(text) or is_date(text)  # the place, date or picture of a link
        if not (is_detail or is_headline_like(text)):
            break
        headlines += not is_detail
        count += 1
    last = paragraphs[start + count - 1]
    has_more = start + count < len(paragraphs)
    if not single and headlines > 1 and has_more and is_label(last) and not is_boilerplate(last):
        count -= 1
    return count if headlines else 0


@lru_cache(maxsize=512)
def _is_boilerplate(text: str) -> bool:
    if text.startswith("[") or any(literal in lower_for_rules(text) for literal in _VIEWER_LITERALS):
        text = _VIEWER.sub("", text)
    if _NO_WORDS.fullmatch(text) or not text:
        return True
    if len(text) > _LONGEST:
        return False
    if _is_phrase(text) or ((bare := text.rstrip(_STOPS)) != text and _is_phrase(bare)):
        return not _is_reporting_sentence(text)
    return is_share_bar(text) or is_caption(text) or _is_labelled_link(text)


def _is_phrase(text: str) -> bool:
    lower = lower_for_rules(text)
    return bool(
        phrases().fullmatch(lower)
        or any(literal in lower and rule.fullmatch(lower) for literal, rule in phrases_by_literal())
        or _RELEASE_SOURCE.fullmatch(text)
    )


def _matches(rule: re.Pattern[str], paragraph: str) -> bool:
    lower = lower_for_rules(paragraph.strip(_EDGES))
    return len(lower) <= _LONGEST and any(rule.fullmatch(text) for text in (lower, lower.rstrip(_STOPS)))


def _is_labelled_link(text: str) -> bool:
    link = labelled_link().fullmatch(text) if len(text) <= _LONGEST_LINK else None
    return link is not None and not has_several_sentences(link["headline"])


def _is_reporting_sentence(text: str) -> bool:
    """Whether the text is a sentence with a verb of reporting ("The company said ..."), which no button has."""
    return bool(_REPORTING.search(text)) and len(text.split()) > 5 and ends_like_sentence(text)
