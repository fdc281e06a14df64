"""The conversation that a modal or Home is about. Slack stores it in the view, because later payloads leave it out."""

import json
from dataclasses import dataclass

from bot.slack.limits import truncate


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A channel, or the direct messages with a person."""

    id: str
    """Slack's channel id, or "@" and the person's user id."""
    name: str
    is_member: bool
    """Whether the person wrote there, and so is a member. False if they only named the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """What a view has to remember; stored in its `private_metadata`."""

    conversation: Conversation
    command: str = ""
    """The command that the view's form fills in, such as "topics edit"; empty for a view without a form."""

    def serialize(self) -> str:
        """Return JSON. Views that are open in Slack contain it, so its keys must not change."""
        return json.dumps(
            {
                "channel": self.conversation.id,
                "name": truncate(self.conversation.name, 200),
                "own": self.conversation.is_member,
                "command": self.command,
            }
        )


def read_view_state(metadata: str) -> ViewState | None:
    """Return the state that `ViewState.serialize` wrote, or None for any other text."""
    try:
        values = json.loads(metadata)
        conversation = Conversation(
            id=str(values["channel"]), name=str(values["name"]), is_member=values["own"] is True
        )
        return ViewState(conversation=conversation, command=str(values["command"]))
    except (ValueError, KeyError, TypeError):
        return None
