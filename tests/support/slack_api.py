"""What a local Slack stores, and the methods of the Web API that the bot calls. Nothing here uses the network."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.support.slack_channels import Body, SlackChannels, refusal

TEAM = "T0WIRE"
BOT = "U0BOT"
BOT_TOKEN = "xoxb-test-token-000000000000"


@dataclass
class HistoryLimit:
    """One call a minute, by a clock that the test moves: https://docs.slack.dev/apis/web-api/rate-limits"""

    clock: Callable[[], datetime]
    calls: list[datetime] = field(default_factory=list)
    """When calls were allowed."""
    refused: int = 0

    def allows(self) -> bool:
        now = self.clock()
        if self.calls and now - self.calls[-1] < timedelta(minutes=1):
            self.refused += 1
            return False
        self.calls.append(now)
        return True

    def wait_s(self) -> int:
        """Return the seconds until the next call is allowed, as in the header Retry-After."""
        return math.ceil((self.calls[-1] + timedelta(minutes=1) - self.clock()).total_seconds())


@dataclass
class SlackApi(SlackChannels):
    """Slack's state: what was posted, opened and uploaded, and what tests set beforehand."""

    responses: list[Body] = field(default_factory=list)
    """Answers through response URLs, and ephemeral messages."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a response arrives."""
    views: list[tuple[str, Body]] = field(default_factory=list)
    """(method, view) for every view that was opened, pushed, updated or published."""
    files: dict[str, Body] = field(default_factory=dict)
    """Files by id; "body" holds the content."""
    installs: dict[str, Body] = field(default_factory=dict)
    """What oauth.v2.access returns for a code or a refresh token. Each works once."""
    tokens: dict[str, str] = field(default_factory=lambda: {BOT_TOKEN: TEAM})
    """The team of every valid token."""
    scopes: set[str] = field(default_factory=set)
    """The scopes of the bot's token."""
    history_limit: "HistoryLimit | None" = None
    """The limit of an app that is distributed outside Slack's Marketplace."""
    clock: Callable[[], float] = time.time
    """The time of new messages, in seconds since 1970."""
    _last_ts: int = 0
    """The `ts` of the newest message in microseconds. No two messages have the same."""

    def api_answer(self, method: str, body: Body, team: str) -> Body:
        """Return Slack's answer."""
        if method.startswith("views."):
            self.views.append((method, body["view"]))
            return {"ok": True, "view": body["view"] | {"id": "V1", "hash": "h1"}}
        match method:
            case "auth.test":
                names = {"team": "wire", "user": "wirewatch"}
                return {"ok": True, "team_id": team, "user_id": BOT, "bot_id": "B1"} | names
            case "chat.postMessage":
                return self.refusal_of(body["channel"]) or self._post(body)
            case "chat.update":
                return self._update(body)
            case "chat.postEphemeral":
                self.respond(body)
                return {"ok": True, "message_ts": "1.1"}
            case "users.info":
                return self.user_info(body["user"], team)
            case "users.conversations" if team.startswith("E") and not body.get("team_id"):
                return refusal("missing_argument")  # the token of an organisation is valid in many workspaces
            case "users.conversations":
                return {"ok": True, "channels": self.channels_of(body["user"])}
            case "oauth.v2.access":
                return give_token(self, body)
        return self._conversations(method, body) or self._files(method, body) or {"ok": False, "error": "unknown"}

    def respond(self, body: Body) -> None:
        """Store an answer to a person."""
        self.responses.append(body)
        self.answered.set()

    def upload(self, name: str, body: bytes, *, channel: str, mimetype: str = "text/plain", url: str = "") -> str:
        """Store a file that somebody shared with a message in the channel, and return its id."""
        id = f"F{len(self.files) + 1:09}"
        self.files[id] = {
            "id": id,
            "name": name,
            "mimetype": mimetype,
            "url_private_download": f"{url}/files/{id}",
            "shares": {"public": {channel: [{"ts": f"{100 + len(self.files)}.000001"}]}},
            "body": body,
        }
        return id

    def _post(self, body: Body) -> Body:
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        message = body | {"ts": f"{self._last_ts / 1_000_000:.6f}", "type": "message"}
        self.messages[body["channel"]].append(message)
        return {"ok": True, "ts": message["ts"], "channel": body["channel"], "message": message}

    def _update(self, body: Body) -> Body:
        for message in self.messages[body["channel"]]:
            if message["ts"] == body["ts"]:
                message.update({name: body[name] for name in ("text", "blocks") if name in body})
                return {"ok": True, "ts": body["ts"], "channel": body["channel"]}
        return {"ok": False, "error": "message_not_found"}

    def _conversations(self, method: str, body: Body) -> Body | None:
        match method:
            case "conversations.history" | "conversations.replies":
                return self._history(body)
            case "conversations.info":
                return self.channel_info(body["channel"])
            case "conversations.join":
                if body["channel"] in self.archived | self.hidden:
                    return self.refusal_of(body["channel"])
                self.outside.discard(body["channel"])
                return {"ok": True, "channel": {"id": body["channel"]}}
            case "conversations.members":
                return {"ok": True, "members": self.members.get(body["channel"], [])}
            case "conversations.open":
                return {"ok": True, "channel": {"id": "D" + body["users"][1:]}}
        return None

    def _history(self, body: Body) -> Body:
        """Return a page of messages, newest first. They have metadata only if the caller asks for it."""
        if body["channel"] in self.hidden:
            return refusal("channel_not_found")
        if self.history_limit is not None and not self.history_limit.allows():
            return refusal("ratelimited")
        hidden = set() if str(body.get("include_all_metadata")).lower() in ("1", "true") else {"metadata"}
        found = [
            {name: value for name, value in message.items() if name not in hidden}
            for message in reversed(self.messages[body["channel"]])
            if body["oldest"] <= message["ts"] <= body.get("latest", "9") and message.get("thread_ts") == body.get("ts")
        ]
        start = int(body.get("cursor") or 0)
        end = start + min(int(body["limit"]), 15 if self.history_limit is not None else 999)
        more = {"next_cursor": str(end) if end < len(found) else ""}
        return {"ok": True, "messages": found[start:end], "has_more": end < len(found), "response_metadata": more}

    def _files(self, method: str, body: Body) -> Body | None:
        match method:
            case "files.completeUploadExternal":
                for each in body["files"]:
                    self.files[each["id"]] |= {"title": each["title"], "channel": body.get("channel_id")}
                return {"ok": True, "files": body["files"]}
            case "files.info":
                file = {name: value for name, value in self.files[body["file"]].items() if name != "body"}
                if "polls" in file:  # an upload by the bot, which Slack processes in the background
                    self.files[body["file"]]["polls"] += 1
                    file["mimetype"] = "image/png" if file["polls"] else ""
                return {"ok": True, "file": file}
        return None


def give_token(server: SlackApi, body: Body) -> Body:
    given = server.installs.pop(body.get("code") or body.get("refresh_token") or "", None)
    if given is None:
        return {"ok": False, "error": "invalid_refresh_token" if "refresh_token" in body else "invalid_code"}
    server.tokens[given["access_token"]] = (given["team"] or given["enterprise"])["id"]
    return {"ok": True, "token_type": "bot"} | given
