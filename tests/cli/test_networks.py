"""What people see of the networks: a line for each after collecting, and what doctor says of them."""

import gzip
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Run, RunJson
from fakes import FakeEmbedder, LocalServer, Served

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.cli.options import start_logging
from assistant.core.config import Settings
from assistant.errors import ConfigError, InputError, NetworkError
from assistant.listening.networks.base.protocol import MentionPage
from assistant.service.doctor import Check, Health, examine

_FEED = (
    b"""<rss version="2.0"><channel><title>F</title><item><guid>1</guid><title>My bike</title></item></channel></rss>"""
)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


@pytest.fixture
def settings(tmp_path: Path, server: LocalServer) -> Settings:
    """Two feeds from a file, one of which is not there, and a network without its key."""
    feeds = [server.put("/good", Served(_FEED)), server.put("/gone", Served(status=404))]
    path = tmp_path / "networks.yaml"
    path.write_text(f"feeds: [{', '.join(feeds)}]\nyoutube: {{api_key: NO_SUCH_KEY_SET, videos: [v]}}\n")
    return Settings.model_validate({"earshot_home": tmp_path / "home", "networks_file": path})


def _check_networks(assistant: Assistant) -> Check:
    return next(check for check in examine(assistant) if check.name == "networks")


def test_collecting_tells_what_each_network_brought(run: Run, server: LocalServer) -> None:
    told = run("collect")
    assert "1 new, 0 known, 0 rejected." in told
    assert "127.0.0.1/good: 1 new\n" in told
    assert "127.0.0.1/gone: 0 new; could not be read\n" in told
    assert "YouTube: 0 new; could not be read\n" in told
    assert "HTTP 404. Check its address in networks.yaml or RSS_FEEDS." in told
    assert "The key NO_SUCH_KEY_SET is not set. Put it into .env" in told


def test_collecting_as_json_has_a_part_for_each_network(run_json: RunJson) -> None:
    report = run_json("collect")
    assert [done["new"] for done in report["networks"]] == [1, 0, 0]
    assert [bool(done["failure"]) for done in report["networks"]] == [False, True, True]


def test_doctor_says_which_network_is_down_since_when_and_how_to_mend_it(run: Run, assistant: Assistant) -> None:
    assert _check_networks(assistant).health is Health.GOOD
    run("collect")
    found = _check_networks(assistant)
    assert found.health is Health.BAD
    assert found.finding == "2 of 3 could not be read"
    feed, youtube = found.details
    assert feed.startswith("127.0.0.1/gone: The feed http")
    assert youtube.startswith("YouTube: The key NO_SUCH_KEY_SET is not set. Put it into .env, or into the environment.")


def test_a_network_that_was_taken_out_of_the_file_is_not_missed(run: Run, settings: Settings) -> None:
    run("collect")
    settings.networks_file.write_text("brands: [Larkspur Bikes]\n")
    fresh = Assistant(settings, embedder=FakeEmbedder())
    assert _check_networks(fresh).health is Health.OFF
    fresh.home.store.close()


def test_a_fault_in_the_file_is_told_with_its_line(run: Run, settings: Settings, assistant: Assistant) -> None:
    settings.networks_file.write_text("brands: [A]\nyoutub: {}\n")
    with pytest.raises(ConfigError, match=r"networks.yaml, line 2: there is no field youtub, perhaps youtube is meant"):
        run("collect")
    assert _check_networks(assistant).health is Health.BAD


