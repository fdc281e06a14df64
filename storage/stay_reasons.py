"""Finds out which old articles people still see or have decided about, so that they stay longer than others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, select

from storage.records import DeliveryKind, DeliveryState, OldArticle, StayReason
from storage.rows import Collection
from storage.tables import deliveries, feedback, follows, mutes, outcomes, story_corrections

_DIGEST_DELAY: Final = timedelta(days=9)
"""A digest quotes an article at most this long after it was decided: a weekly one, sent late."""
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ENDED = (DeliveryState.SENT, DeliveryState.DEAD)

# Built once, because each step of pruning runs all of them.
_DECIDED = select(outcomes.c.article_id, outcomes.c.channel_id, outcomes.c.story_id, outcomes.c.decided_at).where(
    outcomes.c.article_id.in_(_IDS)
)
_CORRECTED = select(story_corrections.c.article_id, story_corrections.c.story_id).where(
    story_corrections.c.article_id.in_(_IDS)
)
_PENDING = select(deliveries.c.story_id).where(deliveries.c.story_id.in_(_IDS), deliveries.c.state.not_in(_ENDED))
_POSTED = select(deliveries.c.story_id).where(
    deliveries.c.story_id.in_(_IDS), deliveries.c.kind == DeliveryKind.ALERT, deliveries.c.state == DeliveryState.SENT
)
_FOLLOWED = select(follows.c.story_id).where(follows.c.story_id.in_(_IDS))
_FEEDBACK = select(feedback.c.story_id).where(feedback.c.story_id.in_(_IDS))
_MUTED = select(mutes.c.subject).where(mutes.c.subject.in_(_IDS))
_DIGESTS = select(deliveries.c.sent_at, deliveries.c.body).where(
    deliveries.c.channel_id == bindparam("channel"),
    deliveries.c.kind == DeliveryKind.DIGEST,
    deliveries.c.state == DeliveryState.SENT,
    deliveries.c.sent_at >= bindparam("since", type_=deliveries.c.sent_at.type),
    deliveries.c.sent_at < bindparam("until", type_=deliveries.c.sent_at.type),
)


class StayReasons(Collection):
    async def of(self, articles: Sequence[OldArticle]) -> dict[int, StayReason]:
        """Return why articles stay, by article id. Those that nothing keeps are left out."""
        ids = [article.id for article in articles]
        decided = await self._all(_DECIDED, {"ids": ids})
        corrected = await self._all(_CORRECTED, {"ids": ids})
        stories = _stories(articles, (*decided, *corrected))
        story_ids = sorted({story for own in stories.values() for story in own})
        subjects = [f"story:{story_id}" for story_id in story_ids]
        muted = {int(row.subject.removeprefix("story:")) for row in await self._some(_MUTED, subjects)}
        own_corrections = {row.article_id for row in corrected}
        found: dict[int, StayReason] = {}
        for reason, kept in (
            (StayReason.PENDING, _having(stories, await self._stories(_PENDING, story_ids))),
            (StayReason.POSTED, _having(stories, await self._stories(_POSTED, story_ids))),
            (StayReason.FOLLOWED, _having(stories, await self._stories(_FOLLOWED, story_ids))),
            (StayReason.MUTED, _having(stories, muted)),
            (StayReason.CORRECTED, own_corrections | _having(stories, await self._stories(_FEEDBACK, story_ids))),
        ):
            for id in kept:
                found.setdefault(id, reason)
        quoted = await self._quoted([row for row in decided if row.article_id not in found])
        return found | dict.fromkeys(quoted, StayReason.DIGEST)

    async def _some(self, statement: Select[Any], ids: Iterable[Any]) -> Sequence[Any]:
        wanted = list(ids)
        return await self._all(statement, {"ids": wanted}) if wanted else ()

    async def _stories(self, statement: Select[Any], story_ids: Iterable[int]) -> set[int]:
        return {row.story_id for row in await self._some(statement, story_ids)}

    async def _quoted(self, decided: Iterable[Any]) -> set[int]:
        """Return the articles whose story a digest of their channel quotes."""
        by_channel: dict[int, list[Any]] = {}
        for row in decided:
            by_channel.setdefault(row.channel_id, []).append(row)
        quoted: set[int] = set()
        for channel_id, rows in by_channel.items():
            times = [row.decided_at for row in rows]
            period = {"since": min(times), "until": max(times) + _DIGEST_DELAY}
            for digest in await self._all(_DIGESTS, {"channel": channel_id, **period}):
                listed = set(_story_ids(digest.body))
                quoted |= {
                    row.article_id for row in rows if row.story_id in listed and row.decided_at <= digest.sent_at
                }
        return quoted


def _stories(articles: Iterable[OldArticle], assigned: Iterable[Any]) -> dict[int, set[int]]:
    """Return the stories of each article, in any workspace or channel."""
    found = {article.id: set() if article.story_id is None else {article.story_id} for article in articles}
    for row in assigned:
        found[row.article_id].add(row.story_id)
    return found


def _having(stories: Mapping[int, set[int]], wanted: set[int]) -> set[int]:
    return {article_id for article_id, own in stories.items() if not wanted.isdisjoint(own)} if wanted else set()


def _story_ids(body: Any) -> Iterable[int]:
    """Yield the ids of the stories in a serialized post."""
    if isinstance(body, Mapping):
        if isinstance(body.get("story_id"), int):
            yield body["story_id"]
        for value in body.values():
            yield from _story_ids(value)
    elif isinstance(body, list):
        for value in body:
            yield from _story_ids(value)
