"""What a workspace's own topic must obey: its name, its number, and whom a change of it reaches."""

from typing import Final

from handlers.answers.errors import UserError
from handlers.answers.times import counted
from handlers.commands.call import Call
from storage.records import Topic
from storage.store import Tx
from storage.topics import fold_name

MOST_TOPICS: Final = 500
"""Topics that one workspace may make."""
LONGEST_NAME: Final = 80


def topic_name(text: str) -> str:
    """How it is stored and typed: folded, at most 80 characters. Raises: UserError."""
    name = fold_name(text)
    if not name:
        raise UserError("A topic needs a name. For example: /topics add chips = semiconductor OR chipmaker")
    if len(name) > LONGEST_NAME:
        raise UserError(f"A topic's name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
    if "=" in name or name.startswith("@") or any(ord(letter) < 32 for letter in name):
        raise UserError(f'"{text}" can\'t be a name: it must not hold "=" nor begin with "@". Choose plain words.')
    return name


async def check_room(tx: Tx, workspace_id: int) -> None:
    """Raises: UserError where the workspace has all the topics it may have."""
    own = [topic for topic in await tx.topics.visible(workspace_id) if topic.workspace_id == workspace_id]
    if len(own) >= MOST_TOPICS:
        raise UserError(f"This workspace has {MOST_TOPICS} topics of its own, the most there may be. Remove one first.")


async def channels_that_lose(tx: Tx, call: Call, topic: Topic) -> tuple[str, ...]:
    """The workspace's channels that are subscribed to it; those that may be private to others without their names."""
    names, unseen = [], 0
    for channel in await tx.channels.of(call.workspace.id):
        if any(held.topic_id == topic.id for held in await tx.subscriptions.of_channel(channel.id)):
            if call.sees(channel):
                names.append(channel.label)
            else:
                unseen += 1
    return (*names, counted(unseen, "other channel")) if unseen else tuple(names)
