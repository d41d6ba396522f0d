"""The outbox: one line for each reply, however often it is sent and wherever a crash struck."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from assistant.domain import Mention
from assistant.errors import NetworkError
from assistant.listening.networks.base.outbox import OutboxSender
from assistant.listening.networks.base.protocol import SentReply


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.jsonl"


@pytest.fixture
def outbox(path: Path, now: datetime) -> OutboxSender:
    return OutboxSender(path, lambda: now)


@pytest.fixture
def mention(now: datetime) -> Mention:
    return Mention("file:1", "file", "1", "ann", "Hi", now)


def test_a_reply_is_one_line_with_all_another_tool_needs(outbox: OutboxSender, path: Path, mention: Mention) -> None:
    assert outbox.send(mention, "Hé,\nthanks", "key-1") == SentReply("key-1")
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {
            "send_key": "key-1",
            "mention_id": "file:1",
            "in_reply_to": "1",
            "text": "Hé,\nthanks",
            "sent_at": "2026-11-16T09:00:00+00:00",
        }
    ]


def test_sending_the_same_key_again_writes_nothing(outbox: OutboxSender, path: Path, mention: Mention) -> None:
    for key in ("key-1", "key-1", "key-2"):
        outbox.send(mention, "Thanks", key)
    assert len(path.read_text().splitlines()) == 2


def test_a_reply_is_found_by_its_key_only_once_it_was_sent(outbox: OutboxSender, mention: Mention) -> None:
    assert outbox.find(mention, "key-1") is None
    outbox.send(mention, "Thanks", "key-1")
    assert outbox.find(mention, "key-1") == SentReply("key-1")
    assert outbox.find(mention, "key") is None


@pytest.mark.parametrize("kept", [1, 30, -1])
def test_a_line_torn_by_a_crash_counts_as_none_and_is_repaired(
    kept: int, outbox: OutboxSender, path: Path, mention: Mention
) -> None:
    outbox.send(mention, "Thanks", "key-1")
    whole = path.read_bytes()
    outbox.send(mention, "Hé", "key-2")
    path.write_bytes(whole + path.read_bytes()[len(whole) :][:kept])
    assert outbox.find(mention, "key-2") is None
    outbox.send(mention, "Hé", "key-2")
    assert [json.loads(line)["send_key"] for line in path.read_text().splitlines()] == ["key-1", "key-2"]


def test_a_torn_line_all_alone_is_repaired(outbox: OutboxSender, path: Path, mention: Mention) -> None:
    path.write_bytes(b'{"send_key": "key')
    outbox.send(mention, "Thanks", "key-1")
    assert len(path.read_text().splitlines()) == 1


@pytest.mark.parametrize("line", ["hello", "[]", "{}", "\xff"])
def test_a_line_that_is_not_ours_stops_sending_with_a_plain_message(
    line: str, outbox: OutboxSender, path: Path, mention: Mention
) -> None:
    path.write_bytes(line.encode("latin-1") + b"\n")
    with pytest.raises(NetworkError, match="no reply of ours"):
        outbox.send(mention, "Thanks", "key-1")
    assert path.read_bytes() == line.encode("latin-1") + b"\n"


def test_an_outbox_that_cannot_be_written_says_so(tmp_path: Path, mention: Mention, now: datetime) -> None:
    outbox = OutboxSender(tmp_path / "gone" / "outbox.jsonl", lambda: now)
    with pytest.raises(NetworkError, match="cannot be written") as caught:
        outbox.send(mention, "Thanks", "key-1")
    assert "earshot review resume" in caught.value.hint


def test_an_outbox_that_cannot_be_read_says_so(tmp_path: Path, mention: Mention, now: datetime) -> None:
    with pytest.raises(NetworkError, match="cannot be read"):
        OutboxSender(tmp_path, lambda: now).find(mention, "key-1")
