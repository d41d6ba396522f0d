"""Killed with kill -9 at each step of a send by each sender: after a restart the reply is there once."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from crash_driver import MATRIX, approve_and_send, open_platform_desk
from fakes_reply import Desk
from networks.platforms import PLATFORMS
from networks.platforms.server import PlatformServer

from assistant.domain import DraftStatus

TEXT = "Danke, ü 🚲: you can pause your plan in the app, for three months."


def run_matrix(home: Path, server: PlatformServer) -> Iterator[tuple[str, Path]]:
    """Each step with the home that a process left there as it died."""
    command = [sys.executable, "crash_driver.py", str(home), "matrix", server.platform.name, server.url]
    folder = Path(__file__).parent
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        for line in driver.stdout:
            place, copy = line.rstrip("\n").split("\t")
            server.victim = None
            yield place, Path(copy)
            driver.stdin.write("\n")
            driver.stdin.flush()
    assert driver.returncode == 0


def count_after_restart(copy: Path, server: PlatformServer) -> int:
    """How often the reply stands on the platform after a restart; a click that was lost is done again."""
    desk = open_platform_desk(copy, server.platform.name, server.url)
    for _ in range(2):  # at once, and again when the platform must show what it has
        desk.sending.resume()
        assert len(server.state.replies) <= 1
        desk.clock.moment += timedelta(minutes=5)
    desk.sending.resume()
    if desk.status(1) is DraftStatus.PENDING:
        approve_and_send(desk)
    assert desk.status(1) is DraftStatus.SENT
    assert [row["text"] for row in desk.store.rows("select text from replies")] == [TEXT]
    assert desk.sending.resume() == []
    desk.store.close()
    return sum(kept.text == TEXT for kept in server.state.replies)


@pytest.mark.parametrize("name", PLATFORMS)
def test_killed_at_each_step_of_a_send_the_reply_stands_there_once_after_a_restart(name: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    desk = Desk(home, {})
    desk.add_draft(TEXT, PLATFORMS[name].mention)
    desk.store.close()
    server = PlatformServer(PLATFORMS[name])
    try:
        found = {place: count_after_restart(copy, server) for place, copy in run_matrix(home, server)}
    finally:
        server.close()
    assert found == dict.fromkeys(MATRIX, 1)
