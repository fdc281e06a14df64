"""/find: search the archive with a query. The newest articles come first, each with the matching words."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.parts import Button, Quote, Row
from handlers.answers.story_lines import bold_spans, quote_article
from handlers.answers.times import Period, counted, read_period, time_label
from handlers.commands.brief import subject_ref
from handlers.commands.call import Call, Tools
from handlers.queries.search import FoundArticle, Search, newest_matching
from handlers.queries.subjects import Subject, read_query, resolver
from handlers.topics.query.names import topic_tree
from handlers.topics.query.query import Tree, convert_filter
from storage.records import Article, Evidence

SHOWN: Final = 10


async def find(tools: Tools, call: Call) -> Reply:
    """List the newest articles that match a query. Raises: UserError, QueryError."""
    query = convert_filter(call.option("query"))
    period = read_period(call.option("period"), default="30d")
    async with tools.store.read() as tx:
        topic = await tx.topics.find(call.workspace.id, query)
        topics = await tx.topics.visible(call.workspace.id)
        tree = topic_tree(topic, resolve=resolver(topics)) if topic else read_query(query, topics)
        version = await tx.answer_versions.current(call.workspace.id, None, now=call.now)

    async def search() -> Reply:
        return await _search(tools, call, query, tree, period)

    # The tree is in the key because a topic that the query names can be edited during the search.
    cache_key = (*call.cache_key(period.length), query, tree, period.code, version)
    return await tools.find_cache.get(cache_key, search, store=version is not None)


async def _search(tools: Tools, call: Call, query: str, tree: Tree, period: Period) -> Reply:
    since, until = call.now - period.length, call.now + timedelta(seconds=1)
    search = Search(tree=tree, since=since, until=until, shown=SHOWN)
    async with tools.store.read() as tx:
        found = await newest_matching(tx, call.workspace.id, search, tools.search_cache)
        stored = 0 if found.count else await tx.articles.count(call.workspace.id, since=since)
    subject = Subject(topic=None, title=query, query=query, tree=tree)
    ref = subject_ref(tools, call, subject)
    test = Button(label="Test as a topic", action=f"test:{ref}")
    if not found.count:
        return Reply(
            answer=Notice(
                text=f'Nothing matches "{query}" in the {period.label}; {counted(stored, "article")} searched. '
                "Try a longer period or fewer words.",
                buttons=(Button(label="365 days", action=f"find:{ref}:365d"), test),
            )
        )
    rows = await asyncio.to_thread(_found_rows, found.shown, call)
    among = "" if found.examined is None else f" among the newest {found.examined:,} searched"
    return Reply(
        answer=Listing(
            title=f'"{query}", {period.label}',
            summary=f"{counted(found.count, 'article')}{among}, newest first.",
            rows=rows,
            more=found.count - len(rows),
            buttons=(Button(label="Brief", action=f"brief:{ref}:{period.code}"), test),
        )
    )


def _found_rows(found: Iterable[FoundArticle], call: Call) -> tuple[Row, ...]:
    return tuple(_found_row(article, call) for article in found)


def _found_row(found: FoundArticle, call: Call) -> Row:
    """Return the article. If it needs a part that was set aside to match, the row quotes the part and says so."""
    row = article_row(found.article, found.evidence, call)
    if not found.parts:
        return row
    first = found.parts[0]
    quote = quote_article(replace(found.article, text=first.part.text, highlights=()), first.evidence)
    rules = " and ".join(dict.fromkeys(part.part.rule for part in found.parts))
    return replace(
        row, detail=f"{row.detail} · matches in what was set aside ({rules}), not in its own text", quote=quote
    )


def article_rows(found: Iterable[tuple[Article, tuple[Evidence, ...]]], call: Call) -> tuple[Row, ...]:
    """Return a row for each article. Finding the sentences takes some milliseconds an article: call it in a thread."""
    return tuple(article_row(article, evidence, call) for article, evidence in found)


def article_row(article: Article, evidence: tuple[Evidence, ...], call: Call) -> Row:
    """Return an article with the sentence or the headline that contains the matching words."""
    quote = quote_article(article, evidence)
    if (quote is None or not quote.bold) and (spans := bold_spans(0, len(article.title), evidence, field="title")):
        quote = Quote(text=article.title, bold=spans)
    at = time_label(min(article.published_at, article.received_at), call.zone, now=call.now)
    return Row(title=article.title, url=article.url, detail=f"{article.publisher} · {at}", quote=quote)
