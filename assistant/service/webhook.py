"""Takes in posts that other tools send: one address over HTTP, only while a secret is set."""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from assistant.core.home import Home
from assistant.core.ports import serve
from assistant.errors import EarshotError, InputError, edge
from assistant.listening.build import Listening
from assistant.listening.collect import CollectReport
from assistant.listening.networks.webhook import REPLAY_WINDOW, parse, verify

PATH = "/webhook"
_MOST_BYTES = 5_000_000
_REFUSED_UNREAD = 10 * _MOST_BYTES  # waitress answers these itself, and not in JSON
_THREADS = 2
_log = logging.getLogger(__name__)
_StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Webhook:
    """A WSGI application that keeps signed posts; `tell_stale` hears of drafts that wait no more."""

    def __init__(self, home: Home, listening: Listening, secret: str, tell_stale: Callable[[list[int]], None]) -> None:
        self._home = home
        self._listening = listening
        self._secret = secret
        self._tell_stale = tell_stale

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        """Answer one request with JSON; what is wrong with a request is said only to who signed it."""
        status, answer = self._answer(environ)
        body = json.dumps(answer).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[HTTPStatus, dict[str, object]]:
        if environ.get("PATH_INFO") != PATH:
            return HTTPStatus.NOT_FOUND, {"error": "There is nothing here."}
        if environ.get("REQUEST_METHOD") != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, {"error": "Send posts with POST."}
        if int(environ.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
            hint = f"Send at most {_MOST_BYTES // 1_000_000} MB at once."
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "The request is too large.", "hint": hint}
        body = environ["wsgi.input"].read()
        now = self._home.clock()
        timestamp, signature = (environ.get(f"HTTP_X_EARSHOT_{name}", "") for name in ("TIMESTAMP", "SIGNATURE"))
        try:
            verify(self._secret, timestamp, signature, body, now)
        except InputError as error:
            _log.warning("a webhook request was refused: %s", error.message)
            return HTTPStatus.UNAUTHORIZED, {"error": error.message, "hint": error.hint}
        try:
            with edge("taking in posts from the webhook"):
                return HTTPStatus.OK, self._take_in(body, signature.strip(), now)
        except InputError as error:
            return HTTPStatus.BAD_REQUEST, {"error": error.message, "hint": error.hint}
        except EarshotError as error:
            _log.warning("posts from the webhook were not taken in: %s", error.message)
            return HTTPStatus.SERVICE_UNAVAILABLE, {"error": error.message, "hint": "Send the same again later."}

    def _take_in(self, body: bytes, signature: str, now: datetime) -> dict[str, object]:
        # The same request again would bring back what was edited or deleted since.
        if self._listening.deliveries.is_known(signature):
            return {"note": "This request was taken in before."}
        delivery, report = parse(body), CollectReport()
        self._listening.collecting.keep(delivery.mentions, now, report)
        self._listening.collecting.remove(delivery.removed, now, report)
        self._tell_stale(report.stale_drafts)
        self._listening.deliveries.note(signature, now, REPLAY_WINDOW)
        rejected = [{"place": post.place, "reason": post.reason} for post in (*delivery.rejected, *report.rejected)]
        counts = {"new": report.new, "known": report.known, "edited": report.edited, "removed": len(report.removed)}
        counts |= {"too_old": report.too_old} if report.too_old else {}
        return {**counts, "rejected": rejected}


def serve_webhook(webhook: Webhook, address: str, port: int) -> Any:
    """Serve until the returned server's `close`. Raises NetworkError when the port is taken."""
    return serve(webhook, address, port, "WEBHOOK_PORT", _THREADS, _REFUSED_UNREAD)
