"""Outcomes: one for each article and channel, with a reason if it is held."""

from datetime import datetime, timedelta

import pytest

from storage.records import (
    HeldReason,
    OutcomeState,
)
from storage.store import Store
from tests.support.stores import make_article, make_channel, make_story

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_an_article_has_one_outcome_in_a_channel(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        late = await make_article(tx, now, "Late", story_id=story.id)

        async def decide(article_id: int, state: OutcomeState, reason: HeldReason | None, at: datetime) -> bool:
            return await tx.outcomes.add(
                channel_id=channel.id,
                article_id=article_id,
                story_id=story.id,
                state=state,
                reason=reason,
                decided_at=at,
            )

        assert await decide(story.lead_article_id, OutcomeState.ALERT, None, now)
        assert not await decide(story.lead_article_id, OutcomeState.HELD, HeldReason.QUIET, now)
        assert await decide(late.id, OutcomeState.HELD, HeldReason.BURST, now + MINUTE)
        with pytest.raises(ValueError, match="reason"):
            await decide(late.id, OutcomeState.HELD, None, now)

        found = await tx.outcomes.of_channel(channel.id, since=now, until=now + DAY)
        assert [(outcome.state, outcome.reason) for outcome in found] == [
            (OutcomeState.ALERT, None),
            (OutcomeState.HELD, HeldReason.BURST),
        ]
        assert await tx.outcomes.of_channel(channel.id, since=now, until=now + MINUTE) == found[:1]
        assert await tx.outcomes.count_alerts_of([channel.id], now) == {channel.id: 1}
        assert await tx.outcomes.count_alerts_of([channel.id], now + MINUTE) == {}
