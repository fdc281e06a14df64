"""Article drafts: the result of reading a document, before the article has an identity or is stored."""

from dataclasses import dataclass
from datetime import datetime

from storage.records import SetAside as SetAside


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """An article found in a document. All text is plain text in NFC, without control characters."""

    title: str
    text: str
    """Paragraphs separated by empty lines, highlights first, no boilerplate. Empty for a feed with titles only."""
    highlights: tuple[str, ...] = ()
    """The publisher's own bullet points, without the bullet. Each is also a paragraph of `text`."""
    url: str | None = None
    """Absolute, but not yet canonical."""
    shared_url: bool = False
    """Other entries of the feed have the same address, so it does not identify the article."""
    guid: str | None = None
    """The id that the feed gives to the entry."""
    author: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    """ISO 639-1, as declared by the document or detected from the text; None if unknown."""
    image_url: str | None = None
    publisher: str | None = None
    """The name of the site, as declared by the document."""
    published_at: datetime | None = None
    """Aware, UTC."""
    key: str | None = None
    """Identifies the document within its source, at most 128 characters. None: each reading is a new arrival."""
    article_id: int | None = None
    """The stored article that it is, if that is already known."""
    pages: tuple[int, ...] = ()
    """For a document with pages: the page, from 1, on which each paragraph of `text` begins."""
    set_aside: tuple[SetAside, ...] = ()
    """What the document has besides `text`, in order. Nothing of it is quoted."""
    note: str | None = None
    """For people: what is uncertain about the reading, and what to do about it. None if nothing is."""
    origin: str
    """For people: the name of the file or the address of the page."""

    def page_at(self, offset: int) -> int | None:
        """Return the page of the paragraph at this offset into `text`; None for a document without pages."""
        paragraph = self.text.count("\n\n", 0, offset)
        return self.pages[paragraph] if paragraph < len(self.pages) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDraft:
    """A document, an entry of a feed, or a part of a document that could not be read."""

    origin: str
    reason: str
    key: str | None = None


Draft = ArticleDraft | FailedDraft
