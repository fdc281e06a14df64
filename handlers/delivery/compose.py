"""An alert as its channel may see it now: composed when it is sent, from what is stored, word for word."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from handlers.answers.answer import Alert
from handlers.answers.errors import WirewatchError
from handlers.answers.parts import Button, Link, Quote, TopicMark
from handlers.answers.story_lines import bold_spans, report
from handlers.rules.alerting import accepts_language
from handlers.stories.near_duplicates import count_independent
from handlers.stories.sentences import sentences
from handlers.stories.summary import summarise
from storage.records import (
    Article,
    Channel,
    DeliveryKind,
    Evidence,
    Match,
    Outcome,
    OutcomeState,
    Pace,
    Subscription,
    Topic,
    Workspace,
)
from storage.store import Tx

_SENTENCES: Final = 3
_BRIEF_PERIOD: Final = "7d"


class NothingToShow(WirewatchError):
    """No article of the story can be seen from this channel."""


async def compose_alert(tx: Tx, channel: Channel, story_id: int, now: datetime) -> Alert:
    """The story's alert in this channel, from articles and topics that its workspace may see. Raises: NothingToShow."""
    articles = await tx.articles.of_story(story_id, channel.workspace_id)
    if not articles:
        raise NothingToShow("No article of this story is left.")
    workspace = await tx.workspaces.get(channel.workspace_id)
    matches = await tx.matches.of_articles([article.id for article in articles])
    outcomes = await tx.outcomes.of_story(story_id, channel.id)
    lead = _lead(articles, outcomes, matches)
    held = await tx.subscriptions.of_channel(channel.id)
    topics = await _topics(tx, channel, held, [lead.id, *(article.id for article in articles)], matches)
    evidence = [hit for match in matches.get(lead.id, ()) if match.topic_id in topics for hit in match.evidence]
    more = _others(articles, lead)
    delivery = await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(story_id))
    told = await tx.articles.features_of_story(story_id, channel.workspace_id)
    independent = await asyncio.to_thread(count_independent, told)
    sent_at = None if delivery is None else delivery.sent_at
    is_revised = sent_at is not None and lead.revised_at is not None and lead.revised_at > sent_at
    return Alert(
        story_id=story_id,
        topics=tuple(TopicMark(title=topic.title, color=topic.color) for topic in topics.values()),
        headline=Link(text=lead.title, url=lead.url),
        sentences=_quotes(lead, evidence),
        lead=report(lead),
        more=tuple(report(article) for article in more),
        independent=max(1, independent),
        updated_at=_updated_at((lead, *more)) if more or is_revised else None,
        revised=is_revised,
        image_url=lead.image_url,
        time_zone=channel.digest_zone or (workspace.time_zone if workspace else "UTC"),
        language=lead.language,
        mentions=_mentions(held, lead, topics, workspace) if sent_at is None else (),
        buttons=_buttons(story_id, lead, topics),
        menu=_menu(lead, topics),
    )


def _lead(articles: Sequence[Article], outcomes: Iterable[Outcome], matches: Mapping[int, Sequence[Match]]) -> Article:
    """The article that the alert is about: the one that started it here, else the first that matched, or came."""
    started = [one.article_id for one in outcomes if one.state is OutcomeState.ALERT]
    by_id = {article.id: article for article in articles}
    for article_id in (*started, *(article.id for article in articles if article.id in matches)):
        if article_id in by_id:
            return by_id[article_id]
    return articles[0]


async def _topics(
    tx: Tx,
    channel: Channel,
    held: Iterable[Subscription],
    article_ids: Iterable[int],
    matches: Mapping[int, Sequence[Match]],
) -> dict[int, Topic]:
    """The topics that hit, the lead's first: those that the channel subscribes to, else all that it may see."""
    hits = dict.fromkeys(
        match.topic_id
        for article_id in article_ids
        for match in sorted(matches.get(article_id, ()), key=lambda match: (-match.score, match.topic_id))
    )
    visible = {topic.id: topic for topic in await tx.topics.visible(channel.workspace_id)}
    subscribed = {one.topic_id for one in held}
    shown = [id for id in hits if id in visible]
    return {id: visible[id] for id in [id for id in shown if id in subscribed] or shown}


def _mentions(
    held: Iterable[Subscription], lead: Article, topics: Mapping[int, Topic], workspace: Workspace | None
) -> tuple[str, ...]:
    """Whom the subscriptions that ask for this alert name, each once."""
    languages = workspace.languages if workspace is not None else ()
    asking = [
        one
        for one in held
        if one.topic_id in topics
        and one.pace is Pace.INSTANT
        and one.paused_reason is None
        and accepts_language(one.languages or languages, lead.language)
    ]
    return tuple(dict.fromkeys(one.mention for one in asking if one.mention is not None))


def _quotes(lead: Article, evidence: Sequence[Evidence]) -> tuple[Quote, ...]:
    """One to three sentences; none where the article is a headline alone."""
    spans = (
        summarise(
            title=lead.title,
            text=lead.text,
            highlights=lead.highlights,
            language=lead.language,
            evidence=evidence,
            limit=_SENTENCES,
        )
        or sentences(lead.text, lead.language)[:1]
    )
    return tuple(Quote(text=span.text, bold=bold_spans(span.start, span.end, evidence)) for span in spans)


def _others(articles: Sequence[Article], lead: Article) -> list[Article]:
    """The other reports, oldest first; an address is shown once."""
    shown, others = {lead.url}, []
    for article in articles:
        if article.id != lead.id and (article.url is None or article.url not in shown):
            shown.add(article.url)
            others.append(article)
    return others


def _updated_at(articles: Iterable[Article]) -> datetime:
    return max(max(article.received_at, article.revised_at or article.received_at) for article in articles)


def _buttons(story_id: int, lead: Article, topics: Mapping[int, Topic]) -> tuple[Button, ...]:
    brief = [Button(label="Brief", action=f"brief:{id}:{_BRIEF_PERIOD}", primary=True) for id in topics][:1]
    return (
        *brief,
        Button(label="Why?", action=f"why:{lead.id}"),
        Button(label="Not relevant", action=f"irrelevant:{story_id}"),
        Button(label="Follow", action=f"follow:{story_id}"),
        Button(label="Mute story", action=f"mute:story:{story_id}"),
    )


def _menu(lead: Article, topics: Mapping[int, Topic]) -> tuple[Button, ...]:
    edit = [Button(label="Edit topic", action=f"topic:edit:{id}") for id in topics][:1]
    return (Button(label="Mute source", action=f"mute:source:{lead.source_id}"), *edit)
