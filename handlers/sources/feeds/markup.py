"""Turns markup in a feed into plain text with paragraphs, without tags, entities and boilerplate."""

import html
import re
from typing import Final

from handlers.rules.identity import alphanumeric
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate, is_certain_boilerplate, without_boilerplate
from handlers.sources.text.copied_page import is_copied_page
from handlers.sources.text.encoding import clean, one_line
from handlers.sources.text.html_text import PlainText, list_of_links, text_of
from handlers.sources.text.html_tree import fragment_tree
from handlers.sources.text.line_kinds import is_prose

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_TITLE_TAGS: Final = (
    "a|abbr|acronym|b|bdi|bdo|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|li|mark|nobr|ol|p|q|s|samp|script"
    "|small|span|strike|strong|style|sub|sup|tt|u|ul|var|wbr"
)
_TITLE_TAG: Final = re.compile(rf"</?(?:{_TITLE_TAGS})\b[^<>]*>", re.IGNORECASE)
_TITLE_PAIR: Final = re.compile(rf"<(?P<name>{_TITLE_TAGS})\b[^<>]*>(?P<inner>[^<>]*)</(?P=name)\s*>", re.IGNORECASE)
_STRUCK: Final = re.compile(r"<(del|s|strike)(?:\s[^<>]*)?>[^<>]*</\1\s*>", re.IGNORECASE)
_MOST_ESCAPES: Final = 3
_LIST_FIRST: Final = re.compile(r"\s*<[uo]l\b", re.IGNORECASE)
_ESCAPED_TAG: Final = re.compile(r"&lt;/?[a-zA-Z][^<>]{0,300}?&gt;")
_BREAK: Final = re.compile(r"</?(?:br|div|h\d|li|ol|p|ul)\b", re.IGNORECASE)
_TRAILING_BOILERPLATE: Final = re.compile(
    r"""\s*(?:
    (?:the\ post|the\ article|der\ beitrag|l['’]article|el\ art[ií]culo|la\ entrada|il\ post|het\ bericht|запись)
        \s.{1,400}?\s
        (?:appeared\ first\ on|first\ appeared\ on|erschien\ zuerst\ auf|est\ apparu\ en\ premier\ sur
        |aparece\ primero\ en|se\ public[oó]\ primero\ en|sembra\ essere\ il\ primo\ su|verscheen\ eerst\ op
        |впервые\ появилась)\s.{1,200}
    | (?:read|see|view|continue|keep)\ (?:more|on|reading|full.{0,30}|the\ (?:full|whole|entire|rest).{0,40})
        (?:\ (?:on|at|about|here).{0,120})?
    | continue\ reading.{0,200}
    | (?:click|tap)\ here\ (?:to|for).{0,80}
    | weiterlesen.{0,60} | mehr\ lesen | lire\ (?:la\ suite|plus).{0,60}
    | (?:leer|seguir\ leyendo|leggi)\ (?:m[aá]s|tutto|altro).{0,60} | lees\ (?:meer|verder).{0,60}
    | чита(?:ть|йте)\ (?:далее|полностью|дальше).{0,60} | 阅读(?:全文|更多|原文) | 閱讀(?:全文|更多)
    | اقرأ\ المزيد.{0,60}
    | submitted\ by\ +/?u/\S+.{0,200} | \[link\]\s*\[comments\] | comments
    )[\s.…»›→>|\]]*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_TRUNCATION_MARK: Final = re.compile(
    r"\s*(?:\[\s*(?:…|\.{3}|&hellip;|&#8230;)\s*\]|\(\s*(?:…|\.{3})\s*\)|\[\+\d+ chars\])\s*$"
)
_LONGEST_TRAILING: Final = 700
"""Characters at the end in which boilerplate is searched."""
_AFTER_SENTENCE: Final = re.compile(r"""[.!?…。！？»”"'’\])]\s*(?=\s|[^\w\s]|[一-鿿])""")
_MOST_TRAILING: Final = 6
_ENOUGH_PROSE: Final = 2
"""Paragraphs of prose with which a line that looks like boilerplate is boilerplate."""
_ARROWS: Final = re.compile(r"\s*(?:»|›|→|&raquo;)\s*$")


def plain_title(value: str) -> str:
    """Return one line without tags, struck-out text and entities, even if they are escaped twice.

    A lone tag that is escaped twice is one that the title writes about.
    """
    value = _without_tags(value, _TITLE_TAG)
    for _ in range(_MOST_ESCAPES):
        unescaped = html.unescape(value)
        if unescaped == value:
            break
        value = _without_tags(unescaped, _TITLE_PAIR)
    return one_line(value)


def to_plain_text(value: str, *, base_url: str, plain: bool = False, headline: str = "") -> PlainText:
    """Return the text of a summary or content, and its first picture.

    `plain`: the value is plain text, not markup. `base_url` resolves the URL of the picture. A list of links whose
    first one is the `headline`, as aggregators write it, is no text.
    """
    if plain:
        return PlainText("\n\n".join(_without_trailing_boilerplate(_paragraphs(value))), None)
    if not _TAG.search(value) and _ESCAPED_TAG.search(value):
        value = html.unescape(value)
    parsed = _parse(value, base_url, headline) if _TAG.search(value) else PlainText(html.unescape(value), None)
    own = _without_trailing_boilerplate(_without_boilerplate(_paragraphs(parsed.text)))
    return PlainText("\n\n".join(own), parsed.image_url)


def _without_tags(title: str, tag: re.Pattern[str]) -> str:
    if "<" not in title:
        return title
    title = _STRUCK.sub("", title)
    return tag.sub(
        lambda found: found["inner"] if "inner" in tag.groupindex else " " if _BREAK.match(found[0]) else "", title
    )


def _without_boilerplate(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs without boilerplate.

    A short text that was evidently not copied from a page loses only what is certainly boilerplate.
    """
    prose = sum(is_prose(paragraph) and not is_boilerplate(paragraph) for paragraph in paragraphs)
    if prose >= _ENOUGH_PROSE or is_copied_page([Block(text=paragraph) for paragraph in paragraphs]):
        return list(without_boilerplate(paragraphs))
    return [text for text in paragraphs if any(map(str.isalnum, text)) and not is_certain_boilerplate(text)]


def _paragraphs(text: str) -> list[str]:
    return [line for part in re.split(r"\n[^\S\n]*\n", clean(text)) if (line := " ".join(part.split()))]


def _without_trailing_boilerplate(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs without "The post X appeared first on Y", "Continue reading" and marks of truncation."""
    for _ in range(_MOST_TRAILING):
        if not paragraphs:
            break
        last = paragraphs[-1]
        shorter = _TRUNCATION_MARK.sub(" …", last) if _TRUNCATION_MARK.search(last) else last
        trailing = _TRAILING_BOILERPLATE.match(shorter)
        if trailing is None:
            matches = (_TRAILING_BOILERPLATE.match(shorter, start) for start in _last_sentence_starts(shorter))
            trailing = next((match for match in matches if match), None)
        if trailing is not None:
            shorter = _ARROWS.sub("", shorter[: trailing.start()]).rstrip()
        if shorter == last:
            return paragraphs
        paragraphs = [*paragraphs[:-1], *([shorter] if shorter.strip(" .…") else [])]
    return paragraphs


def _last_sentence_starts(text: str) -> list[int]:
    """Return the positions at which the last sentence may start: after the end of each sentence near the end."""
    first = max(len(text) - _LONGEST_TRAILING, 0)
    return [stop.end() for stop in _AFTER_SENTENCE.finditer(text, first)]


def _parse(value: str, base_url: str, headline: str) -> PlainText:
    root = fragment_tree(value)
    if root is None:
        return PlainText(html.unescape(re.sub(r"<[^<>]*>", " ", value)), None)
    parsed = text_of(root, base_url=base_url)
    if headline and _LIST_FIRST.match(value) and (links := list_of_links(root)):
        first = alphanumeric(links[0])
        if first and alphanumeric(headline).startswith(first):
            return PlainText("", parsed.image_url)
    return parsed
