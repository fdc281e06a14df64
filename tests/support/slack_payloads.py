"""Payloads that Slack sends to an app: slash commands, events and clicks."""

from dataclasses import dataclass
from typing import Any

from tests.support.slack_api import TEAM


@dataclass
class SlackPayloads:
    url: str = ""
    """The server's own address, which response URLs begin with."""
    triggers: int = 0
    """The number of commands and clicks so far."""

    def trigger(self) -> str:
        """Return the trigger_id of another command or click. Slack never uses one twice."""
        self.triggers += 1
        return f"1.2.{self.triggers}"

    def command(self, name: str, text: str, **more: Any) -> dict[str, Any]:
        """Return the payload of a slash command."""
        return {
            "command": f"/{name}",
            "text": text,
            "team_id": TEAM,
            "team_domain": "wire",
            "channel_id": "C1",
            "channel_name": "intel",
            "user_id": "U1",
            "user_name": "ada",
            "response_url": f"{self.url}/respond",
            "trigger_id": self.trigger(),
            **more,
        }

    def event(self, event_id: str, event: dict[str, Any], team: str = TEAM) -> dict[str, Any]:
        """Return the payload of an event."""
        return {"type": "event_callback", "team_id": team, "event_id": event_id, "event": event}

    def click(self, action: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return the payload of a click on an element in a channel, or in a view if `more` has one."""
        in_message = {
            "channel": {"id": "C1", "name": "intel"},
            "container": {"type": "message"},
            "response_url": f"{self.url}/respond",
        }
        return {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "wire"},
            "user": {"id": "U1", "username": "ada", "team_id": TEAM},
            "trigger_id": self.trigger(),
            "actions": [{"block_id": "b", "action_ts": "1"} | action],
            **({} if "view" in more else in_message),
            **more,
        }