def test_the_log_holds_no_keys_of_networks_and_no_line_for_each_request(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_SUCH_KEY_SET", "hush-hush-key")
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        start_logging(settings)
        logging.getLogger("some.sdk").warning("asking with Bearer hush-hush-key")
        logging.getLogger("httpx").info("HTTP Request: GET")
    finally:
        root.handlers = before
        root.setLevel(level)
    written = (settings.earshot_home / "earshot.log").read_text()
    assert "Bearer ***" in written
    assert "HTTP Request" not in written, "a line for each request would fill the log"


def _collect(assistant: Assistant, *words: str) -> object:
    """The exit status."""
    return build_app()(["collect", *words], obj=assistant, standalone_mode=False) or 0


@pytest.mark.parametrize(("words", "status"), [((), 0), (("--network", "youtube"), 1), (("--network", "rss"), 0)])
def test_collecting_fails_only_when_every_network_that_was_asked_failed(
    assistant: Assistant, words: tuple[str, ...], status: int
) -> None:
    assert _collect(assistant, *words) == status
    assert _collect(assistant, *words, "--json") == status


def test_a_file_of_which_no_line_can_be_read_is_a_failure_and_twenty_lines_are_told(
    assistant: Assistant, run: Run, run_json: RunJson, tmp_path: Path
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text("no json\n" * 50)
    assert _collect(assistant, "--file", str(path)) == 1
    told = run("collect", "--file", str(path))
    assert told.count("is no JSON object") == 20
    assert "… and 30 more that were rejected" in told
    assert len(run_json("collect", "--file", str(path))["rejected"]) == 50


def test_a_rejected_post_is_told_with_its_network(run: Run, server: LocalServer) -> None:
    server.put("/good", Served(_FEED.replace(b"<title>My bike</title>", b"")))
    told = run("collect")
    assert "127.0.0.1/good: 0 new, 1 rejected\n" in told
    assert "127.0.0.1/good, entry 1: has no text" in told


def test_a_feed_that_wants_to_be_left_alone_is_told_with_the_moment(
    run: Run, server: LocalServer, assistant: Assistant
) -> None:
    server.put("/good", Served(status=429, headers={"Retry-After": "3600"}))
    for _ in range(2):  # the second time it is not asked
        told = run("collect")
        assert "HTTP 429 for now. It will be asked again after 20" in told
    assert any("It will be asked again after 20" in line for line in _check_networks(assistant).details)


def test_a_network_that_was_read_in_part_is_told_so(run: Run, assistant: Assistant) -> None:
    class Half:
        name = "x"

        def read(self, cursor: str) -> MentionPage:
            # Networks are read side by side: with the same ids, whichever comes first would have them.
            read = assistant.listening.networks[1].read("").mentions
            mentions = tuple(replace(one, mention_id=f"x:{one.external_id}", network="x") for one in read)
            return MentionPage(mentions, (), "", failure=NetworkError("No such user."))

    assistant.listening.networks.insert(0, Half())
    assert "X: 1 new; was read only in part" in run("collect")


class _PressCtrlC(tuple[str, ...]):
    """Ids of which the first is never reached: somebody presses Ctrl-C while the page is taken in."""

    def __iter__(self) -> Iterator[str]:
        raise KeyboardInterrupt


def test_ctrl_c_says_that_what_was_read_is_kept(
    assistant: Assistant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    is_read, cursors = threading.Event(), assistant.listening.cursors
    note = cursors.note_read

    def note_and_tell(*what: Any) -> None:
        note(*what)
        is_read.set()

    monkeypatch.setattr(cursors, "note_read", note_and_tell)

    class Stopped:
        name = "x"

        def read(self, cursor: str) -> MentionPage:
            is_read.wait(60)
            return MentionPage((), (), "", removed=_PressCtrlC())

    assistant.listening.networks.append(Stopped())
    assert _collect(assistant) == 130
    assert "Stopped. What was read is kept" in capsys.readouterr().err
    assert assistant.listening.mentions.count() == 1


def test_a_file_is_refused_in_plain_words(run: Run, tmp_path: Path) -> None:
    plain, empty = tmp_path / "plain.jsonl.gz", tmp_path / "empty.jsonl.gz"
    plain.write_text("{}")
    empty.write_bytes(gzip.compress(b""))
    refused = {
        plain: "is not compressed",
        tmp_path: "is a folder",
        tmp_path / "no": "is not there",
        empty: "holds no post",
    }
    for path, reason in refused.items():
        with pytest.raises(InputError, match=reason):
            run("collect", "--file", str(path))
    with pytest.raises(InputError, match="not both"):
        run("collect", "--file", str(empty), "--network", "rss")


def test_hacker_news_without_brands_says_that_it_needs_them(run: Run, settings: Settings, assistant: Assistant) -> None:
    settings.networks_file.write_text("hackernews:\n")
    assert "Hacker News is searched for your brands, and none is named. Write brands:" in run("collect")


def test_a_redirect_loop_is_told_in_one_sentence(run: Run, server: LocalServer) -> None:
    server.put("/gone", Served(status=302, headers={"Location": "/gone"}))
    assert "redirects without end." in run("collect")
