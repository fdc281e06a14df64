"""The gateway of the small Discord: sessions that can be resumed, invalidated or become silent, with several shards."""

import asyncio
import contextlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

HELLO, ACK, HEARTBEAT, DISPATCH, IDENTIFY, RESUME, RECONNECT, INVALID = 10, 11, 1, 0, 2, 6, 7, 9


@dataclass
class DiscordSocket:
    token: str
    ready_data: dict[str, Any]
    """The data of the READY event, apart from the session."""
    guilds: list[dict[str, Any]] = field(default_factory=list)
    """The servers sent after READY, each to its own shard."""
    unavailable: list[str] = field(default_factory=list)
    """Ids of the bot's servers in an outage, which are not sent after READY."""
    heartbeat_ms: int = 40_000
    acknowledges: bool = True
    """Whether heartbeats are acknowledged."""
    invalid_sessions: int = 0
    """How many more attempts to start or resume a session are refused."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while all shards are connected."""
    opened: list[tuple[int, int]] = field(default_factory=list)
    """(IDENTIFY or RESUME, shard) of every connection, in order."""
    heartbeats: int = 0
    shard_count: int = 1
    _sockets: dict[int, web.WebSocketResponse] = field(default_factory=dict)
    _sent: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """All events of the session, by shard. A RESUME gets those that the client has not seen."""

    async def dispatch(self, event: str, data: dict[str, Any], *, shard: int = 0) -> None:
        """Send an event to a shard. If it is not connected, it gets the event when it resumes."""
        packet = {"op": DISPATCH, "t": event, "s": len(self._sent[shard]) + 1, "d": data}
        self._sent[shard].append(packet)
        if shard in self._sockets:
            await self._sockets[shard].send_json(packet)

    async def ask_to_reconnect(self, shard: int = 0) -> None:
        await self._sockets[shard].send_json({"op": RECONNECT, "d": None})

    async def cut(self, shard: int = 0, code: int | None = None) -> None:
        """Close the connection with this code; without a code, break it."""
        self.ready.clear()
        socket = self._sockets.pop(shard)
        if code is not None:
            await socket.close(code=code)
        elif socket._req is not None and socket._req.transport is not None:
            socket._req.transport.abort()

    async def listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        shard = 0
        with contextlib.suppress(ConnectionResetError):
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                packet = json.loads(message.data)
                if packet["op"] == HEARTBEAT:
                    self.heartbeats += 1
                    if self.acknowledges:
                        await socket.send_json({"op": ACK})
                elif packet["op"] in (IDENTIFY, RESUME):
                    assert packet["d"]["token"] == self.token
                    shard = packet["d"].get("shard", [0, 1])[0] if packet["op"] == IDENTIFY else self._shard_of(packet)
                    await self._open(socket, packet, shard)
        if self._sockets.get(shard) is socket:
            del self._sockets[shard]
            self.ready.clear()
        return socket

    def _shard_of(self, packet: dict[str, Any]) -> int:
        return int(packet["d"]["session_id"].removeprefix("session-"))

    async def _open(self, socket: web.WebSocketResponse, packet: dict[str, Any], shard: int) -> None:
        self.opened.append((packet["op"], shard))
        if self.invalid_sessions:
            self.invalid_sessions -= 1
            self._sent[shard].clear()
            await socket.send_json({"op": INVALID, "d": False})
            return
        self._sockets[shard] = socket
        if packet["op"] == RESUME:
            for missed in self._sent[shard][packet["d"]["seq"] or 0 :]:
                await socket.send_json(missed)
            await self.dispatch("RESUMED", {}, shard=shard)
        else:
            assert packet["d"]["intents"] == 1, "only the guilds intent"
            self.shard_count = packet["d"].get("shard", [0, 1])[1]
            self._sent[shard].clear()
            own = [guild for guild in self.guilds if (int(guild["id"]) >> 22) % self.shard_count == shard]
            in_outage = [id for id in self.unavailable if (int(id) >> 22) % self.shard_count == shard]
            ids = dict.fromkeys([*(guild["id"] for guild in own), *in_outage])
            listed = [{"id": id, "unavailable": True} for id in ids]
            session = {"session_id": f"session-{shard}", "guilds": listed, "shard": [shard, self.shard_count]}
            await self.dispatch("READY", self.ready_data | session, shard=shard)
            for guild in own:
                await self.dispatch("GUILD_CREATE", guild | {"unavailable": False}, shard=shard)
        if len(self._sockets) == self.shard_count:
            self.ready.set()
