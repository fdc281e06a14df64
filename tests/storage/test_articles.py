"""Sources, articles, arrivals, matches and topics: stored once, seen only where they may be."""

from datetime import datetime, timedelta

import pytest

from storage.records import (
    SHARED,
    ArrivalState,
    Evidence,
    Match,
    SourceKind,
    SourceState,
)
from storage.rows import Missing
from storage.store import Store, Tx
from tests.support.stores import make_article, make_channel, make_source, make_story, make_topic, make_workspace

DAY = timedelta(days=1)
LEASE = timedelta(minutes=5)


def _match(article_id: int, topic_id: int, *, score: float = 1.0) -> Match:
    evidence = Evidence(field="title", start=0, end=6, text="Huawei")
    return Match(
        article_id=article_id, topic_id=topic_id, evidence=(evidence,), score=score, trace={"any": [True, "华为"]}
    )


async def test_a_source_is_made_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, created = await tx.sources.ensure(
            workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox", now=now
        )
        again, repeated = await tx.sources.ensure(
            workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Other", now=now + DAY
        )

    assert (created, repeated) == (True, False)
    assert again == first
    assert first.next_poll_at is None


async def test_a_due_feed_is_claimed_by_one_until_its_lease_ends(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        late = await make_source(tx, now, "https://late.example/")
        early = await make_source(tx, now - DAY, "https://early.example/")
        paused = await make_source(tx, now, "https://paused.example/")
        await tx.sources.update(paused.id, state=SourceState.PAUSED)
        await tx.sources.ensure(
            workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox", now=now, next_poll_at=now
        )

        one = await tx.sources.claim_due(now, lease=LEASE, limit=1)
        rest = await tx.sources.claim_due(now, lease=LEASE, limit=9)

        assert [source.id for source in (*one, *rest)] == [early.id, late.id]
        assert one[0].leased_until == now + LEASE
        assert await tx.sources.claim_due(now, lease=LEASE, limit=9) == ()
        await tx.sources.update(late.id, leased_until=None, next_poll_at=now + DAY, usual_gap=timedelta(hours=3))
        expired = await tx.sources.claim_due(now + LEASE, lease=LEASE, limit=9)
        assert [source.id for source in expired] == [early.id]
        updated = await tx.sources.get(late.id)
        assert updated is not None
        assert updated.usual_gap == timedelta(hours=3)


async def test_a_removed_source_keeps_its_articles_and_can_come_back(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        empty = await make_source(tx, now, "https://empty.example/")
        await tx.sources.remove(empty.id)
        assert await tx.sources.get(empty.id) is None

        article = await make_article(tx, now)
        await tx.sources.update(article.source_id, etag='"1"', first_read_at=now)
        await tx.sources.remove(article.source_id)

        assert await tx.sources.visible(SHARED) == ()
        assert await tx.sources.find(SHARED, "https://news.example/feed") is None
        assert await tx.sources.claim_due(now + DAY, lease=LEASE, limit=9) == ()
        kept = await tx.sources.get(article.source_id)
        assert kept is not None
        assert kept.state is SourceState.GONE
        back, created = await tx.sources.ensure(
            workspace_id=SHARED, kind=SourceKind.FEED, url=kept.url, title="New", now=now + DAY
        )
        assert created
        assert (back.id, back.state, back.etag, back.first_read_at) == (kept.id, SourceState.ACTIVE, None, None)


async def test_only_columns_that_may_change_are_changed(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)
        for wrong in ({"created_at": now}, {"workspace_id": 9}, {"colour": "red"}):
            with pytest.raises(TypeError, match="cannot change"):
                await tx.sources.update(source.id, **wrong)
        with pytest.raises(Missing):
            await tx.sources.update(source.id + 1, title="x")


async def test_naive_times_are_refused(store: Store, now: datetime) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        async with store.begin() as tx:
            await make_source(tx, now.replace(tzinfo=None))


async def test_an_article_is_read_back_as_it_was_stored(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        made = await make_article(tx, now, "Huawei 华为 «plant» 🚀")

        assert await tx.articles.get(made.id) == made
        assert list(await tx.articles.by_ids([99, made.id])) == [made.id]
        assert made.highlights == ("One point",)
        assert made.published_at == now
        assert made.published_at.tzinfo is not None


async def test_the_first_known_key_names_the_article_and_shared_comes_first(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        shared = await make_article(tx, now, "Shared", keys=("guid:1", "url:1"))
        private = await make_article(tx, now, "Private", workspace_id=home.id, keys=("url:1", "url:2"))
        other = await make_article(tx, now, "Other", keys=("url:1", "url:3", "url:3"))

        async def known(*keys: str, workspaces: tuple[int, ...] = (SHARED, home.id)) -> int | None:
            found = await tx.articles.by_keys(workspaces, keys)
            return None if found is None else found.id

        assert await known("url:9") is None
        assert await known("url:9", "url:1") == shared.id
        assert await known("url:2", "url:1") == private.id
        assert await known("url:1", workspaces=(home.id,)) == private.id
        assert await known("url:2", workspaces=(SHARED,)) is None
        assert await known("url:3") == other.id
        await tx.articles.add_keys(SHARED, shared.id, ["url:9", "url:3"])
        assert await known("url:9") == shared.id
        assert await known("url:3") == other.id


async def test_a_revision_changes_the_words_and_keeps_the_rest(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        made = await make_article(tx, now)
        revised = await tx.articles.revise(
            made.id, title="New", text="New text", highlights=[], features=b"2", revised_at=now + DAY
        )

        assert (revised.title, revised.highlights, revised.revised_at) == ("New", (), now + DAY)
        assert (revised.url, revised.received_at) == (made.url, now)


async def test_no_workspace_sees_the_articles_of_another(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        story, topic = await make_story(tx, now), await make_topic(tx, now)
        secret = await make_article(tx, now, "Secret", workspace_id=theirs.id, received_at=now + DAY, story_id=story.id)
        await tx.matches.add_many([_match(story.lead_article_id, topic.id)])
        await tx.matches.add_many([_match(secret.id, topic.id)])

        seen = [article.id for article in await tx.articles.recent(mine.id, since=now - DAY, limit=9)]
        assert seen == [story.lead_article_id]
        assert [article.id for article in await tx.articles.of_story(story.id, mine.id)] == seen
        assert len(await tx.articles.of_story(story.id, theirs.id)) == 2
        for workspace, seen_of_source in ((mine, ()), (theirs, (secret,))):
            found = await tx.articles.by_urls(workspace.id, [secret.url or ""], limit=9)
            assert [article.id for article in found] == [article.id for article in seen_of_source]
            found = await tx.articles.of_source(secret.source_id, workspace.id, limit=9)
            assert [article.id for article in found] == [article.id for article in seen_of_source]
        assert await tx.articles.last_received_at(mine.id) == now
        assert await tx.articles.count(mine.id, now) == 1
        assert await tx.matches.article_ids(topic.id, mine.id, since=None) == tuple(seen)
        assert await tx.matches.article_ids(topic.id, theirs.id, since=None) == (secret.id, *seen)
        assert await tx.matches.times(topic.id, mine.id, since=None) == (now,)
        assert await tx.matches.counts(mine.id, since=None) == {topic.id: 1}
        assert await tx.matches.counts(theirs.id, since=None, until=now + DAY) == {topic.id: 1}
        assert await tx.matches.first_received_at(topic.id, theirs.id) == now
        await tx.sources.ensure(workspace_id=theirs.id, kind=SourceKind.FEED, url="https://x", title="X", now=now)
        assert len(await tx.sources.visible(mine.id)) == 1


async def test_the_story_index_reads_features_in_order(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        old = await make_article(tx, now, "Old", received_at=now - 9 * DAY)
        new = [await make_article(tx, now, f"New {number}") for number in range(3)]

        rows = await tx.articles.features_after(received_after=now - DAY)
        assert [row.id for row in rows] == [article.id for article in new]
        assert rows[0].features == b"features"
        rest = await tx.articles.features_after(received_after=now - DAY, ids_after=new[1].id)
        assert [row.id for row in rest] == [new[2].id]
        assert len(await tx.articles.features_after(received_after=old.received_at)) == 4


async def test_an_arrival_is_counted_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)

        async def arrive(key: str) -> bool:
            return await tx.arrivals.add(
                source_id=source.id, key=key, origin="feed", state=ArrivalState.FAILED, reason="x", received_at=now
            )

        assert [await arrive("a"), await arrive("a"), await arrive("b")] == [True, False, True]
        assert [arrival.key for arrival in await tx.arrivals.recent(source.id, 9)] == ["b", "a"]


async def test_matches_are_refreshed_and_replaced(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        one, two = await make_topic(tx, now, "one"), await make_topic(tx, now, "two")
        first, second = await make_article(tx, now, "First"), await make_article(tx, now, "Second")
        await tx.matches.add_many([_match(first.id, one.id), _match(first.id, two.id)])
        await tx.matches.add_many([_match(first.id, one.id, score=2.0)])

        assert [match.score for match in await tx.matches.of_article(first.id)] == [2.0, 1.0]
        assert (await tx.matches.of_article(first.id))[0].evidence[0].text == "Huawei"
        await tx.matches.replace_for_topic(one.id, [_match(second.id, one.id), _match(999, one.id)])
        found = await tx.matches.of_articles([first.id, second.id])
        assert {id: [match.topic_id for match in matches] for id, matches in found.items()} == {
            first.id: [two.id],
            second.id: [one.id],
        }
        await tx.matches.replace_for_article(first.id, [_match(first.id, one.id)])
        assert [match.topic_id for match in await tx.matches.of_article(first.id)] == [one.id]


async def _names(tx: Tx, workspace_id: int, *names: str) -> list[str | None]:
    found = [await tx.topics.find(workspace_id, name) for name in names]
    return [None if topic is None else f"{topic.workspace_id and 'own'}:{topic.name}" for topic in found]


async def test_a_topic_is_found_by_name_title_or_alias_the_own_one_first(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        await tx.topics.add(
            workspace_id=SHARED, name="huawei", title="Huawei Co", query="huawei", aliases=["华为", "HUA WEI"], now=now
        )
        await tx.topics.add(workspace_id=home.id, name="mine", title="Mine", query="x", aliases=["华为"], now=now)

        assert await _names(tx, home.id, "Huawei", "huawei  co", "hua wei", "华为", "nothing") == [
            "0:huawei",
            "0:huawei",
            "0:huawei",
            "own:mine",
            None,
        ]
        assert await _names(tx, SHARED, "华为", "mine") == ["0:huawei", None]
        assert [topic.title for topic in await tx.topics.visible(home.id)] == ["Huawei Co", "Mine"]


async def test_a_name_is_taken_once_and_every_change_is_a_new_version(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home, other = await make_workspace(tx, now), await make_workspace(tx, now, "other")
        versions = [await tx.topics.version()]
        shared = await make_topic(tx, now, "huawei")
        versions.append(await tx.topics.version())
        taken = await tx.topics.add(workspace_id=home.id, name="huawei", title="H", query="h", now=now)
        assert taken is None
        own = await make_topic(tx, now, "own", workspace_id=home.id)
        await make_topic(tx, now, "own", workspace_id=other.id)
        assert await tx.topics.add(workspace_id=home.id, name="own", title="O", query="o", now=now) is None
        versions.append(await tx.topics.version())
        await tx.topics.update(own.id, query="other", aliases=("a",))
        versions.append(await tx.topics.version())
        await tx.matches.add_many([_match((await make_article(tx, now)).id, shared.id)])
        await tx.topics.remove(shared.id)
        await tx.topics.remove(shared.id)
        versions.append(await tx.topics.version())

        assert versions == [0, 1, 3, 4, 5]
        assert await tx.matches.counts(home.id, since=None) == {}
        assert list(await tx.topics.by_ids([own.id, shared.id])) == [own.id]


async def test_who_knows_a_version_of_the_topics_reads_only_what_is_newer(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, second = await make_topic(tx, now, "a"), await make_topic(tx, now, "b")
        known = await tx.topics.version()
        third = await make_topic(tx, now, "c")
        edited = await tx.topics.update(first.id, query="other")
        await tx.topics.remove(second.id)

        assert await tx.topics.changed_since(-1, after=0, limit=9) == (edited, third)
        assert await tx.topics.changed_since(known, after=0, limit=9) == (edited, third)
        assert await tx.topics.changed_since(known, after=0, limit=1) == (edited,)
        assert await tx.topics.changed_since(known, after=first.id, limit=9) == (third,)
        assert await tx.topics.changed_since(await tx.topics.version(), after=0, limit=9) == ()
        assert await tx.topics.count() == 2
        assert await tx.topics.ids() == {first.id, third.id}


async def test_a_removed_workspace_takes_only_what_was_its_own(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, shared = await make_channel(tx, now), await make_story(tx, now)
        home = channel.workspace_id
        private = await make_story(tx, now, workspace_id=home, title="Private")
        await make_topic(tx, now, "own", workspace_id=home)
        source = await make_source(tx, now, workspace_id=home)
        for number, article_id in enumerate((shared.lead_article_id, private.lead_article_id)):
            await tx.arrivals.add(
                source_id=source.id if number else (await make_source(tx, now)).id,
                key="k",
                origin="feed",
                state=ArrivalState.MATCHED,
                article_id=article_id,
                received_at=now,
            )
        await tx.stories.merge(private.id, shared.id, now)

        await tx.workspaces.remove(home)

        assert await tx.channels.get(channel.id) is None
        assert len(await tx.articles.recent(SHARED, since=now, limit=9)) == 1
        assert len(await tx.sources.all()) == 1
        assert await tx.topics.all() == ()
        assert (await tx.ledger.totals()).agrees
        again = await make_workspace(tx, now)
        assert again.id != home
