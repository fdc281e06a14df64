"""/why: why an article was, or was not, posted in a channel: the stages it passed, and the one that stopped it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.answers.answer import Explanation, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Link, Step
from handlers.answers.times import ago, counted, time_label
from handlers.commands.call import Call, Tools
from handlers.queries.subjects import readable, resolver
from handlers.rules.urls import canonical_url
from handlers.topics.index.evaluate import draw_trace, evaluate
from handlers.topics.query.names import topic_tree
from storage.addresses import without_credentials
from storage.records import (
    SHARED,
    Article,
    Delivery,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Match,
    Outcome,
    OutcomeState,
    Source,
    Subscription,
    Topic,
)
from storage.store import Tx

_MAX_TREES: Final = 4
_ARRIVALS: Final = 60
"""The newest arrivals of a source that are searched for the address."""
_HELD: Final[Mapping[HeldReason, str]] = {
    HeldReason.PACE: "its subscription is daily or weekly, so it comes in the digest",
    HeldReason.QUIET: "it arrived in quiet hours, so it comes in the digest",
    HeldReason.BURST: "too many alerts came within minutes, so it comes in the digest",
    HeldReason.OLD: "it is dated more than 7 days before its feed was first read",
    HeldReason.MUTED: "this channel muted its story or its source",
    HeldReason.LANGUAGE: "the channel gets no alerts in its language",
    HeldReason.PAUSED: "the subscription was paused",
    HeldReason.BLOCKED: "I could not post in the channel then, so one message listed it afterwards",
}


async def why(tools: Tools, call: Call) -> Reply:
    """Explain an article by its address or id. Raises: UserError."""
    asked = call.option("url")
    async with tools.store.read() as tx:
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            article = await tx.articles.get(int(asked))
            if article is None or article.workspace_id not in (SHARED, call.workspace.id):
                raise UserError(f"There is no article {asked} here. Use its address instead: /why https://…")
            return await _explain(tx, call, article)
        address = asked if "://" in asked else f"https://{asked}"
        url = canonical_url(address)
        if url is None or "." not in (urlsplit(address).hostname or ""):
            shown = without_credentials(asked)
            raise UserError(f'"{shown}" is not a web address. Use that of the article: /why https://example.com/story')
        article = await tx.articles.by_url(call.workspace.id, url) or await tx.articles.by_keys(
            (SHARED, call.workspace.id), (f"url:{url}"[:128],)
        )
        if article is None:
            return await _never_arrived(tx, call, address, url)
        return await _explain(tx, call, article)


async def _never_arrived(tx: Tx, call: Call, address: str, url: str) -> Reply:
    """Explain an address that is not stored: which sources of its site are watched, and how they are."""
    site = _site(address)
    sources = [
        source
        for source in await tx.sources.visible(call.workspace.id)
        if site in (_site(source.url), _site(source.site_url or ""))
    ]
    steps = [Step(ok=False, text="It never arrived: no source has delivered this address.")]
    verdict = f"No source of {site} is watched, so it could not arrive."
    for source in sources[:5]:
        failed = next(
            (
                arrival
                for arrival in await tx.arrivals.recent(source.id, _ARRIVALS)
                if arrival.reason and canonical_url(arrival.origin) == url
            ),
            None,
        )
        if failed is not None:
            steps.append(Step(ok=False, text=f"{source.title} delivered it, but it could not be read: {failed.reason}"))
            verdict = f"It arrived {time_label(failed.received_at, call.zone, now=call.now)} but could not be read."
        else:
            steps.append(Step(ok=not source.failures, text=f"Watched source of this site: {_health(source, call)}."))
            verdict = f"{site} is watched, but its feed has not listed this article."
    if not sources:
        steps.append(Step(ok=False, text=f"No source of {site} is watched."))
        verdict += f" To watch the site: /sources add https://{site}"
    shown = without_credentials(address)
    return Reply(
        answer=Explanation(headline=Link(text=shown, url=shown), steps=tuple(steps), verdict=verdict, trees=())
    )


def _site(url: str) -> str:
    """Return the host without prefixes such as "www."; empty for an invalid address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("feeds.").removeprefix("rss.")
    except ValueError:
        return ""


def _health(source: Source, call: Call) -> str:
    if source.failures:
        return f"{source.title}, failing: {(source.error or 'it could not be read').rstrip('.')}"
    if source.last_arrival_at:
        return f"{source.title}, last article {ago(source.last_arrival_at, now=call.now)}, {source.state}"
    return f"{source.title}, nothing read yet, {source.state}"


async def _explain(tx: Tx, call: Call, article: Article) -> Reply:
    source = await tx.sources.get(article.source_id)
    topics = {topic.id: topic for topic in await tx.topics.visible(call.workspace.id)}
    subscriptions = await tx.subscriptions.of_channel(call.channel.id)
    subscribed = {subscription.topic_id: subscription for subscription in subscriptions}
    matches = [match for match in await tx.matches.of_article(article.id) if match.topic_id in topics]
    outcome = await tx.outcomes.of_article(article.id, call.channel.id)
    delivery = await _delivery(tx, call, article, outcome)
    name = source.title if source is not None else "a source that has been removed"
    steps = [
        Step(ok=True, text=f"Arrived {time_label(article.received_at, call.zone, now=call.now)} from {name}."),
        Step(ok=True, text=f"Read: {counted(len(article.text.split()), 'word')}, language {article.language}."),
    ]
    verdict = _matching(steps, call, matches, topics, subscribed)
    if verdict is None:
        verdict = _decision(steps, call, outcome, delivery)
    return Reply(
        answer=Explanation(
            headline=Link(text=article.title, url=article.url),
            steps=tuple(steps),
            verdict=verdict,
            trees=_trees(article, topics, subscribed, matches),
            buttons=_buttons(matches, subscribed),
        )
    )


