"""Column types: times without a zone are refused."""

from datetime import datetime

import pytest

from storage.store import Store
from tests.support.stores import make_source


async def test_a_time_without_a_zone_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        async with store.begin() as tx:
            await make_source(tx, now.replace(tzinfo=None))
