"""Turns a tree of HTML elements into the text that a reader sees, with paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handlers.sources.text.boilerplate import is_link_label
from handlers.sources.text.html_tree import Element, walk
from handlers.sources.text.links import absolute

_SMALLEST_PICTURE: Final = 40
"""Pixels of width and height."""
_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "summary", "table", "tr", "ul"}
)
_NOT_READ: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "figcaption", "button"}
    | {"select", "textarea", "audio", "video", "canvas"}
)
_LISTS: Final = frozenset({"ul", "ol"})
_PARAGRAPHS: Final = frozenset({"p", "div", "h3", "h4", "h5"})
_STRUCK: Final = frozenset({"del", "s", "strike"})
_UNSEEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|line-through", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    r"(?:wp-|image-?|photo-?|picture-?|figure-?|media-?)?caption-text|(?:image|photo|picture|figure|media)-?_?caption"
    r"|(?:jp-)?related(?:[-_]?(?:posts?|articles?|stories|links|content|news|reading))?|yarpp(?:-[\w-]+)?"
)
"""Classes of captions, and of the lists of links that plugins of blogs add to a text."""
_MAY_BE_LINKS: Final = _LISTS | _PARAGRAPHS
_LONGEST_LABEL: Final = 120
_MOST_TEXTS: Final = 60
"""Pieces of text in a paragraph of links."""
_LONGEST_DETAIL: Final = 40
"""Characters beside the link of a list's item."""
_SENTENCE_END: Final = re.compile(r"""[.!?:;…。！？][”"'’»)\]]*\s*$""")
_NOT_PICTURE: Final = re.compile(
    r"feedburner|doubleclick|/pixel|pixel\.|beacon|count(?:er)?\.|stats?\.|1x1|spacer|blank\.gif"
    r"|feeds\.wordpress\.com|emoji|avatar|gravatar",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlainText:
    text: str
    """Paragraphs separated by empty lines."""
    image_url: str | None
    """The absolute URL of the first picture."""


def text_of(root: Element, *, base_url: str) -> PlainText:
    """Return all readable text below this element, and its first picture.

    Captions, struck-out and hidden text, and links beside or below a label such as "Related posts" are left out.
    """
    pieces: list[str] = []
    image: str | None = None
    skipped: Element | None = None
    is_below_links = False
    for event, element in walk(root):
        if skipped is not None and not (event == "end" and element is skipped):
            continue
        tag = str(element.tag)
        if event == "start":
            if tag == "img" and image is None:
                image = _picture(element, base_url)
            is_left_out = tag in _NOT_READ or tag in _STRUCK or (element.attrib and _is_left_out(element))
            if is_left_out or (tag in _PARAGRAPHS and _is_labelled_link(element)):
                skipped = element
            elif (
                tag in _MAY_BE_LINKS
                and (start := _links_start(pieces, is_below_links)) is not None
                and _is_links(element)
            ):
                del pieces[start:]
                is_below_links, skipped = True, element
            else:
                is_below_links = is_below_links and not (element.text or "").strip()
                pieces.append(_before(tag, pieces))
                pieces.append(_inline(element.text, tag))
            continue
        skipped = None
        pieces.append("\n\n" if tag in _BLOCKS else " " if tag in ("td", "th") else "")
        if element is not root:
            is_below_links = is_below_links and not (element.tail or "").strip()
            pieces.append(_inline(element.tail, ""))
    return PlainText("".join(pieces), image)


def is_unseen(element: Element) -> bool:
    """Whether the element is struck out or hidden. `aria-hidden` hides it from screen readers only."""
    if str(element.tag) in _STRUCK or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _UNSEEN_STYLE.search(style) is not None


def drop_unseen(page: Element) -> None:
    """Remove struck-out and hidden text from the page, unless it is most of the text, which scripts then reveal."""
    size = _letters(page)
    for element in list(page.iter()):
        if is_unseen(element) and element is not page and _letters(element) * 2 < size:
            element.drop_tree()


def _letters(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def list_of_links(root: Element) -> list[str]:
    """Return the texts of the links if the element contains nothing but one list of links, else an empty list."""
    elements = [child for child in root if isinstance(child.tag, str)]
    text = (root.text or "") + "".join(child.tail or "" for child in elements)
    if len(elements) != 1 or text.strip() or str(elements[0].tag) not in _LISTS or not is_list_of_links(elements[0]):
        return []
    links = (next(item.iter("a"), None) for item in elements[0])
    return ["".join(link.itertext()) for link in links if link is not None]


def _is_links(element: Element) -> bool:
    """Whether this is a list of links, or a paragraph that is one link."""
    if element.tag in _LISTS:
        return is_list_of_links(element)
    return element.tag in _PARAGRAPHS and next(element.iter("a"), None) is not None and _is_link(element)


def _is_labelled_link(element: Element) -> bool:
    """Whether the paragraph has a label such as "Read also:", links, and nothing else."""
    if len(element) == 0 or next(element.iter("a"), None) is None:
        return False
    label = ""
    for number, text in enumerate(_unlinked(element)):
        label += text
        if len(label) > _LONGEST_LABEL or number > _MOST_TEXTS:
            return False
    return is_link_label(" ".join(label.split()).rstrip(" ,;|·"))


def _unlinked(element: Element) -> Iterator[str]:
    """Yield the texts in an element that are not in a link, in order, perhaps empty."""
    yield element.text or ""
    for child in element:
        if child.tag != "a":
            yield from _unlinked(child)
        yield child.tail or ""


def is_list_of_links(element: Element) -> bool:
    """Whether each item of the list is a link, with at most a date or a publisher beside it."""
    items = [item for item in element if item.tag == "li"]
    return bool(items) and all(_is_link(item) for item in items)


def _is_link(item: Element) -> bool:
    linked = sum(len("".join(link.itertext()).strip()) for link in item.iter("a"))
    return linked > 0 and len(" ".join("".join(item.itertext()).split())) - linked <= _LONGEST_DETAIL


def _is_left_out(element: Element) -> bool:
    """Whether the element is unseen, or its class shows a caption or links to other articles."""
    return is_unseen(element) or any(_OUTSIDE.fullmatch(name) for name in (element.get("class") or "").lower().split())


def _links_start(pieces: list[str], is_below_links: bool) -> int | None:
    return len(pieces) if is_below_links else _label_start(pieces)


def _label_start(pieces: list[str]) -> int | None:
    """Return the position in `pieces` of the last paragraph if it is a label above links, else None."""
    label = ""
    for position in range(len(pieces) - 1, -1, -1):
        label = pieces[position] + label
        if label.strip() and pieces[position].startswith("\n"):
            return position if is_link_label(" ".join(label.split())) else None
        if len(label) > _LONGEST_LABEL:
            return None
    return 0 if is_link_label(" ".join(label.split())) else None


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
