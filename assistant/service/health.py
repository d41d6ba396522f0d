"""Health over HTTP: whether Earshot lives, whether it is ready for work, and its metrics. No person is named in any."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from assistant.app import Assistant
from assistant.core.ports import serve
from assistant.errors import EarshotError, edge
from assistant.service.jobs import Schedule, find_last_due

_LEAST_FREE_BYTES = 200_000_000
_LATE = timedelta(minutes=15)  # a round of collecting may itself take minutes
_THREADS, _MOST_BYTES = 2, 10_000
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_StartResponse = Callable[[str, list[tuple[str, str]]], object]
Probe = Callable[[], str]
"""What is wrong, in a few words; empty where all is well."""


class HealthPages:
    """A WSGI application. `probes` answer what readiness asks, `read_metrics` gives the text for Prometheus."""

    def __init__(self, probes: Mapping[str, Probe], read_metrics: Callable[[], bytes] | None) -> None:
        self._probes = probes
        self._read_metrics = read_metrics

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, kind, body = self._answer(str(environ.get("PATH_INFO")))
        start_response(f"{status.value} {status.phrase}", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        if path == "/health/live":
            return _to_json(HTTPStatus.OK, {"status": "alive"})
        if path == "/health/ready":
            found = {name: _try(name, probe) for name, probe in self._probes.items()}
            status = HTTPStatus.SERVICE_UNAVAILABLE if any(found.values()) else HTTPStatus.OK
            return _to_json(status, {name: fault or "ok" for name, fault in found.items()})
        if path == "/metrics" and self._read_metrics:
            try:
                with edge("reading the metrics"):
                    return HTTPStatus.OK, _TEXT, self._read_metrics()
            except EarshotError as error:
                return _to_json(HTTPStatus.SERVICE_UNAVAILABLE, {"error": error.message})
        told = "/metrics needs: pip install 'earshot[metrics]'" if path == "/metrics" else "There is nothing here."
        return _to_json(HTTPStatus.NOT_FOUND, {"error": told})


def build_probes(
    assistant: Assistant, is_connected: Callable[[], bool], is_warm: Callable[[], bool]
) -> dict[str, Probe]:
    """Build what readiness asks: the way to Slack, the disk, the models, and whether collecting keeps its schedule."""
    return {
        "slack": lambda: "" if is_connected() else "not connected",
        "disk": lambda: _look_at_disk(assistant),
        "models": lambda: "" if is_warm() else "still loading",
        "collect": lambda: _look_at_collecting(assistant),
    }


def serve_health(pages: HealthPages, address: str, port: int) -> Any:
    """Serve until the returned server's `close`. Raises NetworkError when the port is taken."""
    return serve(pages, address, port, "HEALTH_PORT", _THREADS, _MOST_BYTES)


def _look_at_disk(assistant: Assistant) -> str:
    assistant.home.store.value("select 1")
    free = shutil.disk_usage(assistant.home.path).free
    return "" if free >= _LEAST_FREE_BYTES else f"only {free // 1_000_000} MB are free"


def _look_at_collecting(assistant: Assistant) -> str:
    settings, now = assistant.settings, assistant.clock()
    schedule = Schedule("collect", settings.collect_schedule, settings.timezone, lambda due_at: None)
    last_due, served = find_last_due(schedule, now - _LATE), assistant.home.schedules.served("collect")
    return f"due at {last_due:%Y-%m-%d %H:%M} UTC and not done" if served and served < last_due else ""


def _try(name: str, probe: Probe) -> str:
    try:
        with edge(f"looking at the {name}"):
            return probe()
    except EarshotError as error:
        return error.message


def _to_json(status: HTTPStatus, answer: dict[str, str]) -> tuple[HTTPStatus, str, bytes]:
    return status, "application/json", json.dumps(answer).encode()
