"""Collecting: each post is kept once, and one broken network never stops the others."""

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import LocalServer, Served

from assistant.core.database import Store
from assistant.domain import Mention, ThreadPost
from assistant.errors import InputError, NetworkError, StoreError, TransientNetworkError
from assistant.listening.collect import Collector
from assistant.listening.networks.base.protocol import MentionPage, Network, Rejected
from assistant.listening.networks.rss import RssNetwork
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import CursorTables, UpstreamTables
from assistant.replies.tables.lessons import forget_lessons

_FEED = b"""<rss version="2.0"><channel><title>F</title><item><guid>1</guid><title>First</title></item>
<item><guid>1</guid><title>Same id again</title></item><item><guid>2</guid></item></channel></rss>"""


class ScriptedNetwork:
    """A network that fails or brings what it is told to; remembers the cursors it was given."""

    def __init__(self, name: str, fault: Exception | None = None, mentions: tuple[Mention, ...] = ()) -> None:
        self.name = name
        self.fault = fault
        self.mentions = mentions
        self.cursors: list[str] = []

    def read(self, cursor: str) -> MentionPage:
        """Fail, or one page."""
        self.cursors.append(cursor)
        if self.fault:
            raise self.fault
        return MentionPage(self.mentions, (Rejected("entry 1", "has no text"),), cursor + "+")


@pytest.fixture
def mentions(store: Store) -> MentionTables:
    return MentionTables(store)


def _collecting(store: Store, networks: Sequence[Network]) -> Collector:
    return Collector(UpstreamTables(store, forget_lessons), CursorTables(store), networks)


def _failing(store: Store) -> dict[str, datetime]:
    """Each network that could not be read, and since when."""
    return {c.network: c.failed_since for c in CursorTables(store).coverages() if c.failed_since}


def _mention(external_id: str, now: datetime) -> Mention:
    return Mention(f"x:{external_id}", "x", external_id, "ann", "Hi", now)


def _write(path: Path, count: int) -> Path:
    lines = [json.dumps({"id": number, "text": "Hi", "created_at": "2026-11-09"}) for number in range(count)]
    path.write_text("\n".join([*lines, "no json"]))
    return path


def test_a_file_is_taken_in_once(store: Store, mentions: MentionTables, tmp_path: Path, now: datetime) -> None:
    collecting = _collecting(store, [])
    path = _write(tmp_path / "posts.jsonl", 1200)
    steps: list[int] = []
    report = collecting.collect_file(path, now, steps.append)
    assert (report.new, report.known, report.rejected) == (1200, 0, [Rejected("line 1201", "is no JSON object")])
    assert steps == [500, 1000, 1200]
    again = collecting.collect_file(path, now)
    assert (again.new, again.known, mentions.count()) == (0, 1200, 1200)


