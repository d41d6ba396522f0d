"""The webhook: only who knows the secret may send posts, only now, and what is sent is kept once."""

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fakes import FakeEmbedder
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant.app import Assistant
from assistant.core import ports
from assistant.core.config import Settings
from assistant.errors import InputError, NetworkError
from assistant.listening.networks.webhook import parse, sign, verify
from assistant.service.webhook import Webhook, serve_webhook

SECRET = "a-secret-of-length"
NOW = datetime.fromisoformat("2026-11-16T09:00:00+00:00")
_POST = {"id": 1, "source": "Forum:x", "author": "ann", "text": "My bike", "created_at": "2026-11-16T08:00:00Z"}


def _stamp(moment: datetime = NOW) -> str:
    return str(int(moment.timestamp()))


@pytest.mark.parametrize("minutes", [-5, -1, 0, 1, 5])
def test_a_signed_request_of_now_is_let_in(minutes: int) -> None:
    stamp = _stamp(NOW + timedelta(minutes=minutes))
    verify(SECRET, stamp, sign(SECRET, stamp, b"body"), b"body", NOW)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_an_old_request_cannot_be_sent_again(minutes: int) -> None:
    stamp = _stamp(NOW + timedelta(minutes=minutes))
    with pytest.raises(InputError, match="older than five minutes, or from the future"):
        verify(SECRET, stamp, sign(SECRET, stamp, b"body"), b"body", NOW)


@pytest.mark.parametrize(
    ("secret", "stamp", "body"), [("another", _stamp(), b"body"), (SECRET, "0", b"body"), (SECRET, _stamp(), b"Body")]
)
def test_another_secret_time_or_body_does_not_fit_the_signature(secret: str, stamp: str, body: bytes) -> None:
    with pytest.raises(InputError, match="signature is wrong"):
        verify(SECRET, _stamp(), sign(secret, stamp, body), b"body", NOW)


