"""Rules for a workspace's own topics: valid names, how many there may be, and which channels a change affects."""

from typing import Final

from handlers.answers.errors import UserError
from handlers.answers.times import counted
from handlers.commands.call import Call
from storage.records import Topic
from storage.store import Tx
from storage.topics import normalize_name

MAX_TOPICS: Final = 500
"""Topics that a workspace may have of its own."""
MAX_NAME: Final = 80
"""Characters of a topic's name."""


def topic_name(text: str) -> str:
    """Return the name as it is stored: normalized by `normalize_name`. Raises: UserError if it is not a valid name."""
    name = normalize_name(text)
    if not name:
        raise UserError("A topic needs a name. For example: /topics add chips = semiconductor OR chipmaker")
    if len(name) > MAX_NAME:
        raise UserError(f"A topic's name can have up to {MAX_NAME} characters; this one has {len(name)}.")
    if "=" in name or name.startswith("@") or any(ord(letter) < 32 for letter in name):
        raise UserError(f'"{text}" can\'t be a name: a name must not contain "=" or begin with "@". Use plain words.')
    return name


async def require_free_topic(tx: Tx, workspace_id: int) -> None:
    """Raise UserError if the workspace already has as many topics as it may have."""
    own = [topic for topic in await tx.topics.visible(workspace_id) if topic.workspace_id == workspace_id]
    if len(own) >= MAX_TOPICS:
        raise UserError(f"This workspace has {MAX_TOPICS} topics of its own, which is the limit. Remove one first.")


async def subscribed_channels(tx: Tx, call: Call, topic: Topic) -> tuple[str, ...]:
    """Return the names of the workspace's channels that are subscribed to the topic.

    Channels that may be private are counted, but not named: "2 other channels".
    """
    names, unseen = [], 0
    for channel in await tx.channels.of(call.workspace.id):
        subscriptions = await tx.subscriptions.of_channel(channel.id)
        if any(subscription.topic_id == topic.id for subscription in subscriptions):
            if call.sees(channel):
                names.append(channel.label)
            else:
                unseen += 1
    return (*names, counted(unseen, "other channel")) if unseen else tuple(names)
