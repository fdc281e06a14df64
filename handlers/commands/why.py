"""/why: why something was, or was not, posted here: every stage it passed, and the first that stopped it."""

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

_TREES: Final = 4
_LOOKED_BACK: Final = 60
"""Arrivals of a source of the same site that are looked through for the address."""
HELD: Final = {
    HeldReason.PACE: "its subscription is daily or weekly, so it comes in the digest",
    HeldReason.QUIET: "it came in quiet hours, so it comes in the digest",
    HeldReason.BURST: "many alerts came within minutes, so it was folded into the digest",
    HeldReason.OLD: "it is dated more than 7 days before its feed was first read",
    HeldReason.MUTED: "this channel muted its story or its source",
    HeldReason.LANGUAGE: "it is in a language that this channel does not read",
    HeldReason.PAUSED: "the subscription was paused",
}


async def why(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    asked = call.option("url")
    async with tools.store.read() as tx:
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            article = await tx.articles.get(int(asked))
            if article is None or article.workspace_id not in (SHARED, call.workspace.id):
                raise UserError(f"There is no article {asked} here. Give its address: /why https://…")
            return await _explain(tx, call, article)
        address = asked if "://" in asked else f"https://{asked}"
        url = canonical_url(address)
        if url is None or "." not in (urlsplit(address).hostname or ""):
            shown = without_credentials(asked)
            raise UserError(f'"{shown}" is no web address. Give the article\'s: /why https://example.com/story')
        article = await tx.articles.by_url(call.workspace.id, url) or await tx.articles.by_keys(
            (SHARED, call.workspace.id), (f"url:{url}"[:128],)
        )
        if article is None:
            return await _never_arrived(tx, call, address, url)
        return await _explain(tx, call, article)


async def _never_arrived(tx: Tx, call: Call, address: str, url: str) -> Reply:
    """Which sources of that site are watched, and how they are."""
    site = _site(address)
    sources = [
        one
        for one in await tx.sources.visible(call.workspace.id)
        if site in (_site(one.url), _site(one.site_url or ""))
    ]
    steps = [Step(ok=False, text="Never arrived: no source brought this address.")]
    verdict = f"No source of {site} is watched, so it could not arrive."
    for source in sources[:5]:
        failed = next(
            (
                arrival
                for arrival in await tx.arrivals.recent(source.id, _LOOKED_BACK)
                if arrival.reason and canonical_url(arrival.origin) == url
            ),
            None,
        )
        if failed is not None:
            steps.append(Step(ok=False, text=f"{source.title} brought it, but it could not be read: {failed.reason}"))
            verdict = f"It arrived {time_label(failed.received_at, call.zone, now=call.now)} but could not be read."
        else:
            steps.append(Step(ok=not source.failures, text=f"Watched from that site: {_health(source, call)}."))
            verdict = f"{site} is watched, but its feed has not listed this article."
    if not sources:
        steps.append(Step(ok=False, text=f"Watched from {site}: nothing."))
        verdict += f" Watch it: /sources add https://{site}"
    shown = without_credentials(address)
    return Reply(
        answer=Explanation(headline=Link(text=shown, url=shown), steps=tuple(steps), verdict=verdict, trees=())
    )


def _site(url: str) -> str:
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
    held = {one.topic_id: one for one in await tx.subscriptions.of_channel(call.channel.id)}
    found = [match for match in await tx.matches.of_article(article.id) if match.topic_id in topics]
    outcome = await tx.outcomes.of_article(article.id, call.channel.id)
    delivery = await _delivery(tx, call, article, outcome)
    name = source.title if source is not None else "a source that was removed"
    steps = [
        Step(ok=True, text=f"Arrived {time_label(article.received_at, call.zone, now=call.now)} from {name}."),
        Step(ok=True, text=f"Read: {counted(len(article.text.split()), 'word')}, language {article.language}."),
    ]
    verdict = _matched(steps, call, found, topics, held)
    if verdict is None:
        verdict = _decided(steps, call, article, outcome, delivery)
    return Reply(
        answer=Explanation(
            headline=Link(text=article.title, url=article.url),
            steps=tuple(steps),
            verdict=verdict,
            trees=_trees(article, topics, held, found),
            buttons=_buttons(article, found, held, call),
        )
    )


async def _delivery(tx: Tx, call: Call, article: Article, outcome: Outcome | None) -> Delivery | None:
    if outcome is not None and outcome.delivery_id is not None:
        return await tx.deliveries.get(outcome.delivery_id)
    if article.story_id is None:
        return None
    return await tx.deliveries.find(call.channel.id, DeliveryKind.ALERT, str(article.story_id))


def _matched(
    steps: list[Step], call: Call, found: list[Match], topics: dict[int, Topic], held: dict[int, Subscription]
) -> str | None:
    """The verdict where matching or subscribing stopped it, else None."""
    if not found:
        steps.append(Step(ok=False, text="Matched no topic."))
        return "No topic that you can see matches it."
    titles = ", ".join(topics[match.topic_id].title for match in found)
    steps.append(Step(ok=True, text=f"Matched {titles}."))
    wanted = [held[match.topic_id] for match in found if match.topic_id in held]
    if not wanted:
        steps.append(Step(ok=False, text=f"{call.channel.label} is not subscribed to {titles}."))
        return f"{call.channel.label} did not ask for it."
    steps.append(
        Step(
            ok=True,
            text=f"{call.channel.label} is subscribed to "
            + ", ".join(f"{topics[one.topic_id].title} ({one.pace})" for one in wanted)
            + ".",
        )
    )
    return None


def _decided(
    steps: list[Step], call: Call, article: Article, outcome: Outcome | None, delivery: Delivery | None
) -> str:
    if outcome is None:
        steps.append(Step(ok=False, text="It came before the subscription, and a back catalogue is never posted."))
        return "It is older than the subscription; /brief finds it."
    at = time_label(outcome.decided_at, call.zone, now=call.now)
    if outcome.state is OutcomeState.HELD:
        reason = HELD[outcome.reason] if outcome.reason else "it was held"
        steps.append(Step(ok=False, text=f"Held {at}: {reason}."))
        return f"Not posted: {reason}."
    if outcome.state is OutcomeState.MERGED:
        steps.append(Step(ok=True, text=f"Joined a story whose alert stood here already, {at}."))
    else:
        steps.append(Step(ok=True, text=f"Started the alert of its story, {at}."))
    if delivery is None:
        return "It is part of a story that is posted here."
    return _delivered(steps, call, delivery, merged=outcome.state is OutcomeState.MERGED)


def _delivered(steps: list[Step], call: Call, delivery: Delivery, *, merged: bool) -> str:
    if delivery.state is DeliveryState.SENT:
        when = time_label(delivery.sent_at, call.zone, now=call.now) if delivery.sent_at else "already"
        behind = delivery.wanted_version > delivery.posted_version
        steps.append(Step(ok=True, text=f"Posted {when}{', an edit is under way' if behind else ''}."))
        return "Posted, as part of its story's alert." if merged else "Posted."
    if delivery.state is DeliveryState.DEAD:
        steps.append(Step(ok=False, text=f"Never to be sent: {delivery.reason or 'the platform refused it'}"))
        return f"Not posted: {delivery.reason or 'the platform refused it'}"
    again = f", tried {counted(delivery.attempts, 'time')}" if delivery.attempts else ""
    why_not = f": {delivery.reason.rstrip('.')}" if delivery.reason else ""
    due = (
        time_label(delivery.due_at, call.zone, now=call.now)
        if delivery.due_at > call.now + timedelta(seconds=5)
        else "now"
    )
    steps.append(Step(ok=False, text=f"To be posted {due}{again}{why_not}."))
    return "Not posted yet."


def _trees(
    article: Article, topics: dict[int, Topic], held: dict[int, Subscription], found: list[Match]
) -> tuple[tuple[str, str], ...]:
    """The trees of what matched; where nothing did, of what the channel is subscribed to."""
    if found:
        return tuple((topics[match.topic_id].title, draw_trace(match.trace)) for match in found[:_TREES])
    resolve = resolver(tuple(topics.values()))
    asked = [topics[id] for id in held if id in topics][:_TREES]
    return tuple(
        (topic.title, draw_trace(evaluate(topic_tree(topic, resolve=resolve), readable(article)).trace))
        for topic in asked
    )


def _buttons(article: Article, found: list[Match], held: dict[int, Subscription], call: Call) -> tuple[Button, ...]:
    unheld = [match.topic_id for match in found if match.topic_id not in held]
    if found and len(unheld) == len(found):
        return (Button(label="Subscribe", action=f"subscribe:{unheld[0]}:instant", primary=True),)
    return ()
