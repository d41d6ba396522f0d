"""The Socket Mode side: WebSocket connections, hello, envelopes in turn, acks and disconnects."""

import asyncio
import contextlib
import itertools
import json
import secrets
import time
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from .aliases import Json
from .faults import Faults
from .journal import CONNECTION_FAILED, Delivery
from .settings import Settings

MOST_RETIRING_SECONDS = 10


@dataclass(eq=False)
class _Connection:
    number: int
    socket: web.WebSocketResponse
    request: web.Request
    is_retiring: bool = False


class SocketHub:
    """All connections of the app. Each envelope goes to exactly one of them, in turn."""

    def __init__(self, settings: Settings, faults: Faults) -> None:
        self._settings = settings
        self._faults = faults
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._closing: asyncio.Task[None] | None = None
        self._waiting: dict[str, tuple[Delivery, asyncio.Future[None]]] = {}

    @property
    def connection_count(self) -> int:
        return len([connection for connection in self._connections if not connection.is_retiring])

    def new_ticket(self) -> str:
        """What makes a URL of apps.connections.open valid, for one connection."""
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="invalid or used ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.connection_count >= self._settings.max_connections:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return socket
        connection = _Connection(next(self._numbers), socket, request)
        self._connections.append(connection)
        with contextlib.suppress(ConnectionError):
            await self._converse(connection)
        if connection in self._connections:
            self._connections.remove(connection)
        return socket

    async def send(self, delivery: Delivery) -> str | None:
        ready = [connection for connection in self._connections if not connection.is_retiring] or self._connections
        if not ready:
            return CONNECTION_FAILED
        connection = ready[next(self._turn) % len(ready)]
        acked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = (delivery, acked)
        delivery.connection = connection.number
        try:
            await connection.socket.send_json(_build_envelope(delivery))
            await asyncio.wait_for(acked, self._settings.ack_timeout)
        except (TimeoutError, ConnectionError):
            return "timeout"
        finally:
            # A late ack must still find its delivery, so that the journal can show how late it was.
            if delivery.acked:
                self._waiting.pop(delivery.envelope_id, None)
        return None

    async def retire(self, reason: str) -> None:
        """Ask the app to reconnect; the old sockets work until it has, and are then closed."""
        old = list(self._connections)
        for connection in old:
            connection.is_retiring = True
            await connection.socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-double"}}
            )
        self._closing = asyncio.get_running_loop().create_task(self._close_retired(old))

    def cut(self) -> None:
        """End all connections without a word."""
        for connection in self._connections:
            if connection.request.transport is not None:
                connection.request.transport.abort()
        self._connections.clear()

    async def _close_retired(self, old: list[_Connection]) -> None:
        deadline = time.monotonic() + MOST_RETIRING_SECONDS
        while self.connection_count == 0 and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        for connection in old:
            await connection.socket.close()

    async def _converse(self, connection: _Connection) -> None:
        await connection.socket.send_json(self._build_hello())
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                self._take_ack(json.loads(message.data))

    def _build_hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connection_count,
            "debug_info": {"host": "applink-double", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._settings.app_id},
        }

    def _take_ack(self, answer: Json) -> None:
        delivery, acked = self._waiting.get(answer.get("envelope_id", ""), (None, None))
        if delivery is None or acked is None:
            return
        if self._faults.take("acks_to_drop"):
            delivery.ack_dropped = True
            return
        delivery.acked_at = time.monotonic()
        delivery.response = answer.get("payload")
        if not acked.done():
            acked.set_result(None)


def _build_envelope(delivery: Delivery) -> Json:
    envelope: Json = {
        "envelope_id": delivery.envelope_id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.accepts_response,
    }
    if delivery.kind == "events_api":
        envelope["retry_attempt"] = delivery.attempt
        envelope["retry_reason"] = delivery.retry_reason or ""
    return envelope
