"""A web page to its article: readable text by trafilatura, facts from its head, fallbacks for poor pages."""

import logging
import re
from dataclasses import replace
from typing import Final

import trafilatura
from lxml import etree
from trafilatura.utils import load_html

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.header import Block, letters
from handlers.sources.documents.html_limits import plain_lines, tame
from handlers.sources.documents.page_metadata import PageFacts, every, read_facts
from handlers.sources.documents.plain_text import assemble, shorten
from handlers.sources.text.boilerplate import is_furniture, is_sentence
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every poor page as an error
_ENOUGH: Final = 200
"""Characters below which an extraction is doubted."""
_MAX_TAGS: Final = 40_000
"""Above, trafilatura takes minutes (400,000 links: four); the longest news pages have about 10,000."""
_NOT_TEXT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "footer", "form", "button", "aside", "head"}
)
_BLOCKS: Final = frozenset({"p", "li", "h2", "h3", "h4", "blockquote", "pre", "dd"})
_POINTS: Final = (
    "//ul[contains(translate(concat(' ', @class, ' ', @id, ' ', ../@class, ' ', ../@id), 'HKPSTB', 'hkpstb'), '{}')]"
)
_POINT_NAMES: Final = (
    "highlights",
    "key-points",
    "keypoints",
    "key-takeaways",
    "takeaways",
    "summary-list",
    "article-summary",
)


def read_page(text: str, *, origin: str, base_url: str | None = None) -> ArticleDraft:
    """The article of this HTML page. `base_url`: where it was found.

    Raises: UnreadableDocument for a page without readable text.
    """
    page = tame(text)
    tree = load_html(page)
    facts = read_facts(tree, base_url=base_url) if tree is not None else PageFacts(url=base_url)
    points = _points(tree) if tree is not None else ()
    blocks = _blocks(tree, page, facts, base_url)
    known = {re.sub(r"\W+", "", point.text) for point in points}
    blocks = [block for block in blocks if re.sub(r"\W+", "", block.text) not in known]
    try:
        draft = assemble([*points, *blocks], origin=origin, title=facts.title)
    except UnreadableDocument as error:
        raise UnreadableDocument("The page has no readable text.") from error
    if not draft.text and not facts.description:
        raise UnreadableDocument("The page has no readable text.")
    body = _with_description(draft.text, one_line(facts.description or ""))
    return replace(
        draft,
        title=shorten(draft.title),
        text=body,
        url=facts.url or draft.url,
        publisher=facts.publisher or draft.publisher,
        author=facts.author or draft.author,
        published_at=facts.published_at or draft.published_at,
        image_url=facts.image_url,
        tags=facts.tags,
        language=agreed_language(facts.language, draft.title, body),
    )


def _with_description(text: str, description: str) -> str:
    """A page that shows hardly any text, as behind a paywall, says in its head what its article is about."""
    if len(text) >= _ENOUGH or not is_sentence(description) or is_furniture(description):
        return text or description
    return text if letters(description[:60]) in letters(text) else "\n\n".join(filter(None, (description, text)))


def _blocks(tree: etree._Element | None, page: str, facts: PageFacts, base_url: str | None) -> list[Block]:
    """The page's paragraphs by the first way that gives enough of them."""
    found = _extracted(page, base_url) if tree is not None and page.count("<") <= _MAX_TAGS else []
    if _length(found) >= _ENOUGH:
        return found
    others = [_lines(facts.body)] if facts.body else []
    if tree is not None:
        others.append(_all_paragraphs(tree))
    others.append(_lines(plain_lines(page)))
    for other in others:
        if _length(other) > max(_length(found) * 2, 40):
            return other
    return found


def _extracted(page: str, base_url: str | None) -> list[Block]:
    try:
        text = trafilatura.extract(page, url=base_url, include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError):
        return []  # broken markup that it cannot walk: the fallbacks still can
    return _lines(text or "")


def _lines(text: str) -> list[Block]:
    """Each line is a paragraph: here line ends are the markup's, never a wrapped line's."""
    blocks = []
    for line in tidy(text).split("\n"):
        if line.startswith("|"):
            line = " | ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip(" -"))
        bullet = line.startswith("- ")
        line = line.removeprefix("- ").strip()
        if line:
            blocks.append(Block(text=line, bullet=bullet))
    return blocks


def _all_paragraphs(tree: etree._Element) -> list[Block]:
    """The text of every paragraph-like element that is not in a menu, foot or form."""
    blocks: list[Block] = []
    for node in tree.iter():
        if node.tag not in _BLOCKS or any(parent.tag in _NOT_TEXT for parent in node.iterancestors()):
            continue
        if any(parent.tag in _BLOCKS for parent in node.iterancestors()):
            continue
        text = one_line(" ".join(part for part in node.itertext() if isinstance(part, str)))
        if text:
            blocks.append(Block(text=text, bullet=node.tag == "li"))
    return blocks


def _points(tree: etree._Element) -> tuple[Block, ...]:
    """The publisher's own bullet points, where the page marks them as such."""
    for name in _POINT_NAMES:
        for node in every(tree, _POINTS.format(name))[:1]:
            texts = [one_line(" ".join(part.itertext())) for part in node.findall("li")]
            texts = [text for text in texts if 20 <= len(text) <= 400]
            if 2 <= len(texts) <= 8 and not node.xpath("ancestor::nav | ancestor::footer | ancestor::aside"):
                return tuple(Block(text=text, bullet=True) for text in texts)
    return ()


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)
