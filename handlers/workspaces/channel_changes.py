"""Channels that a platform renames, or to which it gives another id. Everything that belongs to them follows."""

from dataclasses import dataclass

from storage.records import Platform
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedChannel:
    """What a platform says about a channel that has changed. The ids are the platform's."""

    platform: Platform
    workspace: str
    channel: str
    """The id before the change."""
    new_id: str = ""
    """Empty if the id stays the same."""
    name: str = ""
    """Empty if it is not known."""


async def change_channel(store: Store, changed: ChangedChannel) -> None:
    """Store the new id and name of a channel in one transaction. Does nothing for an unknown channel.

    Subscriptions, the digest, deliveries and the blocked state follow. A repeated call changes nothing.
    """
    async with store.begin() as tx:
        home = await tx.workspaces.find(changed.platform, changed.workspace)
        if home is None:
            return
        found = await tx.channels.move(home.id, changed.channel, changed.new_id or changed.channel)
        if found is not None and changed.name:
            await tx.channels.update(found.id, name=changed.name)
