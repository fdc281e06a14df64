"""Reads the article of a PDF, with the page on which each paragraph begins."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.sources.documents.assemble import assemble_printed
from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.pdf.edges import Edges, without_edges
from handlers.sources.documents.pdf.footnotes import Note, without_notes
from handlers.sources.documents.pdf.hyphens import Hyphens
from handlers.sources.documents.pdf.page import Page
from handlers.sources.documents.pdf.paragraphs import paragraphs_of
from handlers.sources.documents.pdf.process import PdfContents, read_contents
from handlers.sources.documents.pdf.title import author_of, title_of
from handlers.sources.documents.pdf.unread import NO_CHARACTERS, NO_TEXT, unread_reason
from handlers.sources.text.block import Block
from handlers.sources.text.encoding import one_line
from handlers.sources.text.language import agreed_language

_TITLE_LINES: Final = 12
_TOP: Final = 100
"""Paragraphs among which one that has lost its beginning is."""


def read_pdf(body: bytes, *, origin: str) -> tuple[Draft, ...]:
    """Return the article, including its `pages`, and a FailedDraft with the reason if some pages could not be read.

    Waits up to twenty seconds for a separate process, so call it in a thread.

    Raises: UnreadableDocument.
    """
    contents = read_contents(body)
    edges = without_edges(contents.pages, title=contents.about.title)
    noted = without_notes(edges.pages)
    hyphens = Hyphens(line.text for page in noted.pages for line in page.lines)
    paragraphs = paragraphs_of(noted.pages, hyphens)
    notes = _note_paragraphs(noted.notes, hyphens)
    if not paragraphs and not notes:
        raise UnreadableDocument(NO_TEXT if all(page.is_plausible for page in contents.pages) else NO_CHARACTERS)
    title = title_of(contents.about, paragraphs)
    blocks = [_clean(paragraph.block) for paragraph in paragraphs]
    notes_blocks = [_clean(block) for block, _ in notes]
    draft = assemble_printed(_without_title(blocks, title), notes_blocks, origin=origin, title=title)
    placed = [*zip(blocks, (paragraph.page for paragraph in paragraphs), strict=True), *notes]
    article = _with_facts(draft, contents, edges, placed)
    reason = unread_reason(contents.pages, contents.about.page_count)
    return (article, FailedDraft(origin=origin, reason=reason)) if reason else (article,)


def _with_facts(
    draft: ArticleDraft, contents: PdfContents, edges: Edges, paragraphs: Sequence[tuple[Block, int]]
) -> ArticleDraft:
    return replace(
        draft,
        author=draft.author or author_of(contents.about),
        url=draft.url or edges.url,
        published_at=draft.published_at or edges.printed_at,
        language=agreed_language(None, draft.title, draft.text),
        pages=_page_numbers(draft.text, paragraphs),
    )


def _clean(block: Block) -> Block:
    return replace(block, text=one_line(block.text))


def _note_paragraphs(notes: Sequence[Note], hyphens: Hyphens) -> list[tuple[Block, int]]:
    """Return each note as a paragraph that begins with its mark, and its page."""
    result = []
    for note in notes:
        lines = [replace(line, mark="", column=0) for line in note.lines]
        page = Page(number=note.page, width=0.0, height=0.0, lines=lines)
        text = " ".join(paragraph.block.text for paragraph in paragraphs_of([page], hyphens))
        if text.strip():
            result.append((Block(text=f"[{note.mark}] {one_line(text)}"), note.page))
    return result


def _without_title(blocks: Sequence[Block], title: str | None) -> list[Block]:
    """Return the blocks without the lines of the headline, which may be several."""
    for start in range(min(len(blocks), _TITLE_LINES)):
        for end in range(start + 1, min(start + _TITLE_LINES, len(blocks)) + 1):
            if title and letters_of("".join(block.text for block in blocks[start:end])) == letters_of(title):
                return [*blocks[:start], *blocks[end:]]
    return list(blocks)


def _page_numbers(text: str, paragraphs: Sequence[tuple[Block, int]]) -> tuple[int, ...]:
    """Return the page of each paragraph of `text`, which may lack some `paragraphs` and the beginning of others."""
    pages_of: defaultdict[str, list[int]] = defaultdict(list)
    for block, page in reversed(paragraphs):
        pages_of[block.text].append(page)
    pages: list[int] = []
    for paragraph in text.split("\n\n") if text else ():
        if pages_of[paragraph]:
            page = pages_of[paragraph].pop()
        else:
            page = next((page for block, page in paragraphs[:_TOP] if paragraph in block.text), 0)
        pages.append(page or (pages[-1] if pages else 1))
    return tuple(pages)
