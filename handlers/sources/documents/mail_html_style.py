"""What the tags and inline styles of an HTML letter say about its text: hidden, quoted, bold, large or preformatted."""

import re
from dataclasses import dataclass
from typing import Final

from handlers.sources.text.html_tree import Element

_HEADINGS: Final = {"h1": 32.0, "h2": 24.0, "h3": 19.0, "h4": 16.0, "h5": 13.0, "h6": 11.0}
"""The size of their type in pixels, if no style says another."""
_BOLD: Final = frozenset({"b", "strong", "th"})
_NOT_READ: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "button", "select"}
    | {"textarea", "audio", "video", "canvas", "del", "s", "strike", "map", "noframes"}
)
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|"
    r"(?:max-height|max-width|(?:^|;)\s*height)\s*:\s*[01](?:px)?\s*(?:;|!|$)(?=.*overflow\s*:\s*hidden)|"
    r"overflow\s*:\s*hidden(?=.*(?:max-height|max-width|[^-]height)\s*:\s*[01](?:px)?\s*(?:;|!|$))",
    re.IGNORECASE | re.DOTALL,
)
_FONT_SIZE: Final = re.compile(
    r"(?:^|[;\s])font-size\s*:\s*(?P<size>\d{1,3}(?:\.\d{1,3})?)(?P<unit>px|pt|em|rem|%)?", re.IGNORECASE
)
_FONT_WEIGHT: Final = re.compile(r"font-weight\s*:\s*(?P<weight>bold|bolder|normal|lighter|[1-9]00)", re.IGNORECASE)
_PRE: Final = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_STYLE: Final = re.compile(r"<style\b[^>]{0,500}>", re.IGNORECASE)
_MEDIA: Final = re.compile(r"@[\w-]{1,30}[^{};]{0,300}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,500}[^{}]{0,2000}\}")
_HIDDEN_CLASS: Final = re.compile(r"\.(?P<name>[\w-]{1,60})\s{0,5}\{[^{}]{0,500}display\s{0,5}:\s{0,5}none")
_LONGEST_STYLE: Final = 30_000
"""Characters of style sheets in which hidden classes are searched."""
_LONGEST_STYLE_ATTRIBUTE: Final = 2_000
SMALLEST_FONT: Final = 2.0
"""Pixels. Smaller text is not visible."""
LARGE_FONT: Final = 17.5
"""Pixels. The text of letters is smaller."""
_PIXELS: Final = {"pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16}
_QUOTE_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:gmail_quote|protonmail_quote|cite|quoted|yahoo_quoted|zmail_extra)(?:$|[\s_-])"
)
_SIGNATURE_NAMES: Final = re.compile(
    r"(?:^|\s)(?:gmail_signature|moz-signature|x?_?signature|ms-outlook-mobile-signature|yahoo-signature|"
    r"protonmail_signature_block(?:-user)?|applemailsignature)(?:$|\s)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class TextState:
    """What holds for the text inside an element."""

    is_hidden: bool = False
    depth: int = 0
    size: float = 14.0
    """Pixels."""
    is_bold: bool = False
    is_heading: bool = False
    is_bullet: bool = False
    is_pre: bool = False
    is_signature: bool = False


def hidden_classes(page: str) -> frozenset[str]:
    """Return the classes that the letter's style sheets hide on every screen."""
    styles: list[str] = []
    size = 0
    for tag in _STYLE.finditer(page):
        end = page.find("</", tag.end())
        styles.append(page[tag.end() : end if end >= 0 else len(page)][: _LONGEST_STYLE - size])
        size += len(styles[-1])
        if size >= _LONGEST_STYLE:
            break
    rules = _MEDIA.sub("", "".join(styles))
    return frozenset(rule["name"].lower() for rule in _HIDDEN_CLASS.finditer(rules))


def state_in(element: Element, tag: str, before: TextState, hidden: frozenset[str]) -> TextState:
    """Return the state inside the element."""
    style = (element.get("style") or "")[:_LONGEST_STYLE_ATTRIBUTE]
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].lower()
    is_hidden = (
        before.is_hidden
        or tag in _NOT_READ
        or element.get("hidden") is not None
        or bool(style and _HIDDEN.search(style))
        or not hidden.isdisjoint((element.get("class") or "")[:500].lower().split())
    )
    if is_hidden:
        return TextState(is_hidden=True, depth=before.depth)
    is_bold = before.is_bold or tag in _BOLD
    if weight := _FONT_WEIGHT.search(style):
        is_bold = weight["weight"].lower() in ("bold", "bolder", "600", "700", "800", "900")
    is_quote = tag == "blockquote" and (
        (element.get("type") or "").lower() == "cite" or bool(_QUOTE_NAMES.search(names))
    )
    return TextState(
        depth=before.depth + is_quote,
        size=_font_size(element, tag, style, before.size),
        is_bold=is_bold,
        is_heading=before.is_heading or tag in _HEADINGS,
        is_bullet=before.is_bullet and tag not in ("ul", "ol"),
        is_pre=before.is_pre or tag == "pre" or bool(style and _PRE.search(style)),
        is_signature=before.is_signature or bool(_SIGNATURE_NAMES.search(names)),
    )


def _font_size(element: Element, tag: str, style: str, before: float) -> float:
    if size := _FONT_SIZE.search(style):
        return float(size["size"]) * _PIXELS.get((size["unit"] or "px").lower(), 1.0)
    if tag == "font" and (element.get("size") or "").lstrip("+") in ("4", "5", "6", "7"):
        return LARGE_FONT
    if tag in _HEADINGS:
        return _HEADINGS[tag]
    return 14.0 if tag == "table" and before < SMALLEST_FONT else before
