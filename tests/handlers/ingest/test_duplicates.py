"""A guid that one feed gives to two articles, or two sites to one article each: both are stored, neither is edited."""

import pytest

from storage.store import Store
from tests.support.world import flood, huawei, watching


@pytest.mark.parametrize("guid", ["1", "https://staging.example/?p=1"])
@pytest.mark.parametrize("site", ["https://example.org/b", "https://example.net/b"])
async def test_a_guid_used_again_for_another_article_edits_nothing(sqlite_store: Store, guid: str, site: str) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei(guid=guid, url="https://example.org/a"))
    await world.post()

    (other,) = await world.take(flood(guid=guid, url=site))
    (again,) = await world.take(flood(guid=guid, url=site))
    await world.post()

    assert (other.state, again.state) == ("new", "known")
    assert other.article is not None
    assert again.article == other.article
    (alert,) = world.alerts(channel)
    assert alert.headline.text == huawei().title
    assert not alert.revised
    assert (await world.ledger()).agrees
