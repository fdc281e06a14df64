"""Topics that were stopped at an article: recorded, and reported once to the workspace that owns the topic."""

import logging
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from handlers.answers.answer import Notice
from handlers.answers.parts import Button
from handlers.queries.notices import enqueue_notice, notice_channel
from handlers.topics.index.budget import SIMPLIFY
from storage.records import Topic
from storage.store import Tx

logger = logging.getLogger(__name__)


async def record_stopped(
    tx: Tx, stopped: Mapping[int, Iterable[int]], topics: Mapping[int, Topic], now: datetime
) -> None:
    """Record which topics were stopped at each article, all by id. A topic's first stop is reported to its workspace.

    `now` (UTC) is the time of the stops.
    """
    for topic_id in sorted(await tx.stops.add(stopped, now)):
        logger.warning("Topic %s was stopped at an article because its query is too complex", topic_id)
        await _report(tx, topics[topic_id], now)


async def _report(tx: Tx, topic: Topic, now: datetime) -> None:
    channel = await notice_channel(tx, topic.workspace_id, topic_id=topic.id)
    if channel is None:
        return
    notice = Notice(
        text=f"{topic.title} was stopped at an article because its query is too complex, so I can't say whether it "
        f"matches. {SIMPLIFY} /topics show {topic.name} counts the articles; you get this message only once.",
        buttons=(Button(label="Test", action=f"test:{topic.id}"),),
    )
    query = zlib.crc32("\n".join((topic.query, *topic.aliases)).encode("utf-8", "surrogatepass"))
    await enqueue_notice(tx, channel, f"topic:{topic.id}:stopped:{query:x}", notice, now)
