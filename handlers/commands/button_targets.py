"""What a button's id stands for, in the asker's own workspace; anything else is refused as gone."""

from typing import Any, Final

from handlers.answers.answer import Post
from handlers.answers.errors import UserError
from handlers.answers.serialize import DeserializeError, deserialize
from handlers.commands.brief import subject_of
from handlers.commands.call import Call, Tools, number
from handlers.queries.subjects import Subject
from handlers.sources.feeds.discover import FoundFeed
from storage.records import SHARED, Channel, Platform, Source, Story, Subscription, Topic
from storage.store import Tx

_GONE: Final = "is not there any more; perhaps someone removed it meanwhile."


async def subject_at(tools: Tools, call: Call, ref: str) -> Subject:
    async with tools.store.read() as tx:
        subject = await subject_of(tx, call, ref)
    if subject is None:
        raise UserError(f"That topic {_GONE} /topics list shows what there is.")
    return subject


async def topic_at(tools: Tools, call: Call, id: str) -> Topic:
    async with tools.store.read() as tx:
        topic = await tx.topics.get(number(id))
    if topic is None or topic.workspace_id not in (SHARED, call.workspace.id):
        raise UserError(f"That topic {_GONE} /topics list shows what there is.")
    return topic


async def subscription_at(tx: Tx, call: Call, id: str) -> tuple[Subscription, Channel, Topic]:
    """One of this workspace's. Raises: UserError."""
    subscription = await tx.subscriptions.get(number(id))
    channel = None if subscription is None else await tx.channels.get(subscription.channel_id)
    topic = None if subscription is None else await tx.topics.get(subscription.topic_id)
    if subscription is None or channel is None or topic is None or not _is_seen(call, channel):
        raise UserError(f"That subscription {_GONE} /subscriptions shows what this channel gets.")
    return subscription, channel, topic


async def call_about(tools: Tools, call: Call, id: str) -> Call:
    """The call, about another channel of this workspace."""
    async with tools.store.read() as tx:
        channel = await tx.channels.get(number(id))
    if channel is None or not _is_seen(call, channel):
        raise UserError("That channel is not there any more.")
    return moved(call, channel)


def _is_seen(call: Call, channel: Channel) -> bool:
    """A channel of this workspace; direct messages are their own person's."""
    is_own = channel.person in (None, call.person.external_id) or call.workspace.platform is Platform.CONSOLE
    return is_own and channel.workspace_id == call.workspace.id


def moved(call: Call, channel: Channel, **options: str) -> Call:
    return Call(
        workspace=call.workspace,
        here=call.here,
        channel=channel,
        person=call.person,
        now=call.now,
        options=options,
    )


async def story_at(tx: Tx, call: Call, id: str) -> Story:
    story = await tx.stories.get(number(id))
    if story is None or story.workspace_id not in (SHARED, call.workspace.id):
        raise UserError(f"That story {_GONE}")
    return story


async def source_at(tx: Tx, call: Call, id: str) -> Source:
    source = await tx.sources.get(number(id))
    if source is None or source.workspace_id not in (SHARED, call.workspace.id):
        raise UserError(f"That source {_GONE} /sources list shows what there is.")
    return source


def feed_draft(tx: Tx, feed: FoundFeed) -> dict[str, Any]:
    """What a button that adds the feed needs; a secret in its address is encrypted. Raises: SealError."""
    sealed = tx.addresses.encrypt_if_secret(feed.url)
    address = {"url": feed.url} if sealed is None else {"sealed": sealed.decode()}
    return {"feed": {"title": feed.title, **address}}


async def feed_at(tools: Tools, call: Call, key: str) -> FoundFeed:
    """The feed of such a draft. Raises: UserError, SealError."""
    async with tools.store.read() as tx:
        body = await tx.drafts.get(key, call.workspace.id)
    if body is None or "feed" not in body:
        raise UserError("That list is too old. Run /sources add again.")
    feed = body["feed"]
    url = tools.store.addresses.decrypt(feed["sealed"]) if "sealed" in feed else feed["url"]
    return FoundFeed(url=url, title=feed["title"], kind="feed")


async def shared_at(tools: Tools, call: Call, key: str) -> Post:
    async with tools.store.read() as tx:
        body = await tx.drafts.get(key, call.workspace.id)
    if body is None or "share" not in body:
        raise UserError("That answer is too old to share. Run the command again, then press Share.")
    try:
        return deserialize(body["share"])
    except DeserializeError as error:
        raise UserError("That answer is from an older version. Run the command again, then press Share.") from error
