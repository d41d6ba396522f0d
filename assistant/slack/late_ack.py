"""Acks in time what takes longer than Slack waits, which is three seconds, and tells the person how it ended."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from assistant.slack.cards.modals import build_text_modal
from assistant.slack.client.blocks import build_section
from assistant.slack.client.client import FAILURES

_PATIENCE_SECONDS = 2.0
_STILL = "I'm still working on this, and I'll tell you how it went."
_DONE = "Done."
_log = logging.getLogger(__name__)
Body = dict[str, Any]


class LateAck(Ack):
    """An ack that comes by itself after two seconds; what the listener acks after that is said in another way."""

    def __init__(self, still: dict[str, Any], begin: Callable[[], None], end: Callable[[str], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._still, self._begin, self._end = still, begin, end
        self._lock = threading.Lock()
        self._is_late = False
        self._timer = threading.Timer(_PATIENCE_SECONDS, self._ack_late)
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, *words: Any, **more: Any) -> BoltResponse:
        """Ack, or say the same where it was acked already."""
        with self._lock:
            self._timer.cancel()
            if not self._is_late or self.response is None:
                return super().__call__(*words, **more)
            response = self.response
        errors = more.get("errors") or {}
        self._end(str(more.get("text") or "") or " ".join(map(str, errors.values())))
        return response

    def _ack_late(self) -> None:
        with self._lock:
            if self.response is not None:
                return
            self._is_late = True
            super().__call__(**self._still)
        self._begin()


def ack_in_time(app: App) -> None:
    """Let each command, click and form of an app be acked in time, whatever its listener waits for."""

    def put_late_ack(body: Body, context: BoltContext, respond: Respond, client: WebClient, next_: Any) -> None:
        late = _build_ack(body, respond, client)
        if late:
            context["ack"] = late
        next_()

    app.use(put_late_ack)


def _build_ack(body: Body, respond: Respond, client: WebClient) -> LateAck | None:
    if body.get("command"):
        return LateAck({"text": _STILL, "response_type": "ephemeral"}, lambda: None, lambda told: _say(respond, told))
    if body.get("type") == "block_actions":
        is_told = bool(body.get("response_url"))
        begin = (lambda: _say(respond, _STILL)) if is_told else (lambda: None)
        return LateAck({}, begin, lambda told: _say(respond, told))
    if body.get("type") == "view_submission":
        view = body["view"]
        title = str(view["title"]["text"])
        still = {"response_action": "update", "view": build_text_modal(title, [build_section(_STILL)])}
        return LateAck(still, lambda: None, lambda told: _show(client, str(view["id"]), title, told or _DONE))
    return None


def _say(respond: Respond, told: str) -> None:
    if not told:
        return
    try:
        respond(text=told, response_type="ephemeral", replace_original=False)
    except (*FAILURES, ValueError) as error:
        _log.warning("somebody was not told how something ended: %s", error)


def _show(client: WebClient, view_id: str, title: str, told: str) -> None:
    try:
        client.views_update(view_id=view_id, view=build_text_modal(title, [build_section(told)]))
    except FAILURES as error:
        _log.info("a form that said it was at work is closed: %s", error)
