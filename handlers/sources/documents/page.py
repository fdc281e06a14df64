"""A web page to its article: readable text by trafilatura, facts from its head, fallbacks for poor pages.

Of HTML that is no page of a site, such as a text that a program wrapped in tags, every line is read.
"""

import logging
import re
from dataclasses import replace
from typing import Final

import trafilatura

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import MOST_LINES, as_given, as_page, own_lines, shorten
from handlers.sources.documents.copied import is_copied_page
from handlers.sources.documents.header import Block, letters, same
from handlers.sources.documents.html_limits import plain_lines, tame
from handlers.sources.documents.page_metadata import PageFacts, every, read_facts
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.feeds.markup import text_of
from handlers.sources.text.boilerplate import is_furniture, is_sentence
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.html_tree import BROKEN_MARKUP, Element, page_tree
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
_AROUND: Final = ("nav", "header", "footer", "aside", "form", "button", "iframe", "script")
"""What pages of a site have beside their article, and a text that a program wrapped in tags has not. Of scripts only
JSON-LD is left here."""
_MANY_LINKS: Final = 10
_NO_TEXT: Final = "The page has no readable text."
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


def read_page(text: str, *, origin: str, base_url: str | None = None, title: str | None = None) -> ArticleDraft:
    """The article of this HTML page. `base_url`: where it was found.

    `title`: its headline, where that is given, as by a letter's subject. No line is then left out for where it stands.

    Raises: UnreadableDocument for a page without readable text.
    """
    page = tame(text)
    tree = page_tree(page)
    facts = read_facts(tree, base_url=base_url) if tree is not None else PageFacts(url=base_url)
    blocks = _every_line(tree) if tree is not None and not _is_of_a_site(tree) else []
    is_site = not blocks or is_copied_page(blocks)
    if is_site:
        points = _points(tree) if tree is not None else ()
        known = {re.sub(r"\W+", "", point.text) for point in points}
        found = _blocks(tree, page, facts, base_url)
        blocks = [*points, *(block for block in found if re.sub(r"\W+", "", block.text) not in known)][:MOST_LINES]
    try:
        if is_site and title is None:
            draft = as_page(blocks, origin=origin, title=facts.title, copied=False)
        else:
            draft = as_given(own_lines(blocks, is_page=is_site), origin=origin, title=title or facts.title)
    except UnreadableDocument as error:
        raise UnreadableDocument(_NO_TEXT) from error
    if not (draft.text or facts.description or any(same(block.text, draft.title) for block in blocks)):
        raise UnreadableDocument(_NO_TEXT)
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


def _is_of_a_site(tree: Element) -> bool:
    """Whether the page has more than an article: menus, buttons, a foot, many links, or a head that describes it."""
    if next(tree.iter(*_AROUND), None) is not None or sum(1 for _ in tree.iter("a")) >= _MANY_LINKS:
        return True
    return any((meta.get("property") or "").startswith("og:") for meta in tree.iter("meta"))


def _every_line(tree: Element) -> list[Block]:
    """The lines of a text that a program wrapped in tags, all of them."""
    return list(blocks_of(tidy(text_of(tree, base_url="").text)))


def _with_description(text: str, description: str) -> str:
    """A page that shows hardly any text, as behind a paywall, says in its head what its article is about."""
    if len(text) >= _ENOUGH or not is_sentence(description) or is_furniture(description):
        return text or description
    return text if letters(description[:60]) in letters(text) else "\n\n".join(filter(None, (description, text)))


def _blocks(tree: Element | None, page: str, facts: PageFacts, base_url: str | None) -> list[Block]:
    """The page's paragraphs by the first way that gives enough of them."""
    found = _extracted(tree, base_url) if tree is not None and page.count("<") <= _MAX_TAGS else []
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


def _extracted(tree: Element, base_url: str | None) -> list[Block]:
    """By trafilatura, which gets the parsed tree: of text or bytes it would guess what they are."""
    try:
        text = trafilatura.extract(tree, url=base_url, include_comments=False, include_tables=True)
    except BROKEN_MARKUP:
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


def _all_paragraphs(tree: Element) -> list[Block]:
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


def _points(tree: Element) -> tuple[Block, ...]:
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
