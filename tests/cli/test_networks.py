"""What people see of the networks: a line for each after collecting, and what doctor says of them."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.conftest import Run, RunJson
from fakes import FakeEmbedder, LocalServer, Served

from assistant.cli.parts import start_logging
from assistant.config import Settings
from assistant.doctor import Check, Health, examine
from assistant.errors import ConfigError
from assistant.wiring import Assistant

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
    assert "127.0.0.1: 1 new\n" in told
    assert "127.0.0.1: 0 new; could not be read as a whole" in told
    assert "YouTube: 0 new; could not be read as a whole" in told
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
    assert "The key NO_SUCH_KEY_SET is not set. (since 20" in found.finding
    assert "Put it into .env" in found.mend


def test_a_network_that_was_taken_out_of_the_file_is_not_missed(run: Run, settings: Settings) -> None:
    run("collect")
    settings.networks_file.write_text("brands: [Larkspur Bikes]\n")
    fresh = Assistant(settings, embedder=FakeEmbedder())
    assert _check_networks(fresh).health is Health.OFF
    fresh.store.close()


def test_a_fault_in_the_file_is_told_with_its_line(run: Run, settings: Settings, assistant: Assistant) -> None:
    settings.networks_file.write_text("brands: [A]\nyoutub: {}\n")
    with pytest.raises(ConfigError, match=r"networks.yaml, line 2: there is no field youtub, perhaps youtube is meant"):
        run("collect")
    assert _check_networks(assistant).health is Health.BAD


def test_the_keys_of_networks_are_struck_out_of_the_log(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_SUCH_KEY_SET", "hush-hush-key")
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        start_logging(settings)
        logging.getLogger("some.sdk").warning("asking with Bearer hush-hush-key")
    finally:
        root.handlers = before
        root.setLevel(level)
    assert "Bearer ***" in (settings.earshot_home / "earshot.log").read_text()
