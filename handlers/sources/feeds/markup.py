"""Turns markup in a feed into plain text with paragraphs, without tags, entities and boilerplate."""

import html
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate, is_certain_boilerplate, without_boilerplate
from handlers.sources.text.copied_page import is_copied_page
from handlers.sources.text.encoding import clean, one_line
from handlers.sources.text.html_tree import Element, fragment_tree, walk
from handlers.sources.text.line_kinds import is_prose

_SMALLEST_PICTURE: Final = 40
"""Pixels of width and height."""
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_TITLE_TAG: Final = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|li|mark|nobr|ol|p|q|s|samp|script"
    r"|small|span|strike|strong|style|sub|sup|tt|u|ul|var|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_ESCAPED_TAG: Final = re.compile(r"&lt;/?[a-zA-Z][^<>]{0,300}?&gt;")
_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "summary", "table", "tr", "ul"}
)
_BREAK: Final = re.compile(r"</?(?:br|div|h\d|li|ol|p|ul)\b", re.IGNORECASE)
_NOT_READ: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "figcaption", "button"}
    | {"select", "textarea", "audio", "video", "canvas"}
)
_SENTENCE_END: Final = re.compile(r"""[.!?:;…。！？][”"'’»)\]]*\s*$""")
_NOT_PICTURE: Final = re.compile(
    r"feedburner|doubleclick|/pixel|pixel\.|beacon|count(?:er)?\.|stats?\.|1x1|spacer|blank\.gif"
    r"|feeds\.wordpress\.com|emoji|avatar|gravatar",
    re.IGNORECASE,
)
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


@dataclass(frozen=True, slots=True)
class PlainText:
    text: str
    """Paragraphs separated by empty lines."""
    image_url: str | None
    """The absolute URL of the first picture."""


def plain_title(value: str) -> str:
    """Return one line without tags and entities, even if they are escaped twice. Other text in "<>" remains."""
    for _ in range(2):
        if _TITLE_TAG.search(value):
            value = _TITLE_TAG.sub(lambda tag: " " if _BREAK.match(tag[0]) else "", value)
        unescaped = html.unescape(value)
        if unescaped == value:
            break
        value = unescaped
    return one_line(value)


def to_plain_text(value: str, *, base_url: str, plain: bool = False) -> PlainText:
    """Return the text of a summary or content, and its first picture.

    `plain`: the value is plain text, not markup. `base_url` resolves the URL of the picture.
    """
    if plain:
        return PlainText("\n\n".join(_without_trailing_boilerplate(_paragraphs(value))), None)
    if not _TAG.search(value) and _ESCAPED_TAG.search(value):
        value = html.unescape(value)
    parsed = _parse(value, base_url) if _TAG.search(value) else PlainText(html.unescape(value), None)
    own = _without_trailing_boilerplate(_without_boilerplate(_paragraphs(parsed.text)))
    return PlainText("\n\n".join(own), parsed.image_url)


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


def text_of(root: Element, *, base_url: str) -> PlainText:
    """Return all readable text below this element, and its first picture."""
    pieces: list[str] = []
    image: str | None = None
    skipped = 0
    for event, element in walk(root):
        tag = str(element.tag)
        if event == "start":
            skipped += tag in _NOT_READ
            if tag == "img" and image is None:
                image = _picture(element, base_url)
            if not skipped:
                pieces.append(_before(tag, pieces))
                pieces.append(_inline(element.text, tag))
            continue
        skipped -= tag in _NOT_READ
        if not skipped:
            pieces.append("\n\n" if tag in _BLOCKS else " " if tag in ("td", "th") else "")
            if element is not root:
                pieces.append(_inline(element.tail, ""))
    return PlainText("".join(pieces), image)


def _parse(value: str, base_url: str) -> PlainText:
    root = fragment_tree(value)
    if root is None:
        return PlainText(html.unescape(re.sub(r"<[^<>]*>", " ", value)), None)
    return text_of(root, base_url=base_url)


def _inline(text: str | None, tag: str) -> str:
    """Return the text with single spaces for line ends, and in `pre` with paragraphs instead."""
    if not text:
        return ""
    return text.replace("\n", "\n\n") if tag == "pre" else re.sub(r"\s+", " ", text)


def _before(tag: str, pieces: list[str]) -> str:
    """Return the separator in front of an element."""
    if tag in _BLOCKS:
        return "\n\n"
    if tag != "br":
        return ""
    # One <br> inside a sentence wraps a line; two, or one after a full stop, start a new paragraph.
    before = "".join(pieces[-6:])
    return "\n\n" if before.endswith("\n") or _SENTENCE_END.search(before) else "\n"


def _picture(element: Element, base_url: str) -> str | None:
    """Return the URL of a picture. None for icons, avatars and tracking pixels."""
    source = (element.get("src") or element.get("data-src") or "").strip()
    if not source or source.startswith("data:") or _NOT_PICTURE.search(source):
        return None
    for side in ("width", "height"):
        size = re.match(r"\d+", element.get(side) or "")
        if size and int(size[0]) < _SMALLEST_PICTURE:
            return None
    return absolute(source, base_url)


def absolute(link: str | None, base_url: str) -> str | None:
    """Return the absolute http or https URL of a link; None if it has none."""
    link = "".join((link or "").split("\n")).strip()
    if not link:
        return None
    try:
        url = urljoin(base_url, link)
    except ValueError:
        return None
    return url if re.match(r"https?://[^/\s]", url, re.IGNORECASE) else None


def absolute_or_raw(link: str | None, base_url: str) -> str | None:
    """Return the absolute URL of a link, or the link as it is if it has none; None for an empty link."""
    link = (link or "").strip()
    return absolute(link, base_url) or link or None
