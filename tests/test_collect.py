"""Collecting: each post is kept once, and one broken network never stops the others."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import LocalServer, Served

from assistant.collect import Collecting
from assistant.domain import Mention
from assistant.errors import InputError, NetworkError, StoreError
from assistant.networks.network import Network, Page, Rejected
from assistant.networks.rss import RssNetwork
from assistant.store.database import Store
from assistant.store.mentions import MentionTables

_FEED = b"""<rss version="2.0"><channel><title>F</title><item><guid>1</guid><title>First</title></item>
<item><guid>1</guid><title>Same id again</title></item><item><guid>2</guid></item></channel></rss>"""


class ScriptedNetwork:
    """A network that fails or brings what it is told to; remembers the cursors it was given."""

    def __init__(self, name: str, fault: Exception | None = None, mentions: tuple[Mention, ...] = ()) -> None:
        self.name = name
        self.fault = fault
        self.mentions = mentions
        self.cursors: list[str] = []

    def read(self, cursor: str) -> Page:
        """Fail, or one page."""
        self.cursors.append(cursor)
        if self.fault:
            raise self.fault
        return Page(self.mentions, (Rejected("entry 1", "has no text"),), cursor + "+")


@pytest.fixture
def mentions(store: Store) -> MentionTables:
    return MentionTables(store)


def _mention(external_id: str, now: datetime) -> Mention:
    return Mention(f"x:{external_id}", "x", external_id, "ann", "Hi", now)


def _write(path: Path, count: int) -> Path:
    lines = [json.dumps({"id": number, "text": "Hi", "created_at": "2026-11-09"}) for number in range(count)]
    path.write_text("\n".join([*lines, "no json"]))
    return path


def test_a_file_is_taken_in_once(mentions: MentionTables, tmp_path: Path, now: datetime) -> None:
    collecting = Collecting(mentions, [])
    path = _write(tmp_path / "posts.jsonl", 1200)
    steps: list[int] = []
    report = collecting.collect_file(path, now, steps.append)
    assert (report.new, report.known, report.rejected) == (1200, 0, [Rejected("line 1201", "is no JSON object")])
    assert steps == [500, 1000, 1200]
    again = collecting.collect_file(path, now)
    assert (again.new, again.known, mentions.count()) == (0, 1200, 1200)


def test_a_file_that_is_not_there_is_refused(mentions: MentionTables, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Collecting(mentions, []).collect_file(tmp_path / "gone.jsonl", now)


@pytest.mark.parametrize("fault", [NetworkError("It is down."), ZeroDivisionError("a bug in a library")])
def test_one_broken_network_never_stops_the_others(fault: Exception, mentions: MentionTables, now: datetime) -> None:
    broken, good = ScriptedNetwork("a", fault), ScriptedNetwork("b", mentions=(_mention("1", now),))
    report = Collecting(mentions, [broken, good]).collect_networks(now)
    assert (report.new, len(report.rejected), [failed.place for failed in report.failed]) == (1, 1, ["a"])
    assert [row["network"] for row in mentions.failures()] == ["a"]


def test_a_database_that_fails_is_no_fault_of_a_network(mentions: MentionTables, now: datetime) -> None:
    with pytest.raises(StoreError):
        Collecting(mentions, [ScriptedNetwork("a", StoreError("The disk is full."))]).collect_networks(now)


def test_a_failure_is_dated_from_its_first_time_until_a_success(mentions: MentionTables, now: datetime) -> None:
    network = ScriptedNetwork("a", NetworkError("It is down."))
    collecting = Collecting(mentions, [network])
    for hour in range(3):
        collecting.collect_networks(now + timedelta(hours=hour))
    assert [row["failed_since"] for row in mentions.failures()] == ["2026-11-16T09:00:00.000Z"]
    network.fault = None
    collecting.collect_networks(now + timedelta(hours=3))
    assert mentions.failures() == []


def test_a_failure_keeps_the_cursor(mentions: MentionTables, now: datetime) -> None:
    network = ScriptedNetwork("a")
    collecting = Collecting(mentions, [network])
    for fault in (None, NetworkError("down"), None):
        network.fault = fault
        collecting.collect_networks(now)
    assert network.cursors == ["", "+", "+"]


def test_only_the_named_network_is_read(mentions: MentionTables, now: datetime) -> None:
    first, second = ScriptedNetwork("rss:a"), ScriptedNetwork("hackernews")
    Collecting(mentions, [first, second]).collect_networks(now, only="rss")
    assert (len(first.cursors), len(second.cursors)) == (1, 0)


@pytest.mark.parametrize(("only", "message"), [("", "No network is configured"), ("x", "network x is not configured")])
def test_a_network_that_is_not_configured_is_refused(
    only: str, message: str, mentions: MentionTables, now: datetime
) -> None:
    networks: list[Network] = [ScriptedNetwork("rss:a")] if only else []
    with pytest.raises(InputError, match=message) as caught:
        Collecting(mentions, networks).collect_networks(now, only)
    assert "RSS_FEEDS" in caught.value.hint


def test_feeds_are_collected_over_http(mentions: MentionTables, server: LocalServer, now: datetime) -> None:
    urls = [server.put("/gone", Served(status=404)), server.put("/feed", Served(_FEED, headers={"ETag": '"1"'}))]
    collecting = Collecting(mentions, [RssNetwork(url, lambda: now) for url in urls])
    report = collecting.collect_networks(now)
    assert (report.new, report.known, len(report.rejected), len(report.failed)) == (1, 1, 1, 1)
    assert mentions.find("1").text == "First"
    again = collecting.collect_networks(now)
    assert (again.new, again.known, len(again.failed)) == (0, 0, 1)
    assert server.requests[-1][1]["if-none-match"] == '"1"'
