"""The articles that a feed listed before it was added: they are never posted, and shown to a person on request."""

import asyncio
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.parts import Button
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools
from handlers.commands.find import article_rows
from storage.records import Evidence, Source

SHOWN: Final = 10
_EXAMINED: Final = 500
"""The newest articles of the source that are looked through."""


def catch_up_button(source: Source) -> Button:
    return Button(label="Catch me up", action=f"catchup:{source.id}")


async def catch_up(tools: Tools, call: Call, source: Source) -> Reply:
    """List the stored articles of a source that match what the channel is subscribed to, the newest first.

    For a channel without subscriptions, those that match any topic of the workspace.
    """
    async with tools.store.read() as tx:
        stored = await tx.articles.of_source(source.id, call.workspace.id, limit=_EXAMINED)
        matches = await tx.matches.of_articles(article.id for article in stored)
        subscribed = {subscription.topic_id for subscription in await tx.subscriptions.of_channel(call.channel.id)}
        topics = subscribed or {topic.id for topic in await tx.topics.visible(call.workspace.id)}
    if not stored:
        unread = source.first_read_at is None
        text = (
            f"{source.title} has not been read yet. Try again in a minute." if unread else f"{source.title} is empty."
        )
        return Reply(answer=Notice(text=text, buttons=(catch_up_button(source),) if unread else ()))
    evidence: dict[int, tuple[Evidence, ...]] = {}
    for article in stored:
        found = [match for match in matches.get(article.id, ()) if match.topic_id in topics]
        if found:
            evidence[article.id] = tuple(word for match in found for word in match.evidence)
    matching = sorted(
        (article for article in stored if article.id in evidence),
        key=lambda article: (article.published_at, article.id),
        reverse=True,
    )
    wanted = f"what {call.channel.label} gets" if subscribed else "a topic"
    if not matching:
        text = f"None of the {counted(len(stored), 'stored article')} of {source.title} matches {wanted}."
        return Reply(answer=Notice(text=text))
    shown = [(article, evidence[article.id]) for article in matching[:SHOWN]]
    return Reply(
        answer=Listing(
            title=source.title,
            summary=f"{len(matching)} of {counted(len(stored), 'stored article')} match {wanted}, newest first.",
            rows=await asyncio.to_thread(article_rows, shown, call),
            more=len(matching) - len(shown),
        )
    )
