"""/check: which topics a text or a file matches, with the matching passages. Nothing is stored."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers.answers.answer import Listing, Reply
from handlers.answers.errors import QueryError, UnreadableDocument, UserError
from handlers.answers.parts import Button, Quote, Row
from handlers.answers.set_aside import set_aside_phrase
from handlers.answers.story_lines import bold_spans
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.queries.subjects import resolver
from handlers.sources.documents.document import read_document
from handlers.sources.text.language import inflection_language, language_of
from handlers.stories.sentences import sentences
from handlers.topics.index.evaluate import Trace, evaluate_in
from handlers.topics.index.reading import limited_reading
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.query.names import topic_tree
from storage.records import Evidence, Topic

_MAX_TOPICS: Final = 15
_MAX_PASSAGES: Final = 3
"""Passages quoted for each topic."""
_MAX_PASSAGE: Final = 400
"""Characters of a passage. A longer sentence, such as a table read as one, is cut around the matching words."""
_MAX_NEAR_MISSES: Final = 5
_MAX_STOPPED: Final = 5
_MAX_MISSING: Final = 60
"""Characters of what a near miss lacks."""
_MAX_ARTICLES: Final = 50
"""Articles read from a file that contains many, such as a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    quote: Quote
    page: int | None
    """Counted from 1; None for a headline and for a document without pages."""


async def check(tools: Tools, call: Call) -> Reply:
    """List the topics that a text or an attached file matches. Raises: UserError if there is nothing to read."""
    name, drafts = await _read(call)
    articles = [draft for draft in drafts if isinstance(draft, ArticleDraft)]
    if not articles:
        reason = next((draft.reason for draft in drafts if isinstance(draft, FailedDraft)), "It contains no article.")
        raise UserError(f"{name} could not be read. {reason}")
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
    answer = await asyncio.to_thread(check_articles, name, articles, topics)
    unread = " ".join(draft.reason for draft in drafts if isinstance(draft, FailedDraft))
    return Reply(answer=replace(answer, summary=f"{answer.summary} {unread}") if unread else answer)


async def _read(call: Call) -> tuple[str, Sequence[Draft]]:
    """Return the name of the attached file or of the text, and what was read from it. Raises: UserError."""
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
        raise UserError("/check needs a text, or an attached file.", code="/check TEXT")
    return "This text", (ArticleDraft(title="", text=text, language=language_of("", text), origin="text"),)


def check_articles(name: str, articles: Sequence[ArticleDraft], topics: Sequence[Topic]) -> Listing:
    """Return the topics that the articles match, those with the most passages first. CPU-bound: call it in a thread."""
    matcher = Matcher(topics)
    by_id = {topic.id: topic for topic in topics}
    readables = [_readable(article) for article in articles[:_MAX_ARTICLES]]
    passages: dict[int, list[_Passage]] = {}
    stopped: set[int] = set()
    for article, readable in zip(articles, readables, strict=False):
        results = matcher.match_fully(readable)
        stopped.update(results.stopped)
        for match in results.matches:
            passages.setdefault(match.topic_id, []).extend(_passages(article, readable.language, match.evidence))
    near = [] if passages else list(_near_misses(readables, topics))[:_MAX_NEAR_MISSES]
    order = sorted(passages, key=lambda id: (-len(passages[id]), by_id[id].title.casefold()))
    rows = [_match_row(by_id[id], passages[id]) for id in order[:_MAX_TOPICS]]
    rows += [Row(title=topic.title, detail=f"near miss: lacks {_short(missing)}") for topic, missing in near]
    size = f"{counted(sum(len(readable.body.split()) for readable in readables), 'word')}, checked against "
    if len(articles) > 1:
        size = f"{counted(len(articles), 'article')}, {size}"
    verdict = counted(len(passages), "topic") if passages else "no topic"
    remarks = "" if passages or near else " There are no near misses either."
    if parts := [part for article in articles for part in article.set_aside]:
        remarks += f" Set aside and not matched: {set_aside_phrase(parts)}."
    remarks += "".join(f" {article.note}" for article in articles if article.note)
    remarks += _stopped_remark([by_id[id].title for id in stopped])
    return Listing(
        title=f"{name} matches {verdict}",
        summary=f"{size}{counted(len(topics), 'topic')}. Nothing was stored.{remarks}",
        rows=tuple(rows),
        more=max(len(passages) - _MAX_TOPICS, 0),
        buttons=() if passages else (Button(label="All topics", action="show:topics"),),
    )


