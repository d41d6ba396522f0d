"""The app gets what its manifest asks for, and nothing else; limits and people that other tests do not look at."""

from pathlib import Path

import pytest
from slack_double.block_cases import IMAGE
from slack_double.errors import Impossible
from slack_double.page import read_manifest
from slack_double.samples import Clock, client_of, refused, running_double, section
from slack_double.serving import build_app, connect
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

MANIFEST = """
display_information: {name: Helper}
features:
  app_home: {home_tab_enabled: true}
  slash_commands: [{command: /look, description: Look it up}]
  shortcuts: [{name: Draft, type: message, callback_id: draft}]
oauth_config: {scopes: {bot: [chat:write, commands]}}
settings: {event_subscriptions: {bot_events: [app_mention, message.im]}}
"""


def test_a_manifest_says_what_the_app_may_and_hears(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_text(MANIFEST)
    settings = read_manifest(path).to_settings(port=0)
    assert settings.scopes == frozenset({"chat:write", "commands"})
    assert settings.events == frozenset({"app_mention", "message.im"})
    assert (settings.commands, settings.shortcuts) == (frozenset({"/look"}), frozenset({"draft"}))
    assert settings.has_home


def test_only_events_that_the_app_asked_for_are_delivered() -> None:
    with running_double(events=frozenset({"message.im"})) as slack:
        slack.say("C1", "U1", f"<@{slack.bot_user_id}> hello")
        slack.say(slack.open_dm("U1"), "U1", "hello")
        opened = slack.open_home("U1")
        assert {one.payload["event"]["channel_type"] for one in slack.journal.deliveries} == {"im"}
        assert opened.problem == "the app does not subscribe to it"


def test_commands_shortcuts_and_a_home_tab_that_the_app_has_not_cannot_be_used() -> None:
    with running_double(commands=frozenset(), shortcuts=frozenset(), has_home=False) as slack:
        with pytest.raises(Impossible, match="/look is not a valid command"):
            slack.slash("/look", "", "U1", "C1")
        with pytest.raises(Impossible, match="no shortcut draft"):
            slack.shortcut("draft", "U1")
        with refused("not_enabled"):
            client_of(slack).views_publish(user_id="U1", view={"type": "home", "blocks": []})


def test_events_beyond_an_hours_allowance_are_never_delivered() -> None:
    clock = Clock()
    with running_double(events_an_hour=2, clock=clock) as slack:
        for text in ("one", "two", "three"):
            slack.say("C1", "U1", text)
        clock.now += 3600
        slack.say("C1", "U1", "four")
        over = [one for one in slack.journal.deliveries if one.problem == "over the workspace's events an hour"]
        assert [one.payload["event"]["text"] for one in over] == ["three"]


def test_a_response_url_ends_after_half_an_hour_of_the_doubles_clock() -> None:
    clock = Clock()
    with running_double(clock=clock) as slack:
        address = slack.slash("/look", "", "U1", "C1").payload["response_url"]
        assert WebhookClient(address).send(text="in time").status_code == 200
        clock.now += 1801
        assert WebhookClient(address).send(text="late").status_code == 404
        assert [one["text"] for one in slack.ephemerals] == ["in time"]


def test_a_held_back_event_arrives_later() -> None:
    with running_double() as slack:
        app = build_app(slack)
        with connect(slack, app):
            slack.delay_events(0.3)
            slack.say("C1", "U1", "slow")
            delivery = slack.journal.deliveries[0]
            slack.wait_for(lambda: delivery.sent_at, what="the event")
        assert delivery.sent_at is not None
        assert delivery.sent_at - delivery.queued_at >= 0.3


def test_another_apps_bot_is_told_apart_in_events_and_by_its_id() -> None:
    with running_double() as slack:
        slack.add_user("U7", "robot", is_bot=True)
        slack.invite("C1", "U7")
        slack.say("C1", "U7", f"<@{slack.bot_user_id}> hello")
        events = [one.payload["event"] for one in slack.journal.deliveries]
        assert {event["type"] for event in events} == {"message", "app_mention"}
        assert {event["bot_id"] for event in events} == {"B7"}
        client = client_of(slack)
        assert client.bots_info(bot="B7")["bot"]["user_id"] == "U7"
        assert {one["id"] for one in client.users_list()["members"]} == {slack.bot_user_id, "U1", "U2", "U7"}
        with refused("bot_not_found"):
            client.bots_info(bot="B1")


def test_a_reaction_can_be_taken_back_once() -> None:
    with running_double() as slack:
        client, ts = client_of(slack), slack.say("C1", "U1", "hello")
        slack.react("C1", ts, "U2", "eyes")
        client.reactions_add(channel="C1", timestamp=ts, name="eyes")
        assert slack.messages("C1")[0]["reactions"] == [
            {"name": "eyes", "users": ["U2", slack.bot_user_id], "count": 2}
        ]
        client.reactions_remove(channel="C1", timestamp=ts, name="eyes")
        slack.unreact("C1", ts, "U2", "eyes")
        assert slack.messages("C1")[0]["reactions"] == []
        with refused("no_reaction"):
            client.reactions_remove(channel="C1", timestamp=ts, name="eyes")


def test_blocks_may_only_show_files_that_were_uploaded() -> None:
    with running_double(scopes=frozenset({"chat:write", "files:write", "files:read"})) as slack:
        client = client_of(slack)
        unknown = {"type": "image", "alt_text": "a chart", "slack_file": {"id": "F404"}}
        with refused("invalid_blocks"):
            client.chat_postMessage(channel="C1", text="x", blocks=[unknown])
        stored = client.files_upload_v2(content=b"x", filename="a.png")["file"]["id"]
        assert client.files_info(file=stored)["file"]["name"] == "a.png"
        known = {**unknown, "slack_file": {"id": stored}}
        assert client.chat_postMessage(channel="C1", text="x", blocks=[known, IMAGE])["ok"]


def test_markdown_blocks_together_have_one_limit() -> None:
    halves = [{"type": "markdown", "text": "x" * 6001}] * 2
    with running_double() as slack:
        client = client_of(slack)
        with pytest.raises(SlackApiError, match="all markdown blocks"):
            client.chat_postMessage(channel="C1", text="x", blocks=[section(), *halves])
