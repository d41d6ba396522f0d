"""What the page's server does, without a browser: who may use it, and what a person's typing becomes."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_double.page import Manifest, SlackPage
from slack_double.page.composing import decode_typed, encode_typed
from slack_double.settings import BOT_SCOPES


@pytest.fixture(scope="module")
def page() -> Iterator[SlackPage]:
    manifest = Manifest("Helper", BOT_SCOPES, frozenset(), (), (), has_home=False)
    with SlackPage(manifest, manifest.to_settings(ack_timeout=0.2)) as slack:
        slack.add_user("U1", "ann")
        slack.add_user("U2", "bob")
        slack.introduce("U1", "member")
        slack.add_channel("C1", "general", members=["U1", "U2"])
        yield slack


def fetch(page: SlackPage, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
    """Status and text of an answer; with a body it is a POST of JSON."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        with urllib.request.urlopen(urllib.request.Request(page.page_url + path, data, sent)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("", {}, 200),
        ("static/app.js", {}, 200),
        ("static/..%2froutes.py", {}, 404),
        ("", {"Host": "evil.example:80"}, 403),
        ("", {"Origin": "https://evil.example"}, 403),
        ("page/stream?user=U2", {}, 404),
        ("page/file/F1", {}, 404),
    ],
)
def test_only_the_page_itself_gets_in(page: SlackPage, path: str, headers: dict[str, str], status: int) -> None:
    assert fetch(page, path, **headers)[0] == status


def test_another_sites_form_cannot_click_for_the_visitor(page: SlackPage) -> None:
    said = {"do": "say", "user": "U1", "channel": "C1", "text": "hi"}
    assert fetch(page, "page/do", said, Content_Type="text/plain")[0] == 415
    assert fetch(page, "page/do", said, Origin="https://evil.example")[0] == 403
    assert page.messages("C1") == []


@pytest.mark.parametrize(
    ("deed", "problem"),
    [
        ({"do": "say", "user": "U2", "channel": "C1", "text": "hi"}, "no such person"),
        ({"do": "say", "user": "U1", "channel": "C1", "text": "  "}, "nothing to send"),
        ({"do": "say", "user": "U1", "channel": "C1", "text": "/x", "thread": "1.1"}, "no commands in threads"),
        ({"do": "say", "user": "U1", "channel": "C9", "text": "hi"}, "no channel C9"),
        ({"do": "delete", "user": "U1", "channel": "C1", "ts": "1.1"}, "Only whoever wrote"),
        ({"do": "click", "user": "U1", "where": "home", "action_id": "x"}, "no Home tab"),
        ({"do": "dance", "user": "U1"}, "does not understand"),
        ([], "does not understand"),
        ({"do": "shortcut", "user": "U1", "callback_id": "x"}, "no shortcut x"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(page: SlackPage, deed: Any, problem: str) -> None:
    status, text = fetch(page, "page/do", deed)
    assert status == 200
    assert problem in json.loads(text)["problem"]


def test_typing_becomes_mentions_channels_and_links_and_the_rest_is_escaped(page: SlackPage) -> None:
    typed = "@Helper see #general, https://a.example/x?y=1&z=2. <b> me@work & @ann"
    assert encode_typed(typed, page.world.workspace) == (
        f"<@{page.bot_user_id}> see <#C1|general>, <https://a.example/x?y=1&amp;z=2>. &lt;b&gt; me@work &amp; <@U1>"
    )


@given(st.text(alphabet=st.sampled_from("ab <>&@#|.!/:ann general https://x.y")))
def test_what_is_typed_can_be_edited_as_it_was(page: SlackPage, typed: str) -> None:
    workspace = page.world.workspace
    encoded = encode_typed(typed, workspace)
    assert encode_typed(decode_typed(encoded, workspace), workspace) == encoded