@pytest.mark.parametrize("stamp", ["", "soon", "٣", "1e9", "9" * 400, "-1"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    with pytest.raises(InputError, match="no number of seconds"):
        verify(SECRET, stamp, sign(SECRET, stamp, b""), b"", NOW)


@given(stamp=st.text(), signature=st.text(), body=st.binary())
def test_nobody_gets_in_by_chance(stamp: str, signature: str, body: bytes) -> None:
    with pytest.raises(InputError):
        verify(SECRET, stamp.encode("utf-8", "replace").decode(), signature, body, NOW)


@pytest.mark.parametrize(
    "body", [json.dumps([_POST, _POST | {"id": 2}]), f"{json.dumps(_POST)}\n\n{json.dumps(_POST | {'id': 2})}\n"]
)
def test_posts_come_as_a_list_or_as_lines(body: str) -> None:
    assert [mention.mention_id for mention in parse(body.encode()).mentions] == ["forum-x:1", "forum-x:2"]


def test_a_wrong_post_spoils_only_itself() -> None:
    found = parse(json.dumps([_POST, {"id": 2}, 5]).encode())
    assert len(found.mentions) == 1
    assert [(post.place, post.reason) for post in found.rejected] == [
        ("post 2", "text is missing; created_at is missing"),
        ("post 3", "is no JSON object"),
    ]


def test_a_post_can_be_taken_away() -> None:
    assert parse(b'{"id": 1, "source": "Forum:x", "deleted": true}').removed == ("forum-x:1",)


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff", b"[" * 100_000, b'{"a": 1}{"b": 2}'])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(InputError, match=r"no JSON|holds no post"):
        parse(body)


def test_too_many_posts_at_once_are_refused() -> None:
    with pytest.raises(InputError, match="more than 1000 posts"):
        parse(json.dumps([_POST] * 1001).encode())


@given(
    line=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda parts: st.dictionaries(st.sampled_from(["id", "source", "deleted", "text"]), parts) | st.lists(parts),
    )
)
def test_whatever_is_sent_becomes_posts_or_reasons(line: object) -> None:
    delivery = parse(json.dumps([line]).encode())
    assert len(delivery.mentions) + len(delivery.rejected) + len(delivery.removed) == 1


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    monkeypatch.chdir(tmp_path)
    settings = Settings(earshot_home=tmp_path / "home", webhook_secret=SecretStr(SECRET))
    return Assistant(settings, clock=lambda: NOW, embedder=FakeEmbedder())


@pytest.fixture
def url(assistant: Assistant) -> Iterator[str]:
    server = serve_webhook(Webhook(assistant.home, assistant.listening, SECRET, lambda drafts: None), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.effective_port}/webhook"
    server.close()


def _send(url: str, content: object, secret: str = SECRET) -> httpx.Response:
    body = json.dumps(content).encode()
    headers = {"X-Earshot-Timestamp": _stamp(), "X-Earshot-Signature": sign(secret, _stamp(), body)}
    return httpx.post(url, content=body, headers=headers)


def test_posts_that_are_sent_are_kept_edited_and_taken_away(url: str, assistant: Assistant) -> None:
    assert _send(url, _POST).json() == {"new": 1, "known": 0, "edited": 0, "removed": 0, "rejected": []}
    assert _send(url, [_POST]).json()["known"] == 1
    assert _send(url, _POST | {"text": "My red bike"}).json()["edited"] == 1
    assert assistant.listening.mentions.find("forum-x:1").text == "My red bike"
    assert _send(url, {"id": 1, "source": "forum:x", "deleted": True}).json()["removed"] == 1
    assert assistant.listening.mentions.find("forum-x:1").text == ""


def test_a_request_that_is_sent_again_changes_nothing(url: str, assistant: Assistant) -> None:
    _send(url, _POST)
    _send(url, _POST | {"text": "My red bike"})
    assert _send(url, _POST).json() == {"note": "This request was taken in before."}
    assert assistant.listening.mentions.find("forum-x:1").text == "My red bike"


def test_who_does_not_know_the_secret_is_refused(url: str, assistant: Assistant) -> None:
    for response in (_send(url, _POST, "another"), httpx.post(url, json=_POST)):
        assert response.status_code == 401
        assert SECRET not in response.text
    assert assistant.listening.mentions.count() == 0


def test_what_is_no_post_request_of_this_address_is_refused(url: str) -> None:
    assert httpx.get(url).status_code == 405
    assert httpx.post(f"{url}/more").status_code == 404
    assert _send(url, "words").json()["rejected"] == [{"place": "post 1", "reason": "is no JSON object"}]


def test_a_request_that_is_too_large_is_refused(url: str) -> None:
    answer = httpx.post(url, content=b" " * 5_000_001)
    assert answer.status_code == 413
    assert answer.json()["hint"] == "Send at most 5 MB at once."


def test_a_post_from_the_future_is_told_and_not_lost_in_silence(url: str) -> None:
    answer = _send(url, _POST | {"created_at": "2099-01-01"}).json()
    assert answer["rejected"] == [{"place": "forum-x:1", "reason": "was written in the future"}]


def test_a_database_that_cannot_be_used_is_told_in_json(url: str, assistant: Assistant) -> None:
    assistant.home.store.change("drop table deliveries")
    answer = _send(url, _POST)
    assert answer.status_code == 503
    assert answer.json()["hint"] == "Send the same again later."
    assert "waitress" not in answer.text


@pytest.mark.parametrize("named", [{"id": " 1 "}, {"id": 1, "source": " "}])
def test_a_deletion_finds_the_post_however_it_is_written(named: dict[str, object]) -> None:
    found = parse(
        json.dumps([{"text": "Hi", "created_at": "2026-11-16", **named}, {"deleted": True, **named}]).encode()
    )
    assert [mention.mention_id for mention in found.mentions] == list(found.removed) == ["file:1"]


def test_a_port_that_is_taken_is_told(assistant: Assistant, url: str) -> None:
    port = int(url.rpartition(":")[2].partition("/")[0])
    with pytest.raises(NetworkError, match="cannot be used"):
        serve_webhook(Webhook(assistant.home, assistant.listening, SECRET, lambda drafts: None), "127.0.0.1", port)


def test_a_hundred_half_requests_leave_room_for_a_whole_one(url: str) -> None:
    address = httpx.URL(url)
    half = [socket.create_connection((address.host, address.port)) for _ in range(150)]
    for connection in half:
        connection.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\n")
    assert _send(url, _POST).json()["new"] == 1
    for connection in half:
        connection.close()


def test_a_connection_that_stays_silent_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_SILENT_SECONDS", 2)
    server = ports.serve(lambda environ, start: [], "127.0.0.1", 0, "PORT", 1, 100)
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=30) as connection:
        connection.sendall(b"POST /webhook HTTP/1.1\r\n")
        assert connection.recv(1) == b""
    server.close()


@pytest.mark.parametrize("post_id", [None, "", 1.5, ["1"]])
def test_a_deletion_that_names_no_post_is_told(post_id: object) -> None:
    delivery = parse(json.dumps([{"id": "1", "deleted": True}, {"id": post_id, "deleted": True}]).encode())
    assert delivery.removed == ("file:1",)
    assert [(post.place, post.reason) for post in delivery.rejected] == [("post 2", "should be deleted, but has no id")]
