"""Delivery over HTTP, to a real Bolt app behind WSGI."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_double.aliases import Json
from slack_double.double import SlackDouble
from slack_double.samples import add_form, client_of, collect_events, open_form, running_double
from slack_double.serving import build_app


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """No line on stderr for each request."""


@contextmanager
def http_double(**chosen: Any) -> Iterator[tuple[SlackDouble, list[App]]]:
    """A double that posts to a WSGI server; the app is put into the list once it is built."""
    apps: list[App] = []

    def answer(environ: Any, start_response: Any) -> Any:
        return SlackRequestHandler(apps[0])(environ, start_response)

    server = make_server("127.0.0.1", 0, answer, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with running_double(http_url=f"http://127.0.0.1:{server.server_port}/slack/events", **chosen) as slack:
            yield slack, apps
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_over_http_events_clicks_and_modals_work_with_slacks_signature() -> None:
    with http_double() as (slack, apps):
        app, seen = build_app(slack), list[Json]()
        apps.append(app)
        add_form(app, seen, {"response_action": "clear"})
        events = collect_events(app)
        slack.say("C1", "U1", f"<@{slack.bot_user_id}> hello")
        slack.wait_for(lambda: len(events) == 2)
        open_form(slack)
        slack.submit_view("U1", {"answer": {"text": "x"}})
        assert (len(seen), slack.views("U1")) == (1, [])


def test_over_http_a_wrong_secret_is_refused_and_slack_tries_three_times_more() -> None:
    with http_double(retry_factor=0.0001) as (slack, apps):
        apps.append(App(client=client_of(slack), signing_secret="another secret"))
        slack.say("C1", "U1", "hello")
        tries = slack.journal.deliveries
        slack.wait_for(lambda: len(tries) == 4 and tries[-1].settled)
    assert [(one.status, one.attempt, one.retry_reason) for one in tries] == [
        (401, 0, None),
        (401, 1, "http_error"),
        (401, 2, "http_error"),
        (401, 3, "http_error"),
    ]


def test_over_http_a_slow_answer_is_tried_again_with_the_retry_headers() -> None:
    with http_double(ack_timeout=0.2, retry_factor=0.0001) as (slack, apps):
        app, retries = build_app(slack), list[tuple[Any, Any]]()
        apps.append(app)

        @app.middleware
        def be_slow_at_first(request: BoltRequest, next_: Any) -> None:
            retries.append((request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")))
            time.sleep(0.3 if len(retries) == 1 else 0)
            next_()

        collect_events(app)
        slack.say("C1", "U1", "hello")
        slack.wait_for(lambda: slack.journal.deliveries[-1].acked)
    assert retries[:2] == [(None, None), (["1"], ["http_timeout"])]
