"""The Slack double, driven by a real Bolt app: if these hold, the other tests may trust what it says.

The finer points (connections, HTTP, the Web API, blocks, faults) are proved beside the double, in
slack_double/test_*.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, BoltContext, Respond
from slack_double import BOT_SCOPES, Impossible, SlackDouble, build_app, connect
from slack_double.samples import (
    FEEDBACK,
    actions,
    add_form,
    button,
    client_of,
    collect_events,
    modal,
    open_form,
    running_double,
    select,
)
from slack_sdk import WebClient

Json = dict[str, Any]


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with running_double(retry_factor=0.001) as double:
        yield double


def test_a_mention_in_a_channel_arrives_twice_with_one_ts_and_two_event_ids(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app):
        ts = slack.say("C1", "U1", f"<@{slack.bot_user_id}> hello")
        slack.wait_for(lambda: len(seen) == 2)
    assert sorted(event["type"] for event in seen) == ["app_mention", "message"]
    assert {event["ts"] for event in seen} == {ts}
    assert len({event["event_id"] for event in seen}) == 2


def test_a_direct_message_arrives_once_even_when_it_mentions_the_bot(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app):
        slack.say(slack.open_dm("U1"), "U1", f"<@{slack.bot_user_id}> hello")
        slack.say("C1", "U1", "the last one")
        slack.wait_for(lambda: len(seen) >= 2 and all(one.settled for one in slack.journal.deliveries))
    assert sorted(event["channel_type"] for event in seen) == ["channel", "im"]


def test_the_app_hears_nothing_of_channels_it_is_not_in_nor_without_the_scope() -> None:
    with running_double(scopes=BOT_SCOPES - {"im:history"}) as slack:
        slack.add_channel("C2", "elsewhere", members=["U1"], with_bot=False)
        slack.say("C2", "U1", f"<@{slack.bot_user_id}> are you there")
        slack.say(slack.open_dm("U1"), "U1", "hello")
        assert slack.journal.deliveries == []


def test_an_edit_and_a_deletion_arrive_with_the_message_as_it_was(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app):
        ts = slack.say("C1", "U1", "frist")
        slack.edit_message("C1", ts, "first")
        slack.delete_message("C1", ts)
        slack.wait_for(lambda: len(seen) == 3)
    changed = next(event for event in seen if event.get("subtype") == "message_changed")
    deleted = next(event for event in seen if event.get("subtype") == "message_deleted")
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("frist", "first")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "first")
    assert slack.messages("C1") == []


def test_the_bots_own_posts_come_back_as_events_and_bolt_does_not_run_a_listener_for_them(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app):
        client_of(slack).chat_postMessage(channel="C1", text="from the bot")
        echo = slack.wait_for(lambda: slack.journal.deliveries_of("message"))[0]
        slack.wait_for(lambda: echo.acked)
    assert (seen, echo.origin) == ([], "bot")


def test_an_event_from_a_shared_channel_names_the_strangers_team(slack: SlackDouble) -> None:
    slack.add_user("U9", "guest", team_id="T9")
    slack.add_channel("C9", "shared", members=["U9"], is_ext_shared=True)
    app = build_app(slack)
    seen: list[BoltContext] = []

    @app.event("message")
    def on_message(context: BoltContext) -> None:
        seen.append(context)

    with connect(slack, app):
        slack.say("C9", "U9", "hello from outside")
        context = slack.wait_for(lambda: seen)[0]
    assert (context.team_id, context.actor_team_id) == (slack.team_id, "T9")
    assert client_of(slack).users_info(user="U9")["user"]["is_stranger"] is True
    assert client_of(slack).conversations_info(channel="C9")["channel"]["is_ext_shared"] is True


def test_a_click_opens_a_modal_and_its_submission_carries_the_value_by_input_block(slack: SlackDouble) -> None:
    app, seen = build_app(slack), list[Json]()
    add_form(app, seen)
    with connect(slack, app):
        open_form(slack)
        delivery = slack.submit_view("U1", {"answer": {"text": "forty-two"}})
    assert seen == [{"answer": {"text": {"type": "plain_text_input", "value": "forty-two"}}}]
    assert (delivery.acked, slack.views("U1")) == (True, [])


@pytest.mark.parametrize(
    ("answer", "callback_ids"),
    [
        ({"response_action": "errors", "errors": {"answer": "Too short"}}, ["form"]),
        ({"response_action": "update", "view": modal(callback_id="second")}, ["second"]),
        ({"response_action": "push", "view": modal(callback_id="second")}, ["form", "second"]),
        ({"response_action": "clear"}, []),
    ],
)
def test_the_answer_to_a_submission_decides_what_is_open(
    answer: Json, callback_ids: list[str], slack: SlackDouble
) -> None:
    app, seen = build_app(slack), list[Json]()
    add_form(app, seen, answer)
    with connect(slack, app):
        open_form(slack)
        delivery = slack.submit_view("U1", {"answer": {"text": "x"}})
    assert [view["callback_id"] for view in slack.views("U1")] == callback_ids
    assert (delivery.errors, delivery.problem) == (answer.get("errors", {}), None)


def test_feedback_and_menus_carry_what_was_chosen(slack: SlackDouble) -> None:
    app, seen = build_app(slack), list[Json]()

    @app.action("feedback")
    @app.action("pick")
    def on_choice(ack: Ack, action: Json) -> None:
        ack()
        seen.append(action)

    blocks = [{"type": "context_actions", "elements": [FEEDBACK]}, actions(select())]
    ts = client_of(slack).chat_postMessage(channel="C1", text="rate", blocks=blocks)["ts"]
    with connect(slack, app):
        slack.click("C1", ts, "feedback", "U1", choose="negative")
        slack.click("C1", ts, "pick", "U1", choose="b")
        slack.wait_for(lambda: len(seen) == 2)
    by_id = {action["action_id"]: action for action in seen}
    assert by_id["feedback"]["value"] == "down"
    assert by_id["pick"]["selected_option"]["value"] == "b"


def test_the_home_tab_is_published_on_opening_and_its_buttons_work(slack: SlackDouble) -> None:
    app, clicked = build_app(slack), list[Json]()

    @app.event("app_home_opened")
    def on_opened(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [actions(button("refresh"))]})

    @app.action("refresh")
    def on_refresh(ack: Ack, body: Json) -> None:
        ack()
        clicked.append(body["container"])

    with connect(slack, app):
        slack.open_home("U1")
        home = slack.wait_for(lambda: slack.home("U1"))
        slack.click_home("U1", "refresh")
        slack.wait_for(lambda: clicked)
    assert clicked == [{"type": "view", "view_id": home["id"]}]


def test_a_commands_ack_is_shown_to_the_person_alone_and_respond_can_post_in_the_channel(slack: SlackDouble) -> None:
    app = build_app(slack)

    @app.command("/ask")
    def on_ask(ack: Ack, respond: Respond, command: Json) -> None:
        ack(f"Looking up {command['text']}")
        respond(text="Found it", response_type="in_channel")

    with connect(slack, app):
        slack.slash("/ask", "prices", "U1", "C1")
        slack.wait_for(lambda: slack.ephemerals and slack.bot_messages("C1"))
    assert [(one["text"], one["shown_to"]) for one in slack.ephemerals] == [("Looking up prices", "U1")]
    assert [one["text"] for one in slack.bot_messages("C1")] == ["Found it"]


def test_a_click_on_an_ephemeral_message_can_replace_it_through_its_response_url(slack: SlackDouble) -> None:
    app = build_app(slack)

    @app.action("go")
    def on_click(ack: Ack, respond: Respond, body: Json) -> None:
        ack()
        assert "message" not in body
        respond(text="Shared", replace_original=True)

    client_of(slack).chat_postEphemeral(channel="C1", user="U1", text="only you", blocks=[actions(button())])
    with pytest.raises(Impossible, match="U2 can see"):
        slack.click("C1", slack.ephemerals[0]["ts"], "go", "U2")
    with connect(slack, app):
        slack.click("C1", slack.ephemerals[0]["ts"], "go", "U1")
        slack.wait_for(lambda: slack.ephemerals[0]["text"] == "Shared")
    assert slack.ephemerals[0]["blocks"] == []


def test_shortcuts_arrive_with_the_message_they_were_used_on(slack: SlackDouble) -> None:
    app, seen = build_app(slack), list[Json]()

    @app.shortcut("learn")
    def on_shortcut(ack: Ack, shortcut: Json) -> None:
        ack()
        seen.append(shortcut)

    ts = slack.say("C1", "U2", "Our shop opens at nine")
    with connect(slack, app):
        slack.shortcut("learn", "U1", "C1", ts)
        slack.shortcut("learn", "U1")
        slack.wait_for(lambda: len(seen) == 2)
    texts = {shortcut["type"]: shortcut.get("message", {}).get("text") for shortcut in seen}
    assert texts == {"message_action": "Our shop opens at nine", "shortcut": None}