def test_a_file_that_is_not_there_is_refused(store: Store, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        _collecting(store, []).collect_file(tmp_path / "gone.jsonl", now)


@pytest.mark.parametrize("fault", [NetworkError("It is down."), ZeroDivisionError("a bug in a library")])
def test_one_broken_network_never_stops_the_others(fault: Exception, store: Store, now: datetime) -> None:
    broken, good = ScriptedNetwork("a", fault), ScriptedNetwork("b", mentions=(_mention("1", now),))
    report = _collecting(store, [broken, good]).collect_networks(now)
    assert (report.new, len(report.rejected), [failed.place for failed in report.failed]) == (1, 1, ["a"])
    assert _failing(store) == {"a": now}


def test_a_database_that_fails_is_no_fault_of_a_network(store: Store, now: datetime) -> None:
    with pytest.raises(StoreError):
        _collecting(store, [ScriptedNetwork("a", StoreError("The disk is full."))]).collect_networks(now)


def test_a_failure_is_dated_from_its_first_time_until_a_success(store: Store, now: datetime) -> None:
    network = ScriptedNetwork("a", NetworkError("It is down."))
    collecting = _collecting(store, [network])
    for hour in range(3):
        collecting.collect_networks(now + timedelta(hours=hour))
    assert _failing(store) == {"a": now}
    network.fault = None
    collecting.collect_networks(now + timedelta(hours=3))
    assert _failing(store) == {}


def test_a_failure_keeps_the_cursor(store: Store, now: datetime) -> None:
    network = ScriptedNetwork("a")
    collecting = _collecting(store, [network])
    for fault in (None, NetworkError("down"), None):
        network.fault = fault
        collecting.collect_networks(now)
    assert network.cursors == ["", "+", "+"]


def test_only_the_named_network_is_read(store: Store, now: datetime) -> None:
    first, second = ScriptedNetwork("rss:a"), ScriptedNetwork("hackernews")
    _collecting(store, [first, second]).collect_networks(now, only="rss")
    assert (len(first.cursors), len(second.cursors)) == (1, 0)


@pytest.mark.parametrize(("only", "message"), [("", "No network is configured"), ("x", "network x is not configured")])
def test_a_network_that_is_not_configured_is_refused(only: str, message: str, store: Store, now: datetime) -> None:
    networks: list[Network] = [ScriptedNetwork("rss:a")] if only else []
    with pytest.raises(InputError, match=message) as caught:
        _collecting(store, networks).collect_networks(now, only)
    assert "RSS_FEEDS" in caught.value.hint


def test_feeds_are_collected_over_http(
    store: Store, mentions: MentionTables, server: LocalServer, now: datetime
) -> None:
    urls = [server.put("/gone", Served(status=404)), server.put("/feed", Served(_FEED, headers={"ETag": '"1"'}))]
    collecting = _collecting(store, [RssNetwork(url, lambda: now) for url in urls])
    report = collecting.collect_networks(now)
    assert (report.new, report.known, len(report.rejected), len(report.failed)) == (1, 1, 1, 1)
    assert mentions.find("1").text == "First"
    again = collecting.collect_networks(now)
    assert (again.new, again.known, len(again.failed)) == (0, 0, 1)
    asked = [headers.get("if-none-match") for path, headers in server.requests if path == "/feed"]
    assert asked == [None, '"1"']


class RecheckedNetwork(ScriptedNetwork):
    """A network that can be asked again; `now_there` are the posts that it then shows."""

    recheck_limit = 10

    def __init__(self, name: str, mentions: tuple[Mention, ...], now_there: tuple[Mention, ...]) -> None:
        super().__init__(name, mentions=mentions)
        self.now_there = now_there
        self.asked: list[tuple[str, ...]] = []

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """What is there now; the rest is gone."""
        self.asked.append(tuple(external_ids))
        left = {mention.external_id for mention in self.now_there}
        return MentionPage(self.now_there, (), "", removed=tuple(i for i in external_ids if i not in left))


def test_known_posts_are_asked_for_again_after_some_hours(store: Store, mentions: MentionTables, now: datetime) -> None:
    kept, edited, gone = (_mention(number, now) for number in "123")
    network = RecheckedNetwork("x", (kept, edited, gone), (kept, replace(edited, text="Hello")))
    collecting = _collecting(store, [network])
    collecting.collect_networks(now)
    network.mentions = ()
    collecting.collect_networks(now + timedelta(hours=1))
    assert network.asked == []
    report = collecting.collect_networks(now + timedelta(hours=7))
    assert network.asked == [("1", "2", "3")]
    assert (report.edited, report.removed) == (1, ["x:3"])
    assert (mentions.find("x:2").text, mentions.find("x:3").author) == ("Hello", "")
    collecting.collect_networks(now + timedelta(hours=8))
    assert len(network.asked) == 1


def test_each_network_is_reported_by_its_own(store: Store, now: datetime) -> None:
    good, broken = ScriptedNetwork("b", mentions=(_mention("1", now),)), ScriptedNetwork("a", NetworkError("Down."))
    report = _collecting(store, [broken, good]).collect_networks(now)
    assert [(done.network, done.new, done.rejected, done.failure) for done in report.networks] == [
        ("a", 0, 0, "Down."),
        ("b", 1, 1, ""),
    ]


def test_a_platform_that_said_when_to_come_back_is_not_asked_before(store: Store, now: datetime) -> None:
    until = now + timedelta(minutes=15)
    network = ScriptedNetwork("x", TransientNetworkError("Its rate limit is reached.", retry_at=until))
    collecting = _collecting(store, [network])
    collecting.collect_networks(now)
    report = collecting.collect_networks(now + timedelta(minutes=5))
    assert (len(network.cursors), report.failed[0].reason) == (1, "Its rate limit is reached.")
    network.fault = None
    collecting.collect_networks(until)
    assert (len(network.cursors), _failing(store)) == (2, {})


def test_a_network_that_fails_in_part_keeps_the_rest_and_is_said_to_fail(
    store: Store, mentions: MentionTables, now: datetime
) -> None:
    class Half(ScriptedNetwork):
        def read(self, cursor: str) -> MentionPage:
            self.cursors.append(cursor)
            return MentionPage(self.mentions, (), "half", is_capped=True, failure=NetworkError("No such subreddit."))

    network = Half("x", mentions=(_mention("1", now),))
    report = _collecting(store, [network]).collect_networks(now)
    assert (report.new, report.failed, _failing(store)) == (1, [Rejected("x", "No such subreddit.")], {"x": now})
    assert report.networks[0].is_capped
    _collecting(store, [network]).collect_networks(now + timedelta(hours=1))
    assert (network.cursors, _failing(store)) == (["", "half"], {"x": now})


def test_a_post_that_is_edited_upstream_is_edited_here(
    store: Store, mentions: MentionTables, server: LocalServer, now: datetime
) -> None:
    url = server.put("/feed", Served(_FEED))
    collecting = _collecting(store, [RssNetwork(url, lambda: now)])
    collecting.collect_networks(now)
    server.put("/feed", Served(_FEED.replace(b"First", b"Mended")))
    report = collecting.collect_networks(now)
    assert (report.new, report.edited) == (0, 1)
    assert mentions.find("1").text == "Mended"


def test_posts_older_than_they_are_kept_are_not_taken_in_and_are_counted(
    store: Store, mentions: MentionTables, now: datetime
) -> None:
    old = replace(_mention("1", now), created_at=now - timedelta(days=31))
    parents = (ThreadPost("x", "p", "bo", "Hello", now - timedelta(days=31)),)
    network = ScriptedNetwork("x", mentions=(old, replace(_mention("2", now), in_reply_to="p")))

    class WithParents(ScriptedNetwork):
        def read(self, cursor: str) -> MentionPage:
            return replace(network.read(cursor), parents=parents)

    collecting = Collector(
        UpstreamTables(store, forget_lessons), CursorTables(store), [WithParents("x")], retention_days=30
    )
    for _ in range(2):
        report = collecting.collect_networks(now)
    assert (report.new, report.known, report.too_old, report.networks[0].too_old) == (0, 1, 1, 1)
    assert [row["mention_id"] for row in mentions.latest(9)] == ["x:2"]
    assert store.rows("select * from parent_posts") == []


def test_a_post_from_the_far_future_is_rejected_and_one_from_a_fast_clock_is_kept(store: Store, now: datetime) -> None:
    posts = tuple(
        Mention(f"x:{hours}", "x", str(hours), "ann", "Hi", now + timedelta(hours=hours)) for hours in (2, 48)
    )
    report = _collecting(store, [ScriptedNetwork("x", mentions=posts)]).collect_networks(now)
    assert report.new == 1
    assert Rejected("x:48", "was written in the future", "x") in report.rejected


def test_a_slow_network_holds_up_no_other(store: Store, now: datetime) -> None:
    """Each of these answers only after the other was asked too."""
    both = threading.Barrier(2, timeout=60)

    class Slow:
        def __init__(self, name: str) -> None:
            self.name = name

        def read(self, cursor: str) -> MentionPage:
            both.wait()
            return MentionPage((), (), "")

    report = _collecting(store, [Slow("rss:a"), Slow("rss:b")]).collect_networks(now)
    assert [(done.network, done.failure) for done in report.networks] == [("rss:a", ""), ("rss:b", "")]


def test_a_network_that_does_not_end_keeps_no_other_from_being_read_and_is_taken_once_it_ends(
    store: Store, now: datetime
) -> None:
    may_end = threading.Event()

    class Slow(ScriptedNetwork):
        def read(self, cursor: str) -> MentionPage:
            may_end.wait(60)
            return super().read(cursor)

    slow, quick = Slow("x", mentions=(_mention("1", now),)), ScriptedNetwork("rss:a")
    collecting = _collecting(store, [slow, quick])
    for _ in range(2):
        report = collecting.collect_networks(now, patience_seconds=0.5)
        assert [done.network for done in report.networks] == ["rss:a"]
    may_end.set()
    report = collecting.collect_networks(now)
    assert ([done.network for done in report.networks], report.new) == (["x", "rss:a"], 1)
    assert slow.cursors == [""], "it was asked once"
