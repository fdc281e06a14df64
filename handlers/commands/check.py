"""/check: which topics a text or a file hits, with the passages that say so. Nothing is stored."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.answers.answer import Listing, Reply
from handlers.answers.errors import QueryError, UnreadableDocument, UserError
from handlers.answers.parts import Button, Quote, Row
from handlers.answers.story_lines import bold_spans
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.queries.subjects import resolver
from handlers.sources.documents.document import read_document
from handlers.sources.text.language import language_of
from handlers.stories.sentences import sentences
from handlers.topics.index.evaluate import Trace, evaluate
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.query.names import topic_tree
from storage.records import Evidence, Topic

_TOPICS: Final = 15
_PASSAGES: Final = 3
"""Quoted of each topic."""
_LONGEST: Final = 400
"""Characters of a passage; a table read as one endless sentence is cut around its words."""
_NEAR: Final = 5
_LACKING: Final = 60
"""Characters of what a near miss lacks."""
_ARTICLES: Final = 50
"""Of a file that holds many, such as a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    quote: Quote
    page: int | None
    """Counted from 1; None where the document has no pages, and for a headline."""


async def check(tools: Tools, call: Call) -> Reply:
    """Raises: UserError where there is nothing to read."""
    name, drafts = await _read(call)
    articles = [draft for draft in drafts if isinstance(draft, ArticleDraft)]
    if not articles:
        reason = next((draft.reason for draft in drafts if isinstance(draft, FailedDraft)), "It has no article in it.")
        raise UserError(f"{name} could not be read. {reason}")
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
    return Reply(answer=await asyncio.to_thread(checked, name, articles, topics))


async def _read(call: Call) -> tuple[str, Sequence[Draft]]:
    """What it is called, and what is in it. Raises: UserError."""
    if call.attachments:
        file = call.attachments[0]
        try:
            return file.name, await asyncio.to_thread(
                read_document, file.body, content_type=file.content_type or None, name=file.name
            )
        except UnreadableDocument as error:
            raise UserError(f"{file.name} could not be read. {error}") from error
    text = call.option("text").strip()
    if not text:
        raise UserError("/check needs one thing more: the text to check, or a file attached to it.", code="/check TEXT")
    return "This text", (ArticleDraft(title="", text=text, language=language_of("", text), origin="text"),)


def checked(name: str, articles: Sequence[ArticleDraft], topics: Sequence[Topic]) -> Listing:
    """CPU: call it in a thread."""
    matcher = Matcher(topics)
    by_id = {topic.id: topic for topic in topics}
    readables = [_readable(article) for article in articles[:_ARTICLES]]
    hits: dict[int, list[_Passage]] = {}
    for article, readable in zip(articles, readables, strict=False):
        for found in matcher.match(readable):
            hits.setdefault(found.topic_id, []).extend(_passages(article, readable.language, found.evidence))
    near = [] if hits else list(_near_misses(readables, topics))[:_NEAR]
    order = sorted(hits, key=lambda id: (-len(hits[id]), by_id[id].title.casefold()))
    rows = [_hit_row(by_id[id], hits[id]) for id in order[:_TOPICS]]
    rows += [Row(title=topic.title, detail=f"near miss: lacks {_short(lacking)}") for topic, lacking in near]
    size = f"{counted(sum(len(one.body.split()) for one in readables), 'word')}, checked against "
    if len(articles) > 1:
        size = f"{counted(len(articles), 'article')}, {size}"
    verdict = "hits " + counted(len(hits), "topic") if hits else "hits no topic"
    nothing = "" if hits or near else " Nothing in it comes near one either."
    return Listing(
        title=f"{name} {verdict}",
        summary=f"{size}{counted(len(topics), 'topic')}. Nothing is stored.{nothing}",
        rows=tuple(rows),
        more=max(len(hits) - _TOPICS, 0),
        buttons=() if hits else (Button(label="All topics", action="show:topics"),),
    )


def _readable(article: ArticleDraft) -> Readable:
    return Readable(
        title=article.title,
        body=article.text,
        language=article.language or language_of(article.title, article.text),
        url=article.url,
        author=article.author,
        tags=article.tags,
        source=article.publisher or "",
    )


def _passages(article: ArticleDraft, language: str, evidence: Sequence[Evidence]) -> Iterator[_Passage]:
    """The headline and the sentences that hold the words, in the order in which one reads."""
    if hits := bold_spans(0, len(article.title), evidence, field="title"):
        yield _Passage(quote=Quote(text=article.title, bold=hits), page=None)
    for span in sentences(article.text, language):
        if hits := bold_spans(span.start, span.end, evidence):
            start, end = span.start, span.end
            if end - start > _LONGEST:
                middle = start + hits[0][0]
                start, end = max(start, middle - _LONGEST // 2), min(end, middle + _LONGEST // 2)
                hits = bold_spans(start, end, evidence)
            quote = Quote(text=article.text[start:end], bold=hits)
            yield _Passage(quote=quote, page=article.page_at(span.start))


def _hit_row(topic: Topic, passages: Sequence[_Passage]) -> Row:
    """A topic with its first passages, each behind its page."""
    text, marked = "", []
    for passage in passages[:_PASSAGES]:
        text += (" … " if text else "") + (f"p. {passage.page}: " if passage.page else "")
        marked += [(start + len(text), end + len(text)) for start, end in passage.quote.bold]
        text += passage.quote.text
    pages = sorted({passage.page for passage in passages if passage.page})
    detail = counted(len(passages), "passage")
    if pages:
        detail += f" · {'page' if len(pages) == 1 else 'pages'} {', '.join(map(str, pages[:10]))}"
    return Row(
        title=topic.title,
        detail=detail,
        quote=Quote(text=text, bold=tuple(marked)) if text else None,
        buttons=(Button(label="Brief", action=f"brief:{topic.id}:7d"),),
    )


def _short(words: str) -> str:
    return words if len(words) <= _LACKING else f"{words[: _LACKING - 1].rstrip()}…"


def _near_misses(readables: Sequence[Readable], topics: Sequence[Topic]) -> Iterator[tuple[Topic, str]]:
    """Topics of which something is there and one thing only is lacking."""
    resolve = resolver(topics)
    for topic in topics:
        try:
            tree = topic_tree(topic, resolve=resolve)
        except QueryError:
            continue
        for readable in readables[:_NEAR]:
            evaluation = evaluate(tree, readable)
            if len(evaluation.missing) == 1 and _has_found(evaluation.trace):
                yield topic, evaluation.missing[0]
                break


def _has_found(trace: Trace) -> bool:
    return bool(trace.get("found")) or any(_has_found(part) for part in trace.get("of") or ())
