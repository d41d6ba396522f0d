"""What the double's own tests share: a small workspace, block builders and a listener for events."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from .aliases import Json
from .double import SlackDouble


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def running_double(**chosen: Any) -> Iterator[SlackDouble]:
    with SlackDouble(**chosen) as slack:
        slack.add_user("U1", "ann")
        slack.add_user("U2", "bob")
        slack.add_channel("C1", "general", members=["U1", "U2"])
        yield slack


def client_of(slack: SlackDouble, token: str | None = None) -> WebClient:
    return WebClient(slack.bot_token if token is None else token, base_url=slack.api_url)


@contextmanager
def refused(code: str) -> Iterator[Json]:
    """The call inside must be refused with this code; the answer is left in what is yielded."""
    answer: Json = {}
    with pytest.raises(SlackApiError) as caught:
        yield answer
    answer.update(caught.value.response.data)
    assert answer["error"] == code


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str = "a") -> Json:
    return {"text": plain("Choice"), "value": value}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b")], **more}


def text_input(block_id: str = "answer", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "text", **more}
    return {"type": "input", "block_id": block_id, "label": plain("Answer"), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [text_input()]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": shown,
        **more,
    }


FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "up"},
    "negative_button": {"text": plain("Bad"), "value": "down"},
}


def collect_events(app: App) -> list[Json]:
    seen: list[Json] = []

    @app.event("app_mention")
    def on_mention(event: Json, body: Json) -> None:
        seen.append({**event, "event_id": body["event_id"]})

    @app.event({"type": "message", "subtype": None})
    @app.event({"type": "message", "subtype": "message_changed"})
    @app.event({"type": "message", "subtype": "message_deleted"})
    def on_message(event: Json, body: Json) -> None:
        seen.append({**event, "event_id": body["event_id"]})

    return seen


def add_form(app: App, seen: list[Json], answer: Json | None = None) -> None:
    @app.action("go")
    def on_click(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("form")
    def on_submit(ack: Ack, view: Json) -> None:
        seen.append(view["state"]["values"])
        ack(**(answer or {}))


def open_form(slack: SlackDouble) -> None:
    posted = client_of(slack).chat_postMessage(channel="C1", text="press", blocks=[actions(button())])
    slack.click("C1", posted["ts"], "go", "U1")
    slack.wait_for(lambda: slack.views("U1"), what="the form")