def _stopped_remark(titles: Sequence[str]) -> str:
    """Return a sentence about topics that were stopped, after a space, or an empty string if none was."""
    if not titles:
        return ""
    names = ", ".join(sorted(titles)[:_MAX_STOPPED])
    why = "was stopped because its query is" if len(titles) == 1 else "were stopped because their queries are"
    return f" {counted(len(titles), 'topic')} {why} too complex: {names}."


def _readable(article: ArticleDraft) -> Readable:
    language = article.language or language_of(article.title, article.text)
    return Readable(
        title=article.title,
        body=article.text,
        language=language,
        inflection=inflection_language(language, article.title, article.text),
        url=article.url,
        author=article.author,
        tags=article.tags,
        source=article.publisher or "",
    )


def _passages(article: ArticleDraft, language: str, evidence: Sequence[Evidence]) -> Iterator[_Passage]:
    """Yield the headline and the sentences that contain matching words, in reading order."""
    if spans := bold_spans(0, len(article.title), evidence, field="title"):
        yield _Passage(quote=Quote(text=article.title, bold=spans), page=None)
    for sentence in sentences(article.text, language):
        if spans := bold_spans(sentence.start, sentence.end, evidence):
            start, end = sentence.start, sentence.end
            if end - start > _MAX_PASSAGE:
                middle = start + spans[0][0]
                start, end = max(start, middle - _MAX_PASSAGE // 2), min(end, middle + _MAX_PASSAGE // 2)
                spans = bold_spans(start, end, evidence)
            quote = Quote(text=article.text[start:end], bold=spans)
            yield _Passage(quote=quote, page=article.page_at(sentence.start))


def _match_row(topic: Topic, passages: Sequence[_Passage]) -> Row:
    """Return a topic with its first passages, each after its page number."""
    text, marked = "", []
    for passage in passages[:_MAX_PASSAGES]:
        text += (" … " if text else "") + (f"p. {passage.page}: " if passage.page else "")
        marked += [(start + len(text), end + len(text)) for start, end in passage.quote.bold]
        text += passage.quote.text
    pages = sorted({passage.page for passage in passages if passage.page})
    detail = counted(len(passages), "match", "matches")
    if pages:
        detail += f" · {'page' if len(pages) == 1 else 'pages'} {', '.join(map(str, pages[:10]))}"
    return Row(
        title=topic.title,
        detail=detail,
        quote=Quote(text=text, bold=tuple(marked)) if text else None,
        buttons=(Button(label="Brief", action=f"brief:{topic.id}:7d"),),
    )


def _short(words: str) -> str:
    return words if len(words) <= _MAX_MISSING else f"{words[: _MAX_MISSING - 1].rstrip()}…"


def _near_misses(readables: Sequence[Readable], topics: Sequence[Topic]) -> Iterator[tuple[Topic, str]]:
    """Yield topics that match in part and lack exactly one leaf, with that leaf."""
    resolve = resolver(topics)
    readings = [limited_reading(readable) for readable in readables[:_MAX_NEAR_MISSES]]
    for topic in topics:
        try:
            tree = topic_tree(topic, resolve=resolve)
        except QueryError:
            continue
        for reading in readings:
            reading.budget.start(topic.id)
            evaluation = evaluate_in(reading, tree)
            if len(evaluation.missing) == 1 and _matches_in_part(evaluation.trace):
                yield topic, evaluation.missing[0]
                break


def _matches_in_part(trace: Trace) -> bool:
    return bool(trace.get("found")) or any(_matches_in_part(part) for part in trace.get("of") or ())
