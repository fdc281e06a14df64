"""Documents that come over HTTP: dropped on the console page or posted to the API. Both take the one straight line."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator

from bot.web.desk import Desk
from handlers.answers.answer import Answer, Listing, Notice
from handlers.answers.errors import UnreadableDocument
from handlers.answers.parts import Quote, Row, Tone
from handlers.answers.times import counted
from handlers.drafts import Draft, FailedDraft
from handlers.ingest.results import IngestResult
from handlers.sources.documents.document import read_document
from handlers.sources.documents.plain_text import read_titled
from handlers.stories.summary import summarise
from storage.records import SHARED, SourceKind, Workspace, require_utc

_SHOWN: Final = 10
"""Articles of one dropped file that are named in the answer."""


class DocumentIn(BaseModel):
    """An article as a program posts it: a title or a text, and what is known of it."""

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
        return None if value is None else require_utc(value)

    @model_validator(mode="after")
    def _says_something(self) -> "DocumentIn":
        if not self.title and not self.text:
            raise ValueError("title and text are both empty")
        return self


def read_json(document: DocumentIn) -> tuple[Draft, ...]:
    """The posted article: title and text as they are, a text alone as a text file. CPU: call it in a thread."""
    url = None if document.url is None else str(document.url)
    origin = url or document.source or "HTTP API"
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
            publisher=document.source or draft.publisher,
            published_at=document.published_at or draft.published_at,
            language=document.language or draft.language,
            origin=origin,
        ),
    )


async def read_body(body: bytes, *, content_type: str | None, name: str, url: str | None = None) -> tuple[Draft, ...]:
    """The drafts of a file; one that cannot be read is a FailedDraft, so that the ledger counts it."""
    try:
        return tuple(await asyncio.to_thread(read_document, body, content_type=content_type, name=name, base_url=url))
    except UnreadableDocument as error:
        return (FailedDraft(origin=name, reason=str(error)),)


async def take_posted(desk: Desk, drafts: Sequence[Draft]) -> tuple[IngestResult, ...]:
    """Through the API: for every workspace."""
    return await _take(desk, drafts, SHARED, SourceKind.API, "api", "HTTP API")


async def take_dropped(desk: Desk, drafts: Sequence[Draft], workspace: Workspace) -> tuple[IngestResult, ...]:
    """Dropped on the page: for the console alone."""
    return await _take(desk, drafts, workspace.id, SourceKind.UPLOAD, "upload", "Dropped files")


async def _take(
    desk: Desk, drafts: Sequence[Draft], workspace_id: int, kind: SourceKind, url: str, title: str
) -> tuple[IngestResult, ...]:
    now = desk.clock()
    async with desk.store.begin() as tx:
        source, _ = await tx.sources.ensure(workspace_id=workspace_id, kind=kind, url=url, title=title, now=now)
    return await desk.ingest(drafts, source=source, now=now)


def describe(name: str, arrived: Sequence[IngestResult]) -> Answer:
    """What a dropped file gave: the topics that hit, with the passage. CPU: call it in a thread."""
    read = [one for one in arrived if one.article is not None]
    if not read:
        reason = next((one.reason for one in arrived if one.reason), None) or "It has no article in it."
        return Notice(text=f"{name} could not be read. {reason}", tone=Tone.REFUSED)
    hits = sum(bool(one.topics) for one in read)
    known = sum(one.state == "known" for one in read)
    failed = len(arrived) - len(read)
    figures = [counted(len(read), "article"), f"{hits} on a topic"]
    figures += [f"{known} known already"] if known else []
    figures += [f"{failed} not readable"] if failed else []
    return Listing(
        title=name,
        summary=" · ".join(figures),
        rows=tuple(_row(one) for one in read[:_SHOWN]),
        more=max(len(read) - _SHOWN, 0),
    )


def _row(arrived: IngestResult) -> Row:
    article = arrived.article
    if article is None:
        raise ValueError("a document that gave no article has no row")
    topics = " · ".join(topic.title for topic in arrived.topics) or "No topic"
    then = "known already" if arrived.state == "known" else _then(arrived)
    return Row(title=article.title, url=article.url, detail=f"{topics} · {then}", quote=_passage(arrived))


def _then(arrived: IngestResult) -> str:
    if arrived.deliveries:
        return counted(arrived.deliveries, "alert") + " on the way"
    return "stored, no alert" if arrived.topics else "stored"


def _passage(arrived: IngestResult) -> Quote | None:
    """The sentence of the article that shows best why a topic hit, the words in bold."""
    article = arrived.article
    evidence = [piece for match in arrived.matches for piece in match.evidence]
    if article is None or not evidence:
        return None
    spans = summarise(
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
