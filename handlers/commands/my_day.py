"""The first part of Home: the top stories of the person's day, what is new to them, and a chart of their topics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Listing
from handlers.answers.charts import days_chart
from handlers.answers.parts import Button, Chart, Row
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools
from handlers.reports.digest import mentions_by_day
from handlers.stories.sources_count import count_outlets
from storage.records import Article, Channel, Delivery, Subscription, Topic
from storage.store import Tx

_DAY: Final = timedelta(days=1)
_TOP: Final = 5
_MAX_ALERTS: Final = 40
"""The newest alerts of the day, over all channels, that the top stories are chosen from."""
_SUBJECT: Final = "home"
"""In place of the subject of a brief, for when the person last opened Home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDay:
    """What concerns the person, and not the workspace."""

    stories: Listing
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    articles: Sequence[Article]
    channels: tuple[str, ...]
    is_new: bool
    is_followed: bool

    @property
    def outlets(self) -> int:
        return count_outlets(article.publisher for article in self.articles)


async def my_day(tools: Tools, tx: Tx, call: Call, subscribed: Mapping[int, Sequence[Subscription]]) -> MyDay:
    """Return what concerns the person. `subscribed` has the subscriptions of their channels, by channel id.

    A story is new if its alert came after the person last opened Home.
    """
    channels = await tx.channels.by_ids(subscribed)
    last = await tools.deferred.note_brief_read(tx, call.workspace.id, call.person.external_id, _SUBJECT, call.now)
    stories = await _stories(tx, call, channels, last)
    topic_ids = sorted({each.topic_id for subscriptions in subscribed.values() for each in subscriptions})
    topics = await tx.topics.by_ids(topic_ids)
    matches = await tx.matches.of_articles([story.articles[0].id for story in stories[:_TOP]])
    rows = []
    for story in stories[:_TOP]:
        own = [match.topic_id for match in matches.get(story.articles[0].id, ()) if match.topic_id in topics]
        rows.append(_row(story, [topics[id] for id in own]))
    new = sum(story.is_new for story in stories)
    summary = "No alert in your channels in the last 24 hours."
    if stories:
        followed = sum(story.is_followed for story in stories)
        summary = f"{counted(len(stories), 'story', 'stories')} in 24 hours · {new} new to you · {followed} you follow."
    chart = None
    if topic_ids:
        days = await mentions_by_day(tx, call.workspace.id, topic_ids, until=call.now, zone=call.zone)
        chart = days_chart([("Your topics", days)], until=call.now, zone=call.zone)
    return MyDay(
        stories=Listing(title="Your day", summary=summary, rows=tuple(rows), more=max(len(stories) - _TOP, 0)),
        chart=chart,
    )


async def _stories(tx: Tx, call: Call, channels: Mapping[int, Channel], last: datetime | None) -> list[_Story]:
    """Return the stories of the day's alerts: new ones first, then followed ones, then those with most publishers."""
    alerts: list[Delivery] = []
    for channel_id in channels:
        alerts += await tx.deliveries.recent_alerts(channel_id, since=call.now - _DAY, limit=_MAX_ALERTS)
    alerts.sort(key=lambda alert: alert.id, reverse=True)
    followed = await tx.follows.of_person(call.workspace.id, call.person.external_id)
    found = []
    for story_id, own in _by_story(alerts[:_MAX_ALERTS]).items():
        articles = await tx.articles.of_story(story_id, call.workspace.id)
        if articles:
            found.append(
                _Story(
                    articles=articles,
                    channels=tuple(dict.fromkeys(channels[alert.channel_id].label for alert in own)),
                    is_new=last is None or max(alert.created_at for alert in own) > last,
                    is_followed=story_id in followed,
                )
            )
    return sorted(found, key=lambda story: (not story.is_new, not story.is_followed, -story.outlets))


def _by_story(alerts: Iterable[Delivery]) -> dict[int, list[Delivery]]:
    by_story: dict[int, list[Delivery]] = {}
    for alert in alerts:
        if alert.story_id is not None:
            by_story.setdefault(alert.story_id, []).append(alert)
    return by_story


def _row(story: _Story, topics: Sequence[Topic]) -> Row:
    lead = story.articles[0]
    parts = [
        *(["new"] if story.is_new else []),
        *(["you follow it"] if story.is_followed else []),
        *([" · ".join(topic.title for topic in topics)] if topics else []),
        counted(story.outlets, "source"),
        ", ".join(story.channels),
    ]
    buttons = tuple(Button(label="Brief", action=f"brief:{topic.id}:7d") for topic in topics[:1])
    return Row(title=lead.title, url=lead.url, detail=" · ".join(parts), buttons=buttons)
