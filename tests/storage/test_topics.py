"""Topics: found by their names, stored once, and read again only if they have changed."""

from datetime import datetime

from storage.records import SHARED, Evidence, Match
from storage.store import Store, Tx
from storage.topics import NewTopic
from tests.support.stores import make_article, make_topic, make_workspace


def _match(article_id: int, topic_id: int, *, score: float = 1.0) -> Match:
    evidence = Evidence(field="title", start=0, end=6, text="Huawei")
    return Match(
        article_id=article_id, topic_id=topic_id, evidence=(evidence,), score=score, trace={"any": [True, "华为"]}
    )


async def _names(tx: Tx, workspace_id: int, *names: str) -> list[str | None]:
    found = [await tx.topics.find(workspace_id, name) for name in names]
    return [None if topic is None else f"{topic.workspace_id and 'own'}:{topic.name}" for topic in found]


async def test_a_topic_is_found_by_name_title_or_alias_and_own_topics_precede(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        await tx.topics.add(
            NewTopic(
                workspace_id=SHARED, name="huawei", title="Huawei Co", query="huawei", aliases=["华为", "HUA WEI"]
            ),
            now,
        )
        await tx.topics.add(NewTopic(workspace_id=home.id, name="mine", title="Mine", query="x", aliases=["华为"]), now)

        assert await _names(tx, home.id, "Huawei", "huawei  co", "hua wei", "华为", "nothing") == [
            "0:huawei",
            "0:huawei",
            "0:huawei",
            "own:mine",
            None,
        ]
        assert await _names(tx, SHARED, "华为", "mine") == ["0:huawei", None]
        assert [topic.title for topic in await tx.topics.visible(home.id)] == ["Huawei Co", "Mine"]


async def test_a_name_is_used_once_and_every_change_raises_the_version(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home, other = await make_workspace(tx, now), await make_workspace(tx, now, "other")
        versions = [await tx.topics.version()]
        shared = await make_topic(tx, now, "huawei")
        versions.append(await tx.topics.version())
        taken = await tx.topics.add(NewTopic(workspace_id=home.id, name="huawei", title="H", query="h"), now)
        assert taken is None
        own = await make_topic(tx, now, "own", workspace_id=home.id)
        await make_topic(tx, now, "own", workspace_id=other.id)
        assert await tx.topics.add(NewTopic(workspace_id=home.id, name="own", title="O", query="o"), now) is None
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


async def test_only_topics_changed_since_a_version_are_read_again(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, second = await make_topic(tx, now, "a"), await make_topic(tx, now, "b")
        version = await tx.topics.version()
        third = await make_topic(tx, now, "c")
        edited = await tx.topics.update(first.id, query="other")
        await tx.topics.remove(second.id)

        assert await tx.topics.changed_since(-1, after=0, limit=9) == (edited, third)
        assert await tx.topics.changed_since(version, after=0, limit=9) == (edited, third)
        assert await tx.topics.changed_since(version, after=0, limit=1) == (edited,)
        assert await tx.topics.changed_since(version, after=first.id, limit=9) == (third,)
        assert await tx.topics.changed_since(await tx.topics.version(), after=0, limit=9) == ()
        assert await tx.topics.count() == 2
        assert await tx.topics.ids() == {first.id, third.id}
