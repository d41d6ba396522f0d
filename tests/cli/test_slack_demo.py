"""Whoever tries the demo in a browser is told where to look, what is wrong, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from assistant.cli import demo_slack
from assistant.cli.demo_slack import load_double, share_embedders
from assistant.errors import InputError, ModelError

# With the quick embedder: converting the real model, which the first demo does, takes half a minute here.
PROGRAM = """
from fakes import FakeEmbedder
from assistant.cli import demo_slack as slack_demo
from assistant.cli.main import main
slack_demo.share_embedders = lambda: (FakeEmbedder(), None)
main()
"""
EARSHOT = [sys.executable, "-c", PROGRAM, "demo", "--slack", "--port"]
TESTS = str(Path(__file__).parent.parent)


def find_free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_in_use_is_told_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {
            **os.environ,
            "EARSHOT_HOME": str(tmp_path),
            "PYTHONPATH": f"{TESTS}:{os.environ.get('PYTHONPATH', '')}",
        }
        done = subprocess.run([*EARSHOT, str(port)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"The port {port} is in use." in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_its_extra_the_demo_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "slack_double"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(InputError, match="needs aiohttp") as told:
        load_double()
    assert "earshot[demo]" in told.value.hint


def test_the_demo_says_where_to_look_and_ends_cleanly_and_without_a_trace(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    # Nothing of the visitor's own settings may count: these would reach a real workspace.
    environment = {**os.environ, "EARSHOT_HOME": str(tmp_path / "home"), "TMPDIR": str(temporary)}
    environment |= {
        "PYTHONPATH": f"{TESTS}:{os.environ.get('PYTHONPATH', '')}",
        "SLACK_BOT_TOKEN": "xoxb-real",
        "SLACK_APP_TOKEN": "xapp-real",
        "REVIEWERS": "U0REAL",
    }
    process = subprocess.Popen(
        [*EARSHOT, str(find_free_port())], env=environment, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    watchdog = threading.Timer(100, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "open http" in line)
        address = re.findall(r"http://\S+", said)[0]
        assert "Earshot demo" in urllib.request.urlopen(address).read().decode()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait() == 0
    finally:
        watchdog.cancel()
        process.kill()
    assert rest.rstrip().endswith("Stopped.")
    assert list(temporary.glob("earshot*")) == []


def test_questions_in_other_languages_are_read_by_their_own_model_where_it_can_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(folder: Path) -> FakeEmbedder:
        raise ModelError("The package holds other weights.")

    english, other = FakeEmbedder(), FakeEmbedder()
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path))
    monkeypatch.setattr(demo_slack, "build_embedder", lambda backend, model, folder: english)
    monkeypatch.setattr(demo_slack, "build_multilingual", lambda folder: other)
    assert share_embedders() == (english, other)
    monkeypatch.setattr(demo_slack, "build_multilingual", refuse)
    assert share_embedders() == (english, None)
    assert "other weights" in "".join(capsys.readouterr())
