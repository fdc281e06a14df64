"""Documents that arrive over HTTP: dropped on the console page, or posted to the API."""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator

from bot.web.context import WebContext
from handlers.answers.answer import Answer, Listing, Notice
from handlers.answers.errors import UnreadableDocument
from handlers.answers.parts import Quote, Row, Tone
from handlers.answers.times import counted
from handlers.drafts import Draft, FailedDraft
from handlers.ingest.results import IngestResult
from handlers.sources.documents.document import read_document
from handlers.sources.documents.plain_text import read_titled
from handlers.stories.summary import summarize
from storage.addresses import text_without_credentials, without_credentials
from storage.records import SHARED, SourceKind, Workspace, require_utc
from storage.sources import NewSource

_SHOWN: Final = 10
"""Articles of a dropped file that the answer lists."""


_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


_SHORT: Final = 100_000
"""Bytes of a document that is read in a moment, unless it is a PDF."""


class DocumentIn(BaseModel):
    """An article as a program posts it: a title or a text, with optional metadata."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, Field(max_length=1_000)] = ""
    text: str = ""
    url: HttpUrl | None = None
    source: Annotated[str | None, Field(max_length=200, description="Who published it")] = None
    published_at: Annotated[AwareDatetime | None, Field(description="With its zone, 2026-11-22T14:02:00Z")] = None
    language: Annotated[str | None, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1")] = None

    @field_validator("published_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        if not _EARLIEST <= value < _LATEST:  # compared first, because an extreme time has no form in UTC
            raise ValueError(f"must be between the years {_EARLIEST.year} and {_LATEST.year}")
        return require_utc(value)

    @model_validator(mode="after")
    def _says_something(self) -> "DocumentIn":
        if not self.title and not self.text:
            raise ValueError("title and text are both empty")
        return self


def read_json(document: DocumentIn) -> tuple[Draft, ...]:
    """Return the posted article: with a title, title and text are used as they are; a text alone is parsed as a file.

    Uses CPU: call it in a thread.
    """
    url = None if document.url is None else without_user(str(document.url))
    publisher = None if document.source is None else text_without_credentials(document.source)
    origin = without_credentials(url or publisher or "HTTP API")
    draft: Draft
    try:
        if document.title:
            draft = read_titled(document.title, document.text, origin=origin)
        else:
            body = document.text.encode()
            draft = read_document(body, content_type="text/plain; charset=utf-8", name=origin, base_url=url)[0]
    except UnreadableDocument as error:
        draft = FailedDraft(origin=origin, reason=str(error))
    if isinstance(draft, FailedDraft):
        return (draft,)
    return (
        replace(
            draft,
            url=url or draft.url,
            publisher=publisher or draft.publisher,
            published_at=document.published_at or draft.published_at,
            language=document.language or draft.language,
            origin=origin,
        ),
    )


def without_user(url: str) -> str:
    """Return the web address of an article without user name and password. Its parameters may be what selects it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


async def read_body(
    context: WebContext, body: bytes, *, content_type: str | None, name: str, url: str | None = None
) -> tuple[Draft, ...]:
    """Return the drafts of a file. An unreadable file gives a FailedDraft, so that the ledger counts it.

    Only a few files that may take long are read at once: all other work needs threads too.
    """
    is_short = len(body) <= _SHORT and not body.lstrip().startswith(b"%PDF")
    async with nullcontext() if is_short else context.long_reads:
        try:
            read = asyncio.to_thread(read_document, body, content_type=content_type, name=name, base_url=url)
            return tuple(await read)
        except UnreadableDocument as error:
            return (FailedDraft(origin=name, reason=str(error)),)


async def ingest_posted(context: WebContext, drafts: Sequence[Draft]) -> tuple[IngestResult, ...]:
    """Ingest documents from the API; every workspace sees them."""
    return await _ingest(context, drafts, SHARED, SourceKind.API, "api", "HTTP API")


async def ingest_dropped(
    context: WebContext, drafts: Sequence[Draft], workspace: Workspace
) -> tuple[IngestResult, ...]:
    """Ingest documents dropped on the page; only the console's workspace sees them."""
    return await _ingest(context, drafts, workspace.id, SourceKind.UPLOAD, "upload", "Dropped files")


async def _ingest(
    context: WebContext, drafts: Sequence[Draft], workspace_id: int, kind: SourceKind, url: str, title: str
) -> tuple[IngestResult, ...]:
    now = context.clock()
    async with context.store.begin() as tx:
        source, _ = await tx.sources.ensure(NewSource(workspace_id=workspace_id, kind=kind, url=url, title=title), now)
    return await context.ingest(drafts, source=source, now=now)


def describe(name: str, arrived: Sequence[IngestResult]) -> Answer:
    """Return the articles of a dropped file, each with its topics and a passage. Uses CPU: call it in a thread."""
    articles = [result for result in arrived if result.article is not None]
    if not articles:
        known = next((result.reason for result in arrived if result.state == "known"), None)
        if known:
            return Notice(text=f"{name}: {known}")
        reason = next((result.reason for result in arrived if result.reason), None) or "It contains no article."
        return Notice(text=f"{name} could not be read. {reason}", tone=Tone.REFUSED)
    matched = sum(bool(result.topics) for result in articles)
    duplicates = sum(result.state == "known" for result in articles)
    failed = sum(result.state == "failed" for result in arrived)
    figures = [counted(len(articles), "article"), f"{matched} {'matches' if matched == 1 else 'match'} a topic"]
    figures += [f"{duplicates} already stored"] if duplicates else []
    figures += [f"{failed} unreadable"] if failed else []
    return Listing(
        title=name,
        summary=" · ".join(figures),
        rows=tuple(_row(result) for result in articles[:_SHOWN]),
        more=max(len(articles) - _SHOWN, 0),
    )


def _row(arrived: IngestResult) -> Row:
    article = arrived.article
    if article is None:
        raise ValueError("a document without an article has no row")
    topics = " · ".join(topic.title for topic in arrived.topics) or "No topic"
    return Row(title=article.title, url=article.url, detail=f"{topics} · {_outcome(arrived)}", quote=_passage(arrived))


def _outcome(arrived: IngestResult) -> str:
    if arrived.state == "known":
        return "already stored"
    if arrived.deliveries:
        return f"{counted(arrived.deliveries, 'alert')} queued"
    return "stored, no alert" if arrived.topics else "stored"


def _passage(arrived: IngestResult) -> Quote | None:
    """Return the sentence that shows best why a topic matches, with the matches in bold; None without evidence."""
    article = arrived.article
    evidence = [piece for match in arrived.matches for piece in match.evidence]
    if article is None or not evidence:
        return None
    spans = summarize(
        title=article.title,
        text=article.text,
        highlights=article.highlights,
        language=article.language,
        evidence=evidence,
        limit=1,
    )
    if not spans:
        return None
    span = spans[0]
    bold = tuple(
        (max(piece.start, span.start) - span.start, min(piece.end, span.end) - span.start)
        for piece in evidence
        if piece.field == "body" and piece.start < span.end and piece.end > span.start
    )
    return Quote(text=span.text, bold=tuple(sorted(set(bold))))
