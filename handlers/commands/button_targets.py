"""Load what the ids in a button's action refer to. Whatever does not belong to the caller's workspace is refused."""

from typing import Any, Final

from handlers.answers.answer import Post
from handlers.answers.errors import UserError
from handlers.answers.serialize import DeserializeError, deserialize
from handlers.commands.brief import subject_from_ref
from handlers.commands.call import HIGHEST_ID, Call, Tools
from handlers.queries.subjects import Subject
from handlers.sources.feeds.discover import FoundFeed
from storage.records import SHARED, Article, Channel, Platform, Source, Story, Subscription, Topic
from storage.store import Tx

OLD_BUTTON: Final = "This button is from an older version of the message. Run the command again for a fresh one."
_GONE: Final = "no longer exists; somebody may have removed it."
_NO_TOPIC: Final = f"That topic {_GONE} /topics list shows all topics."


def parse_id(text: str) -> int:
    """Return the id in a button's action. Raises: UserError if it is not one."""
    id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    if 0 <= id <= HIGHEST_ID:
        return id
    raise UserError(OLD_BUTTON)


async def load_subject(tools: Tools, call: Call, ref: str) -> Subject:
    """Return the topic or query of a reference (see `subject_ref`). Raises: UserError."""
    async with tools.store.read() as tx:
        subject = await subject_from_ref(tx, call, ref)
    if subject is None:
        raise UserError(_NO_TOPIC)
    return subject


async def load_topic(tools: Tools, call: Call, id: str) -> Topic:
    """Return a topic of the workspace or the catalogue. Raises: UserError."""
    async with tools.store.read() as tx:
        topic = await tx.topics.get(parse_id(id))
    if topic is None or topic.workspace_id not in (SHARED, call.workspace.id):
        raise UserError(_NO_TOPIC)
    return topic


async def load_subscription(tx: Tx, call: Call, id: str) -> tuple[Subscription, Channel, Topic]:
    """Return a subscription of the workspace with its channel and topic. Raises: UserError."""
    subscription = await tx.subscriptions.get(parse_id(id))
    channel = None if subscription is None else await tx.channels.get(subscription.channel_id)
    topic = None if subscription is None else await tx.topics.get(subscription.topic_id)
    if subscription is None or channel is None or topic is None or not _is_accessible(call, channel):
        raise UserError(f"That subscription {_gone(call)} /subscriptions shows what this channel gets.")
    return subscription, channel, topic


async def call_for_channel(tools: Tools, call: Call, id: str) -> Call:
    """Return the call, but about the channel with this id. Raises: UserError if the workspace has no such channel."""
    async with tools.store.read() as tx:
        channel = await tx.channels.get(parse_id(id))
    if channel is None or not _is_accessible(call, channel):
        raise UserError(f"That channel {_gone(call)}")
    return with_channel(call, channel)


def _gone(call: Call) -> str:
    """Return why something of a channel is not shown. On Slack, the channel may exist without the person knowing."""
    if call.workspace.platform is Platform.SLACK:
        return "no longer exists, or it belongs to a channel that you are not a member of."
    return _GONE


def _is_accessible(call: Call, channel: Channel) -> bool:
    """Return whether the channel belongs to the workspace and is not another person's direct messages.

    Slack's channels may be private, so the person has to be a member.
    """
    is_own = channel.person in (None, call.person.external_id) or call.workspace.platform is Platform.CONSOLE
    if call.workspace.platform is Platform.SLACK:
        is_own = is_own and call.sees(channel)
    return is_own and channel.workspace_id == call.workspace.id


def with_channel(call: Call, channel: Channel, **options: str) -> Call:
    """Return a call of the same person about this channel, with these options instead of the call's own."""
    return Call(
        workspace=call.workspace,
        here=call.here,
        channel=channel,
        person=call.person,
        now=call.now,
        options=options,
    )


async def load_story(tx: Tx, call: Call, id: str) -> Story:
    """Return a story that the workspace may see, or the one that the workspace joined it to. Raises: UserError."""
    story = await tx.stories.get(parse_id(id))
    if story is None or story.workspace_id not in (SHARED, call.workspace.id):
        raise UserError("That story is no longer stored.")
    joined = await tx.story_corrections.joined_to(call.workspace.id, story)
    return story if joined is None else await tx.stories.get(joined) or story


async def load_article(tx: Tx, call: Call, id: str) -> Article:
    """Return an article that the workspace may see. Raises: UserError."""
    article = await tx.articles.get(parse_id(id))
    if article is None or article.workspace_id not in (SHARED, call.workspace.id):
        raise UserError("That article is no longer stored.")
    return article


async def load_source(tx: Tx, call: Call, id: str) -> Source:
    """Return a source of the workspace, or a shared one. Raises: UserError."""
    source = await tx.sources.get(parse_id(id))
    if source is None or source.workspace_id not in (SHARED, call.workspace.id):
        raise UserError(f"That source {_GONE} /sources list shows all sources.")
    return source


def feed_draft(tx: Tx, feed: FoundFeed) -> dict[str, Any]:
    """Return the draft for a button that adds the feed. A secret in its address is encrypted. Raises: SealError."""
    sealed = tx.addresses.encrypt_if_secret(feed.url)
    address = {"url": feed.url} if sealed is None else {"sealed": sealed.decode()}
    return {"feed": {"title": feed.title, **address}}


async def load_feed(tools: Tools, call: Call, key: str) -> FoundFeed:
    """Return the feed of a draft made by `feed_draft`. Raises: UserError, SealError."""
    async with tools.store.read() as tx:
        body = await tx.drafts.get(key, call.workspace.id)
    if body is None or "feed" not in body:
        raise UserError("That list is too old. Run /sources add again.")
    feed = body["feed"]
    url = tools.store.addresses.decrypt(feed["sealed"]) if "sealed" in feed else feed["url"]
    return FoundFeed(url=url, title=feed["title"], kind="feed")


async def load_shared_post(tools: Tools, call: Call, key: str) -> Post:
    """Return the brief or trend that a Share or Markdown button refers to. Raises: UserError."""
    async with tools.store.read() as tx:
        body = await tx.drafts.get(key, call.workspace.id)
    if body is None or "share" not in body:
        raise UserError("That answer is too old to share. Run the command again, then click Share.")
    try:
        return deserialize(body["share"])
    except DeserializeError as error:
        raise UserError("That answer is from an older version. Run the command again, then click Share.") from error
