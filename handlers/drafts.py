"""What reading a document gives, before it has an identity or is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """One readable thing found in a document. All text is plain, without markup, NFC, no control characters."""

    title: str
    text: str
    """Paragraphs joined by an empty line; highlights first; no furniture. May be empty (a feed with titles only)."""
    highlights: tuple[str, ...] = ()
    """The publisher's own bullet points, each also a paragraph of `text`, without the bullet."""
    url: str | None = None
    """As found; made absolute, not yet canonical."""
    shared_url: bool = False
    """Other entries of its feed carry the same address: a link, not an identity."""
    guid: str | None = None
    """The feed's own id of the entry."""
    author: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    """ISO 639-1 where the document says or the text shows it."""
    image_url: str | None = None
    publisher: str | None = None
    """The site's name where the document says it."""
    published_at: datetime | None = None
    """Aware, UTC."""
    key: str | None = None
    """Unique within its source, at most 128 characters; None: every drop is its own arrival."""
    pages: tuple[int, ...] = ()
    """Of a document with pages: on which one, counted from 1, each paragraph of `text` begins."""
    origin: str
    """For people: the file's name, the page's address."""

    def page_at(self, offset: int) -> int | None:
        """The page of the paragraph of `text` that holds this place; None for a document without pages."""
        paragraph = self.text.count("\n\n", 0, offset)
        return self.pages[paragraph] if paragraph < len(self.pages) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDraft:
    """A document, or one entry of a feed, that could not be read."""

    origin: str
    reason: str
    key: str | None = None


Draft = ArticleDraft | FailedDraft
