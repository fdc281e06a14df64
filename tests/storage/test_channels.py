"""Workspaces, channels, subscriptions, outcomes, what people said, and the console's messages."""

from datetime import datetime, time, timedelta

import pytest

from storage.records import SHARED, ChangeRule, ChannelState, HeldReason, OutcomeState, Pace, Platform
from storage.rows import Missing
from storage.store import Store
from tests.support.stores import make_article, make_channel, make_story, make_topic, make_workspace

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def test_a_workspace_is_made_once_and_keeps_its_settings(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        made = await tx.workspaces.ensure(Platform.SLACK, "T1", "Old name", now=now, time_zone="Europe/Berlin")
        await tx.workspaces.update(
            made.id,
            quiet_from=time(22, 30),
            quiet_until=time(7, 0),
            languages=("de", "en"),
            change_rule=ChangeRule.ANYONE,
        )
        again = await tx.workspaces.ensure(Platform.SLACK, "T1", "New name", now=now + DAY)
        other = await tx.workspaces.ensure(Platform.DISCORD, "T1", "Other", now=now)

        assert again.id == made.id != other.id
        assert (again.name, again.time_zone, again.quiet_from) == ("New name", "Europe/Berlin", time(22, 30))
        assert (again.languages, again.change_rule, again.created_at) == (("de", "en"), ChangeRule.ANYONE, now)
        assert await tx.workspaces.get(made.id) == again
        assert await tx.workspaces.all() == (again, other)
        with pytest.raises(Missing):
            await tx.workspaces.get(99)
        assert SHARED not in [workspace.id for workspace in await tx.workspaces.all()]


async def test_a_channel_that_is_gone_is_not_revived_by_a_message(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await tx.channels.update(channel.id, state=ChannelState.GONE, gone_reason="archived")

        again = await tx.channels.ensure(channel.workspace_id, "general", "renamed", now=now)

        assert (again.id, again.state, again.name) == (channel.id, ChannelState.GONE, "renamed")
        assert (again.platform, again.workspace_external_id) == (Platform.CONSOLE, "local")
        assert await tx.channels.of(channel.workspace_id) == (again,)


async def test_due_digests_are_found_and_the_next_one_is_known(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        names = {"due": now, "later": now + DAY, "gone": now, "none": None}
        for name, at in names.items():
            channel = await make_channel(tx, now, name)
            await tx.channels.update(channel.id, next_digest_at=at, digest_time=time(8, 30), digest_days=(0, 4))
            if name == "gone":
                await tx.channels.update(channel.id, state=ChannelState.GONE)

        due = await tx.channels.due_digests(now)
        assert [(channel.name, channel.digest_time, channel.digest_days) for channel in due] == [
            ("due", time(8, 30), (0, 4))
        ]
        assert await tx.channels.next_digest_at() == now
        await tx.channels.update(due[0].id, next_digest_at=None)
        assert await tx.channels.next_digest_at() == now + DAY


async def test_a_lease_is_exclusive_paced_and_ends(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)

        async def lease(owner: str, at: datetime) -> bool:
            return await tx.channels.lease(channel.id, owner=owner, now=at, until=at + MINUTE)

        assert await lease("a", now)
        assert not await lease("b", now)
        await tx.channels.release(channel.id, owner="b", next_post_at=now + DAY)
        assert not await lease("b", now)
        assert await lease("b", now + MINUTE)
        await tx.channels.release(channel.id, owner="a")
        assert not await lease("a", now + MINUTE)
        await tx.channels.release(channel.id, owner="b", next_post_at=now + 2 * MINUTE)
        assert not await lease("a", now + MINUTE)
        assert await lease("a", now + 2 * MINUTE)


async def test_a_topic_is_subscribed_once_and_gone_channels_do_not_count(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        here, gone = await make_channel(tx, now, "here"), await make_channel(tx, now, "gone")
        topic, other = await make_topic(tx, now), await make_topic(tx, now, "other")
        made = {}
        for channel in (here, gone):
            made[channel.id], created = await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now, languages=["en"]
            )
            assert created
        again, created = await tx.subscriptions.ensure(
            channel_id=here.id, topic_id=topic.id, pace=Pace.DAILY, created_by="U2", now=now
        )
        assert (again, created) == (made[here.id], False)
        await tx.channels.update(gone.id, state=ChannelState.GONE)

        assert await tx.subscriptions.for_topics([topic.id, other.id]) == ((made[here.id], here),)
        assert await tx.subscriptions.for_topics([]) == ()
        assert await tx.subscriptions.pause_channel(here.id, "no right to post") == 1
        assert await tx.subscriptions.pause_channel(here.id, "again") == 0
        paused = await tx.subscriptions.get(again.id)
        assert paused is not None
        assert paused.paused_reason == "no right to post"
        weekly = await tx.subscriptions.update(again.id, pace=Pace.WEEKLY, paused_reason=None)
        assert await tx.subscriptions.of_channel(here.id) == (weekly,)
        await tx.subscriptions.remove(again.id)
        assert await tx.subscriptions.of_channel(here.id) == ()


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


async def test_what_people_said_counts_once_and_moves_with_a_merged_story(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        old, new = await make_story(tx, now, title="Old"), await make_story(tx, now, title="New")
        mutes, follows, subject = tx.mutes, tx.follows, f"story:{old.id}"

        assert [await mutes.add(channel.id, subject, "U1", now) for _ in range(2)] == [True, False]
        for _ in range(2):
            await follows.set(channel.id, old.id, "U2", now)
        await follows.set(channel.id, old.id, "U1", now + MINUTE)
        await follows.set(channel.id, new.id, "U1", now + DAY)
        assert [await tx.feedback.add(channel.id, old.id, "U1", now) for _ in range(2)] == [True, False]

        await tx.stories.merge(old.id, new.id, now)

        assert await mutes.among(channel.id, [subject, f"story:{new.id}", "source:1"]) == {f"story:{new.id}"}
        assert await follows.to_mention(channel.id, new.id) == ("U2", "U1")
        assert await follows.to_mention(channel.id, old.id) == ()
        assert await tx.feedback.count([new.id], workspace_id=channel.workspace_id) == 1
        assert await follows.remove(channel.workspace_id, new.id, "U2")
        assert not await follows.remove(channel.workspace_id, new.id, "U2")
        assert await mutes.remove(channel.id, f"story:{new.id}")
        assert not await mutes.remove(channel.id, f"story:{new.id}")


async def test_merging_moves_articles_through_a_chain_of_stories(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, second, third = [await make_story(tx, now, title=title) for title in ("A", "B", "C")]
        await tx.stories.merge(first.id, second.id, now + MINUTE)
        await tx.stories.merge(second.id, third.id, now + DAY)

        for story in (first, second, third):
            found = await tx.stories.get(story.id)
            assert found is not None
            assert found.id == third.id
        kept = (await tx.stories.by_ids([third.id]))[third.id]
        assert (kept.started_at, kept.updated_at) == (now, now + DAY)
        assert len(await tx.articles.of_story(third.id, SHARED)) == 3
        await tx.stories.touch([third.id], now)
        assert (await tx.stories.by_ids([third.id]))[third.id].updated_at == now + DAY


async def test_a_brief_remembers_when_it_was_read_last(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = (await make_channel(tx, now)).workspace_id
        await tx.brief_reads.record({})
        await tx.brief_reads.record({(home, "U1", "huawei"): now, (home, "U2", "huawei"): now})
        await tx.brief_reads.record({(home, "U1", "huawei"): now + DAY})

        assert await tx.brief_reads.last(home, "U1", "huawei") == now + DAY
        assert await tx.brief_reads.last(home, "U2", "huawei") == now
        assert await tx.brief_reads.last(home, "U1", "5g") is None


async def test_a_draft_is_seen_by_its_workspace_until_it_is_forgotten(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        key = await tx.drafts.save(mine.id, {"query": '华为 OR "x"'}, now)

        assert len(key) <= 25
        assert await tx.drafts.get(key, mine.id) == {"query": '华为 OR "x"'}
        assert await tx.drafts.get(key, theirs.id) is None
        assert await tx.drafts.delete_before(now) == 0
        assert await tx.drafts.delete_before(now + DAY) == 1
        assert await tx.drafts.get(key, mine.id) is None


async def test_the_console_posts_a_key_once_and_tells_what_changed(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, console = await make_channel(tx, now), tx.console
        first = await console.post(channel.id, "k1", {"text": "one"}, now=now)
        assert await console.post(channel.id, "k1", {"text": "other"}, now=now + DAY) == first
        second = await console.post(channel.id, "k2", {"text": "two"}, now=now + MINUTE)
        reply = await console.post(channel.id, "k3", {"text": "reply"}, first, now=now + 2 * MINUTE)

        assert await console.find(channel.id, "k1") == first
        assert await console.find(channel.id, "k9") is None
        assert [message.id for message in await console.history(channel.id, limit=9)] == [first, second]
        assert [message.id for message in await console.history(channel.id, limit=1)] == [second]
        assert [message.id for message in await console.history(channel.id, limit=9, before=second)] == [first]
        assert [message.id for message in await console.thread(first)] == [reply]
        assert await console.edit(first, {"text": "edited"}, now + DAY)
        assert not await console.edit(999, {}, now)
        changed = await console.changed_after([channel.id], now + MINUTE)
        assert [(message.id, message.body["text"]) for message in changed] == [(reply, "reply"), (first, "edited")]
        edited = await console.get(first)
        assert edited is not None
        assert (edited.posted_at, edited.changed_at) == (now, now + DAY)


async def test_named_values_are_kept(store: Store) -> None:
    async with store.begin() as tx:
        assert await tx.meta.get("greeted") is None
        await tx.meta.set("greeted", "yes")
        await tx.meta.set("greeted", "no")
        assert await tx.meta.get("greeted") == "no"
