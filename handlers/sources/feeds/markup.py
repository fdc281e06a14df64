"""Markup from a feed to plain text: paragraphs kept, entities decoded, no tag left, no furniture at its end."""

import html
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from handlers.sources.documents.copied import is_copied_page
from handlers.sources.documents.header import Block
from handlers.sources.text.boilerplate import is_furniture, is_prose, is_unmistakable, without_furniture
from handlers.sources.text.encoding import clean, one_line
from handlers.sources.text.html_tree import Element, fragment_tree, walk

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
_SKIPPED: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "figcaption", "button"}
    | {"select", "textarea", "audio", "video", "canvas"}
)
_SENTENCE_END: Final = re.compile(r"""[.!?:;…。！？][”"'’»)\]]*\s*$""")
_PIXEL: Final = re.compile(
    r"feedburner|doubleclick|/pixel|pixel\.|beacon|count(?:er)?\.|stats?\.|1x1|spacer|blank\.gif"
    r"|feeds\.wordpress\.com|emoji|avatar|gravatar",
    re.IGNORECASE,
)
_ENDINGS: Final = re.compile(
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
_CUT: Final = re.compile(r"\s*(?:\[\s*(?:…|\.{3}|&hellip;|&#8230;)\s*\]|\(\s*(?:…|\.{3})\s*\)|\[\+\d+ chars\])\s*$")
_AFTER_A_SENTENCE: Final = re.compile(r"""[.!?…。！？»”"'’\])]\s*(?=\s|[^\w\s]|[一-鿿])""")
_MOST_ENDINGS: Final = 6
_BODY: Final = 2
"""Paragraphs of whole sentences: beside them a line that looks like furniture is furniture."""
_ARROWS: Final = re.compile(r"\s*(?:»|›|→|&raquo;)\s*$")


@dataclass(frozen=True, slots=True)
class Readable:
    text: str
    image_url: str | None


def plain_title(value: str) -> str:
    """One line without tags and entities, also where they were escaped twice. What only looks like a tag stays."""
    for _ in range(2):
        if _TITLE_TAG.search(value):
            value = _TITLE_TAG.sub(lambda tag: " " if _BREAK.match(tag[0]) else "", value)
        unescaped = html.unescape(value)
        if unescaped == value:
            break
        value = unescaped
    return one_line(value)


def readable(value: str, *, base_url: str, plain: bool = False) -> Readable:
    """The text of a summary or content, and its first picture."""
    if plain:
        return Readable("\n\n".join(_without_endings(_paragraphs(value))), None)
    if not _TAG.search(value) and _ESCAPED_TAG.search(value):
        value = html.unescape(value)
    found = _from_markup(value, base_url) if _TAG.search(value) else Readable(html.unescape(value), None)
    return Readable("\n\n".join(_without_endings(_own(_paragraphs(found.text)))), found.image_url)


def _own(paragraphs: list[str]) -> list[str]:
    """Without furniture. Of a few lines that do not show that they come from a page, only without unmistakable ones."""
    prose = sum(is_prose(paragraph) and not is_furniture(paragraph) for paragraph in paragraphs)
    if prose >= _BODY or is_copied_page([Block(text=paragraph) for paragraph in paragraphs]):
        return list(without_furniture(paragraphs))
    return [text for text in paragraphs if any(map(str.isalnum, text)) and not is_unmistakable(text)]


def _paragraphs(text: str) -> list[str]:
    return [line for part in re.split(r"\n[^\S\n]*\n", clean(text)) if (line := " ".join(part.split()))]


def _without_endings(paragraphs: list[str]) -> list[str]:
    """Without "The post X appeared first on Y", "Continue reading" and the mark of a cut text."""
    for _ in range(_MOST_ENDINGS):
        if not paragraphs:
            break
        last = paragraphs[-1]
        shorter = _CUT.sub(" …", last) if _CUT.search(last) else last
        found = _ENDINGS.match(shorter)
        if found is None:
            found = next((ending for start in _starts(shorter) if (ending := _ENDINGS.match(shorter, start))), None)
        if found is not None:
            shorter = _ARROWS.sub("", shorter[: found.start()]).rstrip()
        if shorter == last:
            return paragraphs
        paragraphs = [*paragraphs[:-1], *([shorter] if shorter.strip(" .…") else [])]
    return paragraphs


def _starts(text: str) -> list[int]:
    """Where a last sentence may begin: after the end of another one, within the last 700 characters."""
    first = max(len(text) - 700, 0)
    return [found.end() for found in _AFTER_A_SENTENCE.finditer(text, first)]


def text_of(root: Element, *, base_url: str) -> Readable:
    """All that is to be read below this element, paragraphs parted by empty lines, and its first picture."""
    pieces: list[str] = []
    image: str | None = None
    skipped = 0
    for event, element in walk(root):
        tag = str(element.tag)
        if event == "start":
            skipped += tag in _SKIPPED
            if tag == "img" and image is None:
                image = _picture(element, base_url)
            if not skipped:
                pieces.append(_before(tag, pieces))
                pieces.append(_inline(element.text, tag))
            continue
        skipped -= tag in _SKIPPED
        if not skipped:
            pieces.append("\n\n" if tag in _BLOCKS else " " if tag in ("td", "th") else "")
            if element is not root:
                pieces.append(_inline(element.tail, ""))
    return Readable("".join(pieces), image)


def _from_markup(value: str, base_url: str) -> Readable:
    root = fragment_tree(value)
    if root is None:
        return Readable(html.unescape(re.sub(r"<[^<>]*>", " ", value)), None)
    return text_of(root, base_url=base_url)


def _inline(text: str | None, tag: str) -> str:
    """Line ends in markup are blanks, except in <pre>."""
    if not text:
        return ""
    return text.replace("\n", "\n\n") if tag == "pre" else re.sub(r"\s+", " ", text)


def _before(tag: str, pieces: list[str]) -> str:
    if tag in _BLOCKS:
        return "\n\n"
    if tag != "br":
        return ""
    # One <br> within a sentence is a wrapped line; two of them, or one after a full stop, part paragraphs.
    said = "".join(pieces[-6:])
    return "\n\n" if said.endswith("\n") or _SENTENCE_END.search(said) else "\n"


def _picture(element: Element, base_url: str) -> str | None:
    source = (element.get("src") or element.get("data-src") or "").strip()
    if not source or source.startswith("data:") or _PIXEL.search(source):
        return None
    for side in ("width", "height"):
        size = re.match(r"\d+", element.get(side) or "")
        if size and int(size[0]) < 40:
            return None
    return absolute(source, base_url)


def absolute(link: str | None, base_url: str) -> str | None:
    """A web address made absolute; None for what is none."""
    link = "".join((link or "").split("\n")).strip()
    if not link:
        return None
    try:
        joined = urljoin(base_url, link)
    except ValueError:
        return None
    return joined if re.match(r"https?://[^/\s]", joined, re.IGNORECASE) else None


def joined(link: str | None, base_url: str) -> str | None:
    """The address as found, made absolute where it can be."""
    link = (link or "").strip()
    return absolute(link, base_url) or link or None
