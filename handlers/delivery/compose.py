"""Compose alerts. An alert is composed when it is sent, from the stored articles that its channel may see."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from handlers.answers.answer import Alert
from handlers.answers.errors import WirewatchError
from handlers.answers.parts import Button, Handled, Link, Quote, TopicMark
from handlers.answers.story_lines import bold_spans, report
from handlers.queries.quotable import quotable
from handlers.rules.alerting import accepts_language
from handlers.stories.sentences import sentences
from handlers.stories.sources_count import Report as CountedReport
from handlers.stories.sources_count import count_sources
from handlers.stories.summary import summarize
from storage.records import (
    Article,
    Channel,
    DeliveryKind,
    Evidence,
    Match,
    Outcome,
    OutcomeState,
    Pace,
    Review,
    ReviewState,
    Subscription,
    Topic,
    Workspace,
)
from storage.store import Tx

_SENTENCES: Final = 3
_BRIEF_PERIOD: Final = "7d"
REVIEW_LABELS: Final[Mapping[ReviewState, str]] = {
    ReviewState.CLAIMED: "Claimed by",
    ReviewState.REVIEWED: "Reviewed by",
}
"""What an alert says before the name of the person."""


class NothingToShow(WirewatchError):
    """The channel may not see any article of the story."""


async def compose_alert(tx: Tx, channel: Channel, story_id: int) -> Alert:
    """Return the story's alert as this channel may see it. All sentences are quoted from stored articles.

    Raises: NothingToShow.
    """
    articles = await tx.channel_stories.articles(channel, story_id)
    if not articles:
        raise NothingToShow("No article of this story is left to show.")
    workspace = await tx.workspaces.get(channel.workspace_id)
    matches = await tx.matches.of_articles([article.id for article in articles])
    outcomes = await tx.outcomes.of_story(story_id, channel.id)
    lead = _lead(articles, outcomes, matches)
    subscriptions = await tx.subscriptions.of_channel(channel.id)
    topics = await _topics(tx, channel, subscriptions, [lead.id, *(article.id for article in articles)], matches)
    evidence = [word for match in matches.get(lead.id, ()) if match.topic_id in topics for word in match.evidence]
    others = _others(articles, lead)
    delivery = await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(story_id))
    features = await tx.channel_stories.features(channel, story_id)
    reports = [
        CountedReport(article.publisher, f"{article.title}\n\n{article.text}", data)
        for article, data in zip(articles, features, strict=True)
    ]
    count = await asyncio.to_thread(count_sources, reports)
    reviews = await tx.reviews.of(channel.id, story_id)
    sent_at = None if delivery is None else delivery.sent_at
    is_revised = sent_at is not None and lead.revised_at is not None and lead.revised_at > sent_at
    return Alert(
        story_id=story_id,
        topics=tuple(TopicMark(title=topic.title, color=topic.color) for topic in topics.values()),
        headline=Link(text=lead.title, url=lead.url),
        sentences=_quotes((await quotable(tx, {lead.id: lead}))[lead.id], evidence),
        lead=report(lead),
        more=tuple(report(article) for article in others),
        sources=count.outlets,
        independent=count.independent,
        updated_at=_updated_at((lead, *others)) if others or is_revised else None,
        revised=is_revised,
        image_url=lead.image_url,
        time_zone=channel.digest_zone or (workspace.time_zone if workspace else "UTC"),
        language=lead.language,
        mentions=_mentions(subscriptions, lead, topics, workspace) if sent_at is None else (),
        silent=_is_silent(subscriptions, topics),
        buttons=_buttons(story_id, lead, topics, reviews),
        menu=_menu(story_id, lead, topics, has_others=bool(others)),
        handled=tuple(Handled(label=REVIEW_LABELS[each.state], name=each.name, at=each.at) for each in reviews),
    )


def _lead(articles: Sequence[Article], outcomes: Iterable[Outcome], matches: Mapping[int, Sequence[Match]]) -> Article:
    """Return the article that started the alert in this channel, else the first that matched, else the first."""
    started = [outcome.article_id for outcome in outcomes if outcome.state is OutcomeState.ALERT]
    by_id = {article.id: article for article in articles}
    for article_id in (*started, *(article.id for article in articles if article.id in matches)):
        if article_id in by_id:
            return by_id[article_id]
    return articles[0]


async def _topics(
    tx: Tx,
    channel: Channel,
    subscriptions: Iterable[Subscription],
    article_ids: Iterable[int],
    matches: Mapping[int, Sequence[Match]],
) -> dict[int, Topic]:
    """Return the matched topics that the channel subscribes to, else all that it may see, by id.

    `article_ids` orders them: topics of the first article come first, each article's best match first.
    """
    matched = dict.fromkeys(
        match.topic_id
        for article_id in article_ids
        for match in sorted(matches.get(article_id, ()), key=lambda match: (-match.score, match.topic_id))
    )
    visible = {topic.id: topic for topic in await tx.topics.visible(channel.workspace_id)}
    subscribed = {subscription.topic_id for subscription in subscriptions}
    permitted = [id for id in matched if id in visible]
    return {id: visible[id] for id in [id for id in permitted if id in subscribed] or permitted}


def _is_silent(subscriptions: Iterable[Subscription], topics: Collection[int]) -> bool:
    """Return whether all instant subscriptions to these topics ask not to notify anybody."""
    asked = [
        subscription.silent
        for subscription in subscriptions
        if subscription.topic_id in topics and subscription.pace is Pace.INSTANT
    ]
    return bool(asked) and all(asked)


def _mentions(
    subscriptions: Iterable[Subscription], lead: Article, topics: Mapping[int, Topic], workspace: Workspace | None
) -> tuple[str, ...]:
    """Return whom the instant subscriptions to these topics mention, each once."""
    languages = workspace.languages if workspace is not None else ()
    mentions = [
        subscription.mention
        for subscription in subscriptions
        if subscription.topic_id in topics
        and subscription.pace is Pace.INSTANT
        and subscription.paused_reason is None
        and accepts_language(subscription.languages or languages, lead.language)
    ]
    return tuple(dict.fromkeys(mention for mention in mentions if mention is not None))


def _quotes(lead: Article, evidence: Sequence[Evidence]) -> tuple[Quote, ...]:
    """Return one to three sentences, or none if the article consists of a headline only."""
    spans = (
        summarize(
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
    """Return the other articles, oldest first, without further articles at the same address."""
    shown, others = {lead.url}, []
    for article in articles:
        if article.id != lead.id and (article.url is None or article.url not in shown):
            shown.add(article.url)
            others.append(article)
    return others


def _updated_at(articles: Iterable[Article]) -> datetime:
    return max(max(article.received_at, article.revised_at or article.received_at) for article in articles)


def _buttons(
    story_id: int, lead: Article, topics: Mapping[int, Topic], reviews: Sequence[Review]
) -> tuple[Button, ...]:
    """Return five buttons, which is a row on Discord. The last one offers the next state of the alert."""
    states = {review.state for review in reviews}
    step = Button(label="Claim", action=f"claim:{story_id}")
    if ReviewState.REVIEWED in states:
        step = Button(label="Reopen", action=f"reopen:{story_id}")
    elif ReviewState.CLAIMED in states:
        step = Button(label="Mark reviewed", action=f"reviewed:{story_id}")
    brief = [Button(label="Brief", action=f"brief:{id}:{_BRIEF_PERIOD}", primary=True) for id in topics][:1]
    return (
        *brief,
        Button(label="Why?", action=f"why:{lead.id}"),
        Button(label="Not relevant", action=f"irrelevant:{story_id}"),
        Button(label="Follow", action=f"follow:{story_id}"),
        step,
    )


def _menu(story_id: int, lead: Article, topics: Mapping[int, Topic], *, has_others: bool) -> tuple[Button, ...]:
    """Return at most five actions, which is what an overflow menu of Slack can hold."""
    edit = [Button(label="Edit topic", action=f"topic:edit:{id}") for id in topics][:1]
    all_headlines = [Button(label="All headlines", action=f"headlines:{story_id}")] if has_others else []
    return (
        Button(label="Mute story", action=f"mute:story:{story_id}"),
        Button(label="Mute source", action=f"mute:source:{lead.source_id}"),
        *edit,
        Button(label="Same story as …", action=f"same:{story_id}"),
        *all_headlines,
    )
