"""Packed texts are stored compressed by SQLite, and read as they were written."""

import zlib
from datetime import datetime

import pytest
from sqlalchemy import text

from storage.articles import Revision
from storage.packing import pack, unpack
from storage.records import SHARED
from storage.store import Store
from tests.support.stores import make_article

TEXTS = (
    "",
    "short",
    "Huawei opened a plant. " * 50,
    "华为在布达佩斯附近开设工厂。" * 40,
    "\ud800" * 200,
    "é\n" * 32_768,
)


@pytest.mark.parametrize("content", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("like", ["", "huawei opened a plant", "é\n" * 40_000])
def test_a_text_is_read_as_it_was_packed(content: str, like: str) -> None:
    packed = pack(content, like=like)

    assert unpack(packed, like=like) == content
    assert len(packed) <= len(content.encode("utf-8", "surrogatepass"))


def test_a_text_that_was_packed_with_another_is_not_read_wrongly() -> None:
    packed = pack("Huawei opened a plant. " * 50, like="huawei opened a plant")

    with pytest.raises(zlib.error):
        unpack(packed, like="another text")


async def test_texts_of_articles_are_the_same_in_every_way_of_reading(store: Store, now: datetime) -> None:
    long = "Huawei opened a plant near Budapest. \x7f“Ünïcode” 华为\n\n" * 40
    async with store.begin() as tx:
        article = await make_article(tx, now)
        revision = Revision(title="Huawei", text=long, highlights=(), features=b"")
        revised = await tx.articles.revise(article.id, revision, revised_at=now)
        await tx.search.put(article.id, long.casefold())

        assert revised.text == long
        assert (await tx.articles.by_ids([article.id]))[article.id].text == long
        assert [found.text for found in await tx.articles.recent(SHARED, since=now, limit=1)] == [long]
        assert await tx.search.candidates([["a plant near"]], SHARED, since=None, limit=1) == (article.id,)
        if store.database == "sqlite":
            (stored,) = (await tx.connection.execute(text("SELECT length(text) FROM articles"))).one()
            assert stored < len(long) / 10
            assert await tx.search.words([article.id]) == {article.id: " ".join(long.casefold().split())}
