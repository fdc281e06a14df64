"""/find: the archive, searched by a query; the newest first, each with the words that matched."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.parts import Button, Quote, Row
from handlers.answers.story_lines import bold_spans, quote_article
from handlers.answers.times import Period, counted, read_period, time_label
from handlers.commands.brief import reference
from handlers.commands.call import Call, Tools
from handlers.queries.search import Search, newest_matching
from handlers.queries.subjects import Subject, read_query, resolver
from handlers.topics.query.names import topic_tree
from handlers.topics.query.query import Tree, in_words
from storage.records import Article, Evidence

SHOWN: Final = 10


async def find(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    query = in_words(call.option("query"))
    period = read_period(call.option("period"), default="30d")
    async with tools.store.read() as tx:
        topic = await tx.topics.find(call.workspace.id, query)
        topics = await tx.topics.visible(call.workspace.id)
        tree = topic_tree(topic, resolve=resolver(topics)) if topic else read_query(query, topics)
        version = await tx.answer_versions.current(call.workspace.id, None, now=call.now)

    async def search() -> Reply:
        return await _searched(tools, call, query, tree, period)

    # The tree stands for the query: a topic that it names may be changed while a search is under way.
    question = (*call.asked_for(period.length), query, tree, period.code, version)
    return await tools.searches.answer(question, search, stays=version is not None)


async def _searched(tools: Tools, call: Call, query: str, tree: Tree, period: Period) -> Reply:
    since, until = call.now - period.length, call.now + timedelta(seconds=1)
    search = Search(tree=tree, since=since, until=until, shown=SHOWN)
    async with tools.store.read() as tx:
        hits = await newest_matching(tx, call.workspace.id, search, tools.search_cache)
        stored = 0 if hits.count else await tx.articles.count(call.workspace.id, since=since)
    subject = Subject(topic=None, title=query, query=query, tree=tree)
    ref = reference(tools, call, subject)
    test = Button(label="Test as a topic", action=f"test:{ref}")
    if not hits.count:
        return Reply(
            answer=Notice(
                text=f'None of the {counted(stored, "article")} of the {period.label} matches "{query}". Try a longer '
                "period, or fewer words.",
                buttons=(Button(label="365 days", action=f"find:{ref}:365d"), test),
            )
        )
    rows = await asyncio.to_thread(found_rows, hits.shown, call)
    among = "" if hits.examined is None else f" among the newest {hits.examined:,} looked at"
    return Reply(
        answer=Listing(
            title=f'"{query}", {period.label}',
            summary=f"{counted(hits.count, 'article')}{among}, the newest first.",
            rows=rows,
            more=hits.count - len(rows),
            buttons=(Button(label="Brief", action=f"brief:{ref}:{period.code}"), test),
        )
    )


def found_rows(found: Iterable[tuple[Article, tuple[Evidence, ...]]], call: Call) -> tuple[Row, ...]:
    """A row for each; the sentences take some milliseconds an article."""
    return tuple(found_row(article, evidence, call) for article, evidence in found)


def found_row(article: Article, evidence: tuple[Evidence, ...], call: Call) -> Row:
    """An article with the sentence, or the headline, that holds the words."""
    quote = quote_article(article, evidence)
    if (quote is None or not quote.bold) and (hits := bold_spans(0, len(article.title), evidence, field="title")):
        quote = Quote(text=article.title, bold=hits)
    at = time_label(min(article.published_at, article.received_at), call.zone, now=call.now)
    return Row(title=article.title, url=article.url, detail=f"{article.publisher} · {at}", quote=quote)
