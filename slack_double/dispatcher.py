"""Gets envelopes to the app, waits for the ack, and sends an unacked event again as Slack does."""

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Protocol

from .aliases import Json
from .faults import Faults
from .journal import CONNECTION_FAILED, Delivery, Journal
from .rate_limit import EventAllowance
from .settings import Settings

RETRY_PAUSES_SECONDS = (0.0, 60.0, 300.0)
OnAck = Callable[[Delivery], None]


class Transport(Protocol):
    async def send(self, delivery: Delivery) -> str | None:
        """Deliver and record the ack in the delivery; the answer is the reason for a retry, or None when acked."""
        ...


class Dispatcher:
    """`on_ack` runs in the server's loop, right after the ack and before `settled` is set."""

    def __init__(self, settings: Settings, journal: Journal, faults: Faults) -> None:
        self._settings = settings
        self._journal = journal
        self._faults = faults
        self._allowance = EventAllowance(settings)
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: Transport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, loop: asyncio.AbstractEventLoop, transport: Transport) -> None:
        self._loop = loop
        self._transport = transport

    def emit(self, kind: str, payload: Json, *, origin: str = "person", on_ack: OnAck | None = None) -> Delivery:
        """Send from any thread; returns at once. Of a doubled event, the first delivery is returned."""
        is_event = kind == "events_api"
        accepts = kind == "slash_commands" or payload.get("type") == "view_submission"
        delivery = Delivery(_new_envelope_id(), kind, payload, accepts, origin)
        if is_event and origin == "person" and self._faults.take("events_to_drop"):
            delivery.problem, delivery.settled = "dropped by the test", True
            self._journal.add(delivery)
            return delivery
        if is_event and not self._allowance.spend():
            delivery.problem, delivery.settled = "over the workspace's events an hour", True
            self._journal.add(delivery)
            return delivery
        self._schedule(delivery, on_ack)
        if is_event and origin == "person" and self._faults.take("events_to_duplicate"):
            self._schedule(Delivery(_new_envelope_id(), kind, payload, accepts, origin), on_ack)
        return delivery

    def redeliver(self, delivery: Delivery) -> Delivery:
        """The same event once more, with a new envelope and the same event_id, marked as Slack's first retry."""
        again = Delivery(
            _new_envelope_id(),
            delivery.kind,
            delivery.payload,
            origin=delivery.origin,
            attempt=1,
            retry_reason="timeout",
        )
        self._schedule(again, None)
        return again

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _schedule(self, delivery: Delivery, on_ack: OnAck | None) -> None:
        if self._loop is None:
            raise RuntimeError("the double is not running; use it in a with statement")
        self._journal.add(delivery)
        self._loop.call_soon_threadsafe(self._start, delivery, on_ack)

    def _start(self, delivery: Delivery, on_ack: OnAck | None) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(delivery, on_ack))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: _show_failure(done, delivery))

    async def _deliver(self, delivery: Delivery, on_ack: OnAck | None) -> None:
        assert self._transport is not None
        if delivery.kind == "events_api":
            await asyncio.sleep(self._faults.event_delay)
        delivery.sent_at = time.monotonic()
        reason = await self._transport.send(delivery)
        if reason is None and on_ack is not None:
            if delivery.response:
                await self._faults.pass_gates("command", delivery.response)
            on_ack(delivery)
        if reason is not None and delivery.problem is None:
            delivery.problem = reason
        delivery.found_nobody = reason == CONNECTION_FAILED
        delivery.settled = True
        if reason is not None and delivery.kind == "events_api":
            await self._retry(delivery, reason)

    async def _retry(self, delivery: Delivery, reason: str) -> None:
        if delivery.no_retry or delivery.attempt >= len(RETRY_PAUSES_SECONDS):
            return
        await asyncio.sleep(RETRY_PAUSES_SECONDS[delivery.attempt] * self._settings.retry_factor)
        retry = Delivery(_new_envelope_id(), delivery.kind, delivery.payload, origin=delivery.origin)
        retry.attempt, retry.retry_reason = delivery.attempt + 1, reason
        self._journal.add(retry)
        await self._deliver(retry, None)


def _new_envelope_id() -> str:
    return secrets.token_hex(16)


def _show_failure(task: asyncio.Task[None], delivery: Delivery) -> None:
    """A mistake in the double itself must end a test's waiting, and say what it was."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        delivery.problem, delivery.settled = f"the double failed: {error!r}", True
