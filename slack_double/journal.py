"""What went over the wire: every Web API call, and every envelope with its ack."""

import time
from dataclasses import dataclass, field

from .aliases import Json

CONNECTION_FAILED = "connection_failed"  # Slack's word, in retry_reason


@dataclass
class ApiCall:
    """`error` is Slack's code, or the fault that was injected; `status` 0 means the connection was cut."""

    method: str
    args: Json
    at: float
    status: int | None = None
    error: str | None = None
    response: Json | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        args = {key: value for key, value in self.args.items() if key != "token"}
        took = "" if self.seconds is None else f" in {self.seconds * 1000:.0f} ms"
        return f"call  {self.method} -> {self.status} {self.error or 'ok'}{took} {_shorten(args)}"


@dataclass
class Delivery:
    """One envelope on its way to the app; a retry is a delivery of its own with the same event_id.

    `problem` says what Slack would have shown the person as an error, such as a response with an invalid view.
    """

    envelope_id: str
    kind: str
    payload: Json
    accepts_response: bool = False
    origin: str = "person"
    attempt: int = 0
    no_retry: bool = False
    retry_reason: str | None = None
    connection: int | None = None
    queued_at: float = field(default_factory=time.monotonic)
    sent_at: float | None = None
    acked_at: float | None = None
    ack_dropped: bool = False
    settled: bool = False
    found_nobody: bool = False
    status: int | None = None
    response: Json | None = None
    problem: str | None = None

    @property
    def event_id(self) -> str | None:
        return self.payload.get("event_id")

    @property
    def type(self) -> str:
        """The inner type: message, app_mention, block_actions, view_submission, the command..."""
        event = self.payload.get("event")
        name = event["type"] if event else self.payload.get("type") or self.payload.get("command")
        return str(name)

    @property
    def acked(self) -> bool:
        return self.acked_at is not None

    @property
    def is_in_flight(self) -> bool:
        """Whether the app may still have to do with it."""
        return not self.settled or (self.sent_at is not None and not self.acked and not self.found_nobody)

    @property
    def latency(self) -> float | None:
        """Seconds from sending to the ack, as the app's caller would measure it."""
        if self.acked_at is None or self.sent_at is None:
            return None
        return self.acked_at - self.sent_at

    @property
    def errors(self) -> dict[str, str]:
        """What the app answered under a modal's inputs: block_id to message."""
        return dict((self.response or {}).get("errors") or {})

    def __str__(self) -> str:
        ack = f"acked in {self.latency * 1000:.0f} ms" if self.latency is not None else "not acked"
        retry = f" retry {self.attempt} ({self.retry_reason})" if self.attempt else ""
        text = (self.payload.get("event") or self.payload).get("text", "")
        return f"event {self.type}{retry} from {self.origin}: {ack} {self.problem or ''} {_shorten(text)}"


class Journal:
    def __init__(self) -> None:
        self.calls: list[ApiCall] = []
        self.deliveries: list[Delivery] = []
        self.entries: list[ApiCall | Delivery] = []

    def add(self, entry: ApiCall | Delivery) -> None:
        self.entries.append(entry)
        if isinstance(entry, ApiCall):
            self.calls.append(entry)
        else:
            self.deliveries.append(entry)

    def calls_to(self, method: str) -> list[ApiCall]:
        return [call for call in list(self.calls) if call.method == method]

    def deliveries_of(self, type_name: str) -> list[Delivery]:
        return [delivery for delivery in list(self.deliveries) if delivery.type == type_name]

    @property
    def unacked(self) -> list[Delivery]:
        return [delivery for delivery in list(self.deliveries) if not delivery.acked]

    @property
    def in_flight(self) -> list[ApiCall | Delivery]:
        """Envelopes that are not acked, or whose ack is not worked off yet, and calls that are not answered.

        What a test keeps from the app is not on its way, nor what came while no app was connected.
        """
        deliveries = (one for one in list(self.deliveries) if one.is_in_flight)
        return [*deliveries, *(call for call in list(self.calls) if call.status is None)]

    def tail(self, count: int = 15) -> str:
        """The last entries, one a line, for a failure message."""
        lines = [str(entry) for entry in list(self.entries)[-count:]]
        return "\n".join(lines) if lines else "(nothing was sent or called)"


def _shorten(value: object, most: int = 160) -> str:
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."