async def _delivery(tx: Tx, call: Call, article: Article, outcome: Outcome | None) -> Delivery | None:
    if outcome is not None and outcome.delivery_id is not None:
        return await tx.deliveries.get(outcome.delivery_id)
    if article.story_id is None:
        return None
    return await tx.deliveries.find(call.channel.id, DeliveryKind.ALERT, str(article.story_id))


def _matching(
    steps: list[Step],
    call: Call,
    matches: Sequence[Match],
    topics: Mapping[int, Topic],
    subscribed: Mapping[int, Subscription],
) -> str | None:
    """Add the steps of matching and subscribing. Return the verdict if the article got no further, else None."""
    if not matches:
        steps.append(Step(ok=False, text="It matches no topic."))
        return "Not posted: no topic of this workspace or the catalogue matches it."
    titles = ", ".join(topics[match.topic_id].title for match in matches)
    steps.append(Step(ok=True, text=f"It matches {titles}."))
    wanted = [subscribed[match.topic_id] for match in matches if match.topic_id in subscribed]
    if not wanted:
        steps.append(Step(ok=False, text=f"{call.channel.label} is not subscribed to {titles}."))
        return f"Not posted: {call.channel.label} has no subscription that it matches."
    paces = ", ".join(f"{topics[subscription.topic_id].title} ({subscription.pace})" for subscription in wanted)
    steps.append(Step(ok=True, text=f"{call.channel.label} is subscribed to {paces}."))
    return None


def _decision(steps: list[Step], call: Call, outcome: Outcome | None, delivery: Delivery | None) -> str:
    """Add what was decided for the channel, and return the verdict."""
    if outcome is None:
        steps.append(Step(ok=False, text="It arrived before the channel subscribed. Older articles are never posted."))
        return "Not posted: it is older than the subscription. /brief shows it."
    at = time_label(outcome.decided_at, call.zone, now=call.now)
    if outcome.state is OutcomeState.HELD:
        reason = _HELD[outcome.reason] if outcome.reason else "it was held"
        steps.append(Step(ok=False, text=f"Held {at}: {reason}."))
        return f"Not posted: {reason}."
    merged = outcome.state is OutcomeState.MERGED
    decision = "Added to a story that already had an alert here" if merged else "A new alert was made for its story"
    steps.append(Step(ok=True, text=f"{decision}, {at}."))
    if delivery is None:
        return "It is part of a story that is posted here."
    return _delivery_verdict(steps, call, delivery, merged=merged)


def _delivery_verdict(steps: list[Step], call: Call, delivery: Delivery, *, merged: bool) -> str:
    """Add how far the alert got, and return the verdict."""
    if delivery.state is DeliveryState.SENT:
        at = time_label(delivery.sent_at, call.zone, now=call.now) if delivery.sent_at else "already"
        outdated = delivery.wanted_version > delivery.posted_version
        steps.append(Step(ok=True, text=f"Posted {at}{'; an edit is pending' if outdated else ''}."))
        return "Posted, as part of its story's alert." if merged else "Posted."
    if delivery.state is DeliveryState.DEAD:
        reason = delivery.reason or "the platform refused it"
        steps.append(Step(ok=False, text=f"It could not be posted: {reason}"))
        return f"Not posted: {reason}"
    due = "now"
    if delivery.due_at > call.now + timedelta(seconds=5):
        due = time_label(delivery.due_at, call.zone, now=call.now)
    tried = f", after {counted(delivery.attempts, 'attempt')}" if delivery.attempts else ""
    reason = f": {delivery.reason.rstrip('.')}" if delivery.reason else ""
    steps.append(Step(ok=False, text=f"It will be posted {due}{tried}{reason}."))
    return "Not posted yet."


def _trees(
    article: Article, topics: Mapping[int, Topic], subscribed: Mapping[int, Subscription], matches: Sequence[Match]
) -> tuple[tuple[str, str], ...]:
    """Return the query trees of the topics that match or, if none does, of those that the channel is subscribed to."""
    if matches:
        return tuple((topics[match.topic_id].title, draw_trace(match.trace)) for match in matches[:_MAX_TREES])
    resolve = resolver(tuple(topics.values()))
    wanted = [topics[id] for id in subscribed if id in topics][:_MAX_TREES]
    return tuple(
        (topic.title, draw_trace(evaluate(topic_tree(topic, resolve=resolve), readable(article)).trace))
        for topic in wanted
    )


def _buttons(matches: Sequence[Match], subscribed: Mapping[int, Subscription]) -> tuple[Button, ...]:
    if matches and not any(match.topic_id in subscribed for match in matches):
        return (Button(label="Subscribe", action=f"subscribe:{matches[0].topic_id}:instant", primary=True),)
    return ()
