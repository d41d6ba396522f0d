"""What an app shows and asks in Slack, the page shows and asks too; clicks reach the app as Slack's would."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_double import BOT_SCOPES, build_app, connect
from slack_double.block_cases import GOOD
from slack_double.page import Manifest, SlackPage
from slack_double.samples import FEEDBACK, actions, button, client_of, modal, option, plain, section, select, text_input
from slack_sdk import WebClient

from slack_browser.browser import Browser

Json = dict[str, Any]
EVENTS = "message.channels message.im app_mention app_home_opened reaction_added".split()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8ffff3f0005fe02fea73581840000000049454e44ae426082"
)
EVIL = "<script>window.wasRun = 1</script><img src=x onerror='window.wasRun = 1'> javascript:alert(1)"


@pytest.fixture
def slack() -> Iterator[SlackPage]:
    """A workspace with an app that may do everything."""
    command = {"command": "/look", "description": "Look something up", "usage_hint": "[words]"}
    shortcut = {"name": "Draft a reply", "type": "message", "callback_id": "draft"}
    manifest = Manifest("Helper", BOT_SCOPES, frozenset(EVENTS), (command,), (shortcut,), has_home=True)
    with SlackPage(manifest, manifest.to_settings(rate_limit=False, ack_timeout=1.0)) as page:
        page.add_user("U1", "ann")
        page.introduce("U1", "member")
        page.add_channel("C1", "general", members=["U1"])
        yield page


@pytest.fixture
def app(slack: SlackPage) -> Iterator[App]:
    """A connected Bolt app without listeners."""
    app = build_app(slack)
    with connect(slack, app):
        yield app


def test_every_kind_of_block_is_drawn_and_no_text_of_a_post_is_run(
    slack: SlackPage, app: App, browser: Browser
) -> None:
    client = client_of(slack)
    for name, blocks in GOOD.items():
        client.chat_postMessage(channel="C1", text=name, blocks=blocks)
    evil = f"{EVIL} *bold* <javascript:alert(1)|click me>"
    client.chat_postMessage(
        channel="C1",
        text="evil",
        blocks=[section(evil), {"type": "markdown", "text": f"[x](javascript:alert(1)) {EVIL}"}],
    )
    slack.say("C1", "U1", "&lt;script&gt;window.wasRun = 1&lt;/script&gt; the last one")
    browser.open(slack, "U1", "C1")
    browser.wait_for_text("the last one")
    browser.keep("page-blocks")
    assert "is not drawn here" not in browser.read()
    assert "<script>window.wasRun = 1</script>" in browser.read()
    assert browser.driver.execute_script("return window.wasRun") is None
    assert browser.driver.execute_script("return document.querySelectorAll('a[href^=javascript]').length") == 0
    assert browser.complaints() == []


def test_buttons_menus_and_votes_arrive_with_what_was_chosen(slack: SlackPage, app: App, browser: Browser) -> None:
    seen = list[Json]()

    @app.action(re.compile(".*"))
    def on_use(ack: Ack, action: Json) -> None:
        ack()
        seen.append(action)

    confirm = {
        "title": plain("Sure?"),
        "text": plain("It cannot be undone."),
        "confirm": plain("Do it"),
        "deny": plain("No"),
    }
    blocks = [
        actions(
            button("go", confirm=confirm),
            select(action_id="pick"),
            {"type": "overflow", "action_id": "more", "options": [option("x"), option("y")]},
        ),
        {"type": "context_actions", "elements": [FEEDBACK]},
    ]
    client_of(slack).chat_postMessage(channel="C1", text="choose", blocks=blocks)
    browser.open(slack, "U1", "C1")
    browser.press("Go")
    browser.wait_for_text("It cannot be undone.")
    browser.press("Do it")
    browser.find("//article//select/option[@value='b']").click()
    browser.press("👎 Bad")
    slack.wait_for(lambda: len(seen) == 3, what="three clicks")
    by_id = {action["action_id"]: action for action in seen}
    assert by_id["pick"]["selected_option"]["value"] == "b"
    assert by_id["feedback"]["value"] == "down"


def test_a_form_shows_its_errors_keeps_what_was_typed_and_can_open_another(
    slack: SlackPage, app: App, browser: Browser
) -> None:
    @app.shortcut("draft")
    def on_shortcut(ack: Ack, client: WebClient, shortcut: Json) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal(text_input(), section("*Look*")))

    @app.view("form")
    def on_submit(ack: Ack, view: Json) -> None:
        if view["state"]["values"]["answer"]["text"]["value"] != "42":
            ack(response_action="errors", errors={"answer": "Wrong answer"})
        else:
            ack(response_action="push", view=modal(section("Well done"), callback_id="second", title=plain("Second")))

    slack.say("C1", "U1", "help me")
    browser.open(slack, "U1", "C1")
    browser.press("More actions on this message")
    browser.press("Draft a reply")
    browser.press("Send", "//dialog")
    browser.wait_for_text("Please complete this required field.")
    browser.type_into("Answer", "41")
    browser.press("Send", "//dialog")
    browser.wait_for_text("Wrong answer")
    browser.keep("page-form-error")
    assert browser.find("//dialog//input").get_attribute("value") == "41"
    browser.type_into("Answer", "42")
    browser.press("Send", "//dialog")
    browser.wait_for_text("Well done")
    browser.press("Close", "//dialog")
    browser.wait_for_text("Look", "//dialog")
    assert [view["callback_id"] for view in slack.views("U1")] == ["form"]


def test_commands_answers_in_private_and_silence_are_shown(slack: SlackPage, app: App, browser: Browser) -> None:
    @app.command("/look")
    def on_look(ack: Ack, respond: Respond, command: Json) -> None:
        ack()
        respond(
            text=f"Found {command['text']}", blocks=[section(f"Found {command['text']}"), actions(button("nobody"))]
        )

    browser.open(slack, "U1", "C1")
    browser.type_into("Message #general", "/look")
    browser.wait_for_text("Look something up")
    browser.type_into("Message #general", "/look here", send=True)
    browser.wait_for_text("Only visible to you")
    browser.wait_for_text("Found here")
    browser.press("Go")
    browser.wait_for_text("did not answer within 1 seconds")
    browser.keep("page-private")
    browser.type_into("Message #general", "/other", send=True)
    browser.wait_for_text("/other is not a valid command")


def test_the_home_tab_status_streams_pictures_and_reactions_come_live(
    slack: SlackPage, app: App, browser: Browser
) -> None:
    @app.event("app_home_opened")
    def on_opened(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Your queue is empty")]})

    browser.open(slack, "U1", "", "", "home")
    browser.wait_for_text("Your queue is empty")
    browser.press("Messages")
    client, direct = client_of(slack), slack.open_dm("U1")
    ts = slack.say(direct, "U1", "how are you?")
    browser.press("Reply in thread")
    client.assistant_threads_setStatus(channel_id=direct, thread_ts=ts, status="is reading 3 documents")
    browser.wait_for_text("Helper is reading 3 documents")
    stream = client.chat_startStream(channel=direct, thread_ts=ts, markdown_text="I am **very")
    client.chat_appendStream(channel=direct, ts=stream["ts"], markdown_text=" well** today")
    browser.wait_for_text("I am very well today")
    client.chat_stopStream(channel=direct, ts=stream["ts"])
    client.files_upload_v2(channel=direct, content=PNG, filename="week.png", title="This week", alt_txt="A bar chart")
    client.reactions_add(channel=direct, timestamp=ts, name="eyes")
    browser.find("//img[@alt='A bar chart']")
    browser.press("👀 1")
    browser.press("👀 2")
    browser.keep("page-live")
    assert browser.driver.execute_script("return document.querySelector('img').naturalWidth") == 1
    assert browser.complaints() == []
