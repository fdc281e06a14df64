"""Reads the article of a web page: text by trafilatura with fallbacks for poor pages, metadata from the page's head.

HTML that is not a page of a website, such as a text that a program wrapped in tags, keeps all of its lines.
"""

import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import trafilatura

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import MOST_LINES, article_lines, assemble_all_lines, assemble_page, shorten
from handlers.sources.documents.comparison import is_same_line, letters_of
from handlers.sources.documents.page_byline import date_in_url, name_in_byline, read_page_byline, without_other_parts
from handlers.sources.documents.page_metadata import PageMetadata, is_company, read_metadata
from handlers.sources.documents.page_walls import wall_of
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.text.block import Block
from handlers.sources.text.boilerplate import is_boilerplate
from handlers.sources.text.bylines import Byline
from handlers.sources.text.copied_page import is_copied_page
from handlers.sources.text.dates import read_date
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.html_limits import limit_html, strip_tags
from handlers.sources.text.html_text import drop_unseen, text_of
from handlers.sources.text.html_tree import BROKEN_MARKUP, Element, elements_at, page_tree
from handlers.sources.text.language import agreed_language
from handlers.sources.text.line_kinds import is_sentence

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # trafilatura logs every poor page as an error
_ENOUGH: Final = 200
"""Characters. Shorter extracted text is probably incomplete."""
_FALLBACK_ENOUGH: Final = 40
"""Characters. A fallback must give more than this, and more than twice as much as the extraction."""
_MAX_TAGS: Final = 40_000
"""Tags. For more, trafilatura takes minutes (four for 400,000 links). The longest news pages have about 10,000."""
_NOT_TEXT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "footer", "form", "button", "aside", "head"}
)
_BLOCKS: Final = frozenset({"p", "li", "h2", "h3", "h4", "blockquote", "pre", "dd"})
_SITE_TAGS: Final = ("nav", "header", "footer", "aside", "form", "button", "iframe", "script")
"""Elements that pages of a website have besides their article. `limit_html` leaves only the scripts with JSON-LD."""
_MANY_LINKS: Final = 10
_TIME_ZONES: Final = timedelta(days=1)
"""A date without a time differs by less from the same date with its time."""
_NO_TEXT: Final = "The page has no readable text."
_HIGHLIGHTS_LIST: Final = (
    "//ul[contains(translate(concat(' ', @class, ' ', @id, ' ', ../@class, ' ', ../@id), 'HKPSTB', 'hkpstb'), '{}')]"
)
_HIGHLIGHTS_NAMES: Final = (
    "highlights",
    "key-points",
    "keypoints",
    "key-takeaways",
    "takeaways",
    "summary-list",
    "article-summary",
)


def read_page(text: str, *, origin: str, base_url: str | None = None, title: str | None = None) -> ArticleDraft:
    """Return the article of this HTML page. `base_url`: where the page was found.

    `title`: the headline if it is known, such as the subject of an e-mail. No line is then left out because of its
    position.

    Raises: UnreadableDocument, if the page has no readable text, or only asks for consent, a subscription or a login.
    """
    page = limit_html(text)
    tree = page_tree(page)
    if tree is not None:
        drop_unseen(tree)
    metadata = read_metadata(tree, base_url=base_url) if tree is not None else PageMetadata(url=base_url)
    blocks = _all_lines(tree) if tree is not None and not _is_site_page(tree) else []
    is_site = not blocks or is_copied_page(blocks)
    if is_site:
        blocks = _site_blocks(tree, page, metadata, base_url)
    try:
        if is_site and title is None:
            draft = assemble_page(blocks, origin=origin, title=metadata.title, is_copied=False)
        else:
            draft = assemble_all_lines(
                article_lines(blocks, is_page=is_site), origin=origin, title=title or metadata.title
            )
    except UnreadableDocument as error:
        raise UnreadableDocument(_NO_TEXT) from error
    if wall := wall_of(draft.title, draft.text):
        raise UnreadableDocument(f"This page has no article: {wall}.")
    if not (draft.text or metadata.description or any(is_same_line(block.text, draft.title) for block in blocks)):
        raise UnreadableDocument(_NO_TEXT)
    body = _with_description(draft.text, one_line(metadata.description or ""))
    byline = _byline(tree, page, metadata, base_url) if tree is not None else Byline()
    return replace(
        draft,
        title=shorten(draft.title),
        text=body,
        url=metadata.url or draft.url,
        publisher=metadata.publisher or draft.publisher,
        author=byline.author or draft.author or metadata.organization,
        published_at=byline.published_at or draft.published_at,
        image_url=metadata.image_url,
        tags=metadata.tags,
        language=agreed_language(metadata.language, draft.title, body),
    )


