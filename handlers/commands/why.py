"""/why: why an article was, or was not, posted in a channel: the stages it passed, and the one that stopped it."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Explanation, Listing, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Link, Row, Step
from handlers.answers.set_aside import set_aside_steps
from handlers.answers.times import ago, counted, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.why_article import articles_at, articles_headed, as_address, site_of
from handlers.commands.why_held import held_reason
from handlers.commands.why_story import place_in_story
from handlers.delivery.added_headlines import separate_button
from handlers.queries.subjects import readable, resolver
from handlers.rules.urls import url_key
from handlers.topics.index.evaluate import STOPPED, draw_trace, evaluate_in
from handlers.topics.index.reading import limited_reading
from handlers.topics.query.names import topic_tree, tree_of
from storage.addresses import text_without_credentials, without_credentials
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
_MAX_CHOICES: Final = 8
_HAS_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ARRIVALS: Final = 60
"""The newest arrivals of a source that are searched for the address."""
_NOT_ADDED: Final = frozenset({HeldReason.OLD, HeldReason.MUTED})
"""Articles held for these reasons do not change what the channel shows of their story."""


async def why(tools: Tools, call: Call) -> Reply:
    """Explain an article by its address, words of its headline, or its id. Raises: UserError."""
    asked = call.option("url").strip()
    async with tools.store.read() as tx:
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            article = await tx.articles.get(int(asked))
            if article is None or article.workspace_id not in (SHARED, call.workspace.id):
                raise UserError(f"There is no article {asked} here. Use its address instead: /why https://…")
            return await _explain(tx, call, article)
        address = as_address(asked)
        found = await articles_at(tx, call, address) if address is not None else ()
        if address is None or not found:
            found = await articles_headed(tx, call, asked)
        if len(found) == 1:
            return await _explain(tx, call, found[0])
        if found:
            return _choose(call, asked, found)
        if address is not None:
            return await _never_arrived(tx, call, address)
    shown = text_without_credentials(asked)
    if _HAS_SCHEME.match(asked):
        raise UserError(f'"{shown}" is not a web address. Use that of the article: /why https://example.com/story')
    raise UserError(
        f'No stored article has "{shown}" in its headline. Use fewer words of it, or its address: '
        "/why https://example.com/story"
    )


def _choose(call: Call, asked: str, found: Sequence[Article]) -> Reply:
    """List the articles that may be meant, each with a button that explains it."""
    rows = tuple(
        Row(
            title=article.title,
            url=article.url,
            detail=f"{article.publisher} · {time_label(article.received_at, call.zone, now=call.now)}",
            buttons=(Button(label="Why?", action=f"why:{article.id}"),),
        )
        for article in found[:_MAX_CHOICES]
    )
    return Reply(
        answer=Listing(
            title=f"{counted(len(found), 'article')}: {text_without_credentials(asked)}",
            summary="Which one do you mean?",
            rows=rows,
            more=len(found) - len(rows),
        )
    )


async def _never_arrived(tx: Tx, call: Call, address: str) -> Reply:
    """Explain an address that is not stored: which sources of its site are watched, and how they are."""
    site, key = site_of(address), url_key(address)
    sources = [
        source
        for source in await tx.sources.visible(call.workspace.id)
        if site in (site_of(source.url), site_of(source.site_url or ""))
    ]
    steps = [Step(ok=False, text="It never arrived: no source has delivered this address.")]
    verdict = f"No source of {site} is watched, so it could not arrive."
    for source in sources[:5]:
        failed = next(
            (
                arrival
                for arrival in await tx.arrivals.recent(source.id, _ARRIVALS)
                if arrival.reason and key is not None and url_key(arrival.origin) == key
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
    stopped = [topics[id] for id in await tx.stops.of_article(article.id) if id in topics]
    outcome = await tx.outcomes.of_article(article.id, call.channel.id)
    story_id = await tx.channel_stories.story_of(call.channel, article)
    delivery = await _delivery(tx, call, story_id, outcome)
    name = source.title if source is not None else "a source that has been removed"
    steps = [
        Step(ok=True, text=f"Arrived {time_label(article.received_at, call.zone, now=call.now)} from {name}."),
        Step(ok=True, text=f"Read: {counted(len(article.text.split()), 'word')}, language {article.language}."),
    ]
    steps += set_aside_steps((await tx.set_aside.of_articles([article.id])).get(article.id, ()))
    steps += [Step(ok=False, text=_stopped_step(topic)) for topic in stopped]
    verdict = _matching(steps, call, matches, topics, subscribed)
    if not matches and (wanted := [topic for topic in stopped if topic.id in subscribed]):
        titles = ", ".join(topic.title for topic in wanted)
        is_complex = (
            "was stopped because its query is" if len(wanted) == 1 else "were stopped because their queries are"
        )
        verdict = f"Not posted: {titles} {is_complex} too complex."
    if verdict is None:
        verdict = _decision(steps, call, outcome, delivery)
    place = None if story_id is None else await place_in_story(tx, call.channel, article, story_id)
    if place is not None and (outcome is None or outcome.reason not in _NOT_ADDED):
        steps.extend(place.steps)
        verdict = place.verdict or verdict
    return Reply(
        answer=Explanation(
            headline=Link(text=article.title, url=article.url),
            steps=tuple(steps),
            verdict=verdict,
            trees=_match_trees(article, matches, topics) if matches else _trees(article, topics, subscribed, stopped),
            buttons=(*_buttons(matches, subscribed), *(() if place is None else (separate_button(article.id),))),
        )
    )


async def _delivery(tx: Tx, call: Call, story_id: int | None, outcome: Outcome | None) -> Delivery | None:
    if outcome is not None and outcome.delivery_id is not None:
        return await tx.deliveries.get(outcome.delivery_id)
    if story_id is None:
        return None
    return await tx.deliveries.find(call.channel.id, DeliveryKind.ALERT, str(story_id))


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
        reason = held_reason(outcome.reason, call.channel) if outcome.reason else "it was held"
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


def _stopped_step(topic: Topic) -> str:
    return f"{topic.title} was stopped: its query is too complex for this article, so it may or may not match."


def _match_trees(
    article: Article, matches: Sequence[Match], topics: Mapping[int, Topic]
) -> tuple[tuple[str, str], ...]:
    """Return the title of each topic that matches, and the tree of the query that matched, even if it has changed.

    Retention deletes the traces of older matches after some time. Their tree is that of the present query.
    """
    trees = []
    for match in matches[:_MAX_TREES]:
        topic, trace = topics[match.topic_id], match.trace
        if match.query is not None:
            trace = evaluate_in(limited_reading(readable(article)), tree_of(topic, match.query)).trace
        elif not trace:
            tree = topic_tree(topic, resolve=resolver(tuple(topics.values())))
            trace = evaluate_in(limited_reading(readable(article)), tree).trace
        trees.append((topic.title, draw_trace(trace)))
    return tuple(trees)


def _trees(
    article: Article, topics: Mapping[int, Topic], subscribed: Mapping[int, Subscription], stopped: Sequence[Topic]
) -> tuple[tuple[str, str], ...]:
    """Return the title and the query tree of each topic that the channel is subscribed to."""
    resolve = resolver(tuple(topics.values()))
    trees = []
    for topic in [topics[id] for id in subscribed if id in topics][:_MAX_TREES]:
        if topic in stopped:
            evaluation = STOPPED
        else:
            evaluation = evaluate_in(limited_reading(readable(article)), topic_tree(topic, resolve=resolve))
        trees.append((topic.title, draw_trace(evaluation.trace)))
    return tuple(trees)


def _buttons(matches: Sequence[Match], subscribed: Mapping[int, Subscription]) -> tuple[Button, ...]:
    if matches and not any(match.topic_id in subscribed for match in matches):
        return (Button(label="Subscribe", action=f"subscribe:{matches[0].topic_id}:instant", primary=True),)
    return ()
