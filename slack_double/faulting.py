"""How a test makes the network and Slack misbehave."""

import asyncio

from .core import Core
from .errors import Impossible
from .faults import CallFault, Gate, Status
from .journal import Delivery


class Faulting(Core):
    def redeliver(self, event_id: str | None = None) -> Delivery:
        """Send an event again under its event_id; without one, the last event that a person caused."""
        for delivery in reversed(self.journal.deliveries):
            if delivery.kind != "events_api" or (delivery.origin == "bot" and event_id is None):
                continue
            if event_id in (None, delivery.event_id):
                return self.world.dispatcher.redeliver(delivery)
        raise Impossible(f"no event {event_id or 'at all'} to send again")

    def disconnect(self, hard: bool = False, reason: str = "refresh_requested") -> None:
        """Soft: ask the app to move to a new connection (Slack's reasons: warning, refresh_requested, link_disabled).

        Hard: cut all connections without a word.
        """
        asyncio.run_coroutine_threadsafe(self._disconnect(hard, reason), self._server.loop).result(5)

    def fail_next(
        self, method: str, status: Status = 429, *, retry_after: int = 1, times: int = 1, error: str | None = None
    ) -> None:
        """Status 429 or 500; "reset" cuts the connection before the call has an effect, "lost" after it had.

        A `response_url` is cut before it has an effect, whatever the status.
        With `error`, the call answers with that Slack error code instead.
        """
        self.world.faults.fail(method, CallFault(status, retry_after, error), times)

    def delay(self, method: str, seconds: float) -> None:
        """Make every call of the method slow from now on; 0 ends it."""
        self.world.faults.delay(method, seconds)

    def hold(self, words: str) -> Gate:
        """Hold the next thing with these words that the app wants shown, until the gate is opened."""
        return self.world.faults.hold(words)

    def delay_events(self, seconds: float) -> None:
        """Hold every event back that long from now on, so that later clicks overtake it; 0 ends it."""
        self.world.faults.event_delay = seconds

    def drop_next_ack(self, times: int = 1) -> None:
        """The app acks and Slack does not hear it, so that an event is sent again."""
        self.world.faults.acks_to_drop += times

    def drop_next_event(self, times: int = 1) -> None:
        """The event never reaches the app and is not sent again."""
        self.world.faults.events_to_drop += times

    def duplicate_next_event(self, times: int = 1) -> None:
        """The next event of a person arrives twice, at once and with the same event_id."""
        self.world.faults.events_to_duplicate += times

    def process_files_slowly(self, times: int) -> None:
        """The next blocks that show a file are refused that many times, as while Slack is still processing it."""
        self.world.faults.files_to_refuse += times

    async def _disconnect(self, hard: bool, reason: str) -> None:
        if hard:
            self.world.hub.cut()
        else:
            await self.world.hub.retire(reason)