def _site_blocks(tree: Element | None, page: str, metadata: PageMetadata, base_url: str | None) -> list[Block]:
    """Return the highlights and the text of a page that is part of a site."""
    highlights = _highlights(tree) if tree is not None else ()
    seen = {re.sub(r"\W+", "", block.text) for block in highlights}
    rest = (
        block for block in _text_blocks(tree, page, metadata, base_url) if re.sub(r"\W+", "", block.text) not in seen
    )
    return [*highlights, *rest][:MOST_LINES]


def _byline(tree: Element, page: str, metadata: PageMetadata, base_url: str | None) -> Byline:
    """Return author and date: as the page's head states them, as the page shows them, or as trafilatura finds them.

    The only date near the headline counts more than an earlier one in the head, where some programs state the day on
    which the article was created.
    """
    shown = read_page_byline(tree, title=metadata.title, language=metadata.language)
    author, date = metadata.author or shown.author, metadata.published_at or shown.marked_date
    if date and shown.is_only_date and shown.marked_date and shown.marked_date - date > _TIME_ZONES:
        date = shown.marked_date
    if (author and date) or _is_costly(page):
        return Byline(author=author, published_at=date or shown.other_date)
    found_author, found_date = _trafilatura_byline(without_other_parts(tree, title=metadata.title), base_url)
    date = date or found_date or shown.other_date or date_in_url(metadata.url or "")
    return Byline(author=author or found_author, published_at=date)


def _trafilatura_byline(article: Element, base_url: str | None) -> tuple[str | None, datetime | None]:
    """Return the author and the date that trafilatura finds in the metadata and in elements with usual names."""
    try:
        # Without `extensive`, which takes any date in the text for that of publication.
        found = trafilatura.extract_metadata(article, default_url=base_url, extensive=False)
    except BROKEN_MARKUP:
        return None, None
    author = found.author or ""
    return None if is_company(author) else name_in_byline(author.replace("; ", ", ")), read_date(found.date or "")


def _is_costly(page: str) -> bool:
    return page.count("<") > _MAX_TAGS


def _is_site_page(tree: Element) -> bool:
    """Whether the page has more than an article: menus, buttons, a footer, many links, or metadata for sharing."""
    if next(tree.iter(*_SITE_TAGS), None) is not None or sum(1 for _ in tree.iter("a")) >= _MANY_LINKS:
        return True
    return any((meta.get("property") or "").startswith("og:") for meta in tree.iter("meta"))


def _all_lines(tree: Element) -> list[Block]:
    return list(blocks_of(tidy(text_of(tree, base_url="").text)))


def _with_description(text: str, description: str) -> str:
    """Return the text, with the description from the page's head if the page has hardly any text, as with a paywall."""
    if len(text) >= _ENOUGH or not is_sentence(description) or is_boilerplate(description):
        return text or description
    return text if letters_of(description[:60]) in letters_of(text) else "\n\n".join(filter(None, (description, text)))


def _text_blocks(tree: Element | None, page: str, metadata: PageMetadata, base_url: str | None) -> list[Block]:
    """Return the page's paragraphs by the first method that gives enough text."""
    extracted = _extract(tree, base_url) if tree is not None and not _is_costly(page) else []
    if _length(extracted) >= _ENOUGH:
        return extracted
    others = [_lines(metadata.body)] if metadata.body else []
    if tree is not None:
        others.append(_all_paragraphs(tree))
    others.append(_lines(strip_tags(page)))
    for other in others:
        if _length(other) > max(_length(extracted) * 2, _FALLBACK_ENOUGH):
            return other
    return extracted


def _extract(tree: Element, base_url: str | None) -> list[Block]:
    """Extract the paragraphs with trafilatura. It is given a parsed tree, as it might take text for a URL or a path."""
    try:
        text = trafilatura.extract(tree, url=base_url, include_comments=False, include_tables=True)
    except BROKEN_MARKUP:
        return []  # trafilatura cannot walk this broken markup; the fallbacks can
    return _lines(text or "")


def _lines(text: str) -> list[Block]:
    """Return each line as a paragraph, because the line ends come from the markup and not from wrapping."""
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
    """Return the text of every paragraph, heading and list item outside menus, footers and forms."""
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


def _highlights(tree: Element) -> tuple[Block, ...]:
    """Return the publisher's bullet points if the page marks them by a class or id. Empty if it does not."""
    for name in _HIGHLIGHTS_NAMES:
        for node in elements_at(tree, _HIGHLIGHTS_LIST.format(name))[:1]:
            texts = [one_line(" ".join(part.itertext())) for part in node.findall("li")]
            texts = [text for text in texts if 20 <= len(text) <= 400]
            if 2 <= len(texts) <= 8 and not node.xpath("ancestor::nav | ancestor::footer | ancestor::aside"):
                return tuple(Block(text=text, bullet=True) for text in texts)
    return ()


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)
