"""Killed between any two steps of approve, claim, send and record, Earshot still sends an approved text once."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from crash_driver import PLACES, HttpSender, approve_and_send, open_desk
from fakes_reply import Desk, make_mention

from assistant.domain import DraftStatus
from assistant.errors import NetworkError

TEXT = "Danke, ü 🚲\nYou can pause your plan in the app."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one pending draft."""
    folder = tmp_path / "home"
    folder.mkdir()
    open_desk(folder).add_draft(TEXT)
    return folder


def run_driver(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "crash_driver.py", str(home), *arguments]
    return subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=300, check=False)


def read_outbox(home: Path) -> list[dict[str, str]]:
    path = home / "outbox.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def finish(desk: Desk) -> bool:
    """Restart and resume; a click that was lost with the process is done again. Returns whether it was kept."""
    check_audit(desk)
    desk.sending.resume()
    was_kept = desk.status(1) is not DraftStatus.PENDING
    if not was_kept:
        assert desk.tables.decisions.of_draft(1) == []
        approve_and_send(desk)
    assert desk.sending.resume() == []
    return was_kept


def check_audit(desk: Desk) -> None:
    """No decision is seen without its row in the audit, nor a row without its decision."""
    rows = desk.store.rows("select who, action from audit where action in ('approve', 'edit') order by number")
    assert [(row["who"], row["action"]) for row in rows] == [
        (decision.decided_by, decision.action) for decision in desk.tables.decisions.of_draft(1)
    ]
    assert desk.tables.audit.verify().problem == ""


def check_sent_once(desk: Desk) -> None:
    assert desk.status(1) is DraftStatus.SENT
    check_audit(desk)
    assert [decision.text for decision in desk.tables.decisions.of_draft(1)] == [TEXT]
    [reply] = desk.store.rows("select * from replies")
    assert (reply["draft_id"], reply["text"], reply["how"]) == (1, TEXT, "api")


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_any_step_the_approved_text_is_in_the_outbox_once_after_a_restart(home: Path, place: str) -> None:
    assert run_driver(home, "one", place).returncode == -signal.SIGKILL

    desk = open_desk(home)
    was_kept = finish(desk)

    assert was_kept == (place != "approve: before the commit")
    check_sent_once(desk)
    assert [line["text"] for line in read_outbox(home)] == [TEXT]
    assert (home / "outbox.jsonl").read_bytes().endswith(b"\n")


def check_sweep(home: Path, mode: str) -> set[str]:
    """Every copy that died at another line ends well; returns the files in which they died."""
    finished = run_driver(home, "sweep", mode)
    assert finished.returncode == 0, finished.stderr
    deaths = [line.rsplit(" ", 1) for line in finished.stdout.splitlines()]
    for copy, place in deaths:
        desk = open_desk(Path(copy))
        finish(desk)
        check_sent_once(desk)
        assert [line["text"] for line in read_outbox(Path(copy))] == [TEXT], place
        desk.store.close()
    return {place.partition(":")[0] for _, place in deaths}


@pytest.mark.timeout(400)  # some hundred deaths, each with a restart: over two minutes on a busy machine
def test_killed_at_any_line_of_the_code_the_approved_text_is_in_the_outbox_once_after_a_restart(home: Path) -> None:
    assert check_sweep(home, "send") == {
        *("decisions.py", "audit.py", "sender.py", "drafts.py", "send_ledger.py", "outbox.py"),
    }


@pytest.mark.timeout(400)
@pytest.mark.parametrize("place", ["write: half a line", "write: after"])
def test_killed_again_at_any_line_while_it_recovers_it_still_sends_once(home: Path, place: str) -> None:
    run_driver(home, "one", place)
    assert check_sweep(home, "resume") == {"audit.py", "sender.py", "drafts.py", "send_ledger.py", "outbox.py"}


class Platform(ThreadingHTTPServer):
    """Keeps what it accepts, and may kill the client before or after that."""

    kills = ""
    lookup_works = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.accepted: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """POST keeps a reply; GET ?key= says whether it is there."""

    server: Platform

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.kills != "before":
            self.server.accepted.append(body)
        if self.server.kills:
            os.kill(body["pid"], signal.SIGKILL)
            return
        self.answer(200, {})

    def do_GET(self) -> None:
        [key] = parse_qs(urlsplit(self.path).query)["key"]
        self.answer(200 if self.server.lookup_works else 503, any(body["key"] == key for body in self.server.accepted))

    def answer(self, status: int, body: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def platform() -> Iterator[Platform]:
    server = Platform()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_before_it_read_the_platforms_answer_it_looks_the_reply_up_and_sends_once(
    home: Path, platform: Platform, moment: str
) -> None:
    platform.kills = moment
    assert run_driver(home, "http", platform.url).returncode == -signal.SIGKILL
    platform.kills = ""

    desk = open_desk(home, sender=HttpSender(platform.url))
    assert desk.status(1) is DraftStatus.SENDING
    desk.sending.resume()

    check_sent_once(desk)
    assert [body["text"] for body in platform.accepted] == [TEXT]
    assert desk.outcomes(1) == (["found on the network"] if moment == "after" else ["did not arrive", "sent"])


def test_while_the_platform_cannot_be_asked_the_draft_is_unknown_and_nothing_is_sent_again(
    home: Path, platform: Platform
) -> None:
    platform.kills = "after"
    run_driver(home, "http", platform.url)
    platform.kills = ""
    platform.lookup_works = False

    desk = open_desk(home, sender=HttpSender(platform.url))
    desk.sending.resume()
    with pytest.raises(NetworkError, match="cannot be asked"):
        desk.sending.send(1)
    assert desk.status(1) is DraftStatus.UNKNOWN
    assert desk.drafts.reply_to(1) is None
    assert len(platform.accepted) == 1

    platform.lookup_works = True
    desk.sending.resume()
    check_sent_once(desk)
    assert len(platform.accepted) == 1


def test_a_crash_never_holds_up_the_next_sender(home: Path) -> None:
    """The dead process held the sending lock and perhaps the database's: the operating system lets go of both."""
    run_driver(home, "one", "write: half a line")
    desk = open_desk(home)
    second = desk.approved("Another.", make_mention("2"))

    assert {draft.draft_id for draft in desk.sending.resume()} == {1, second}
    assert [line["text"] for line in read_outbox(home)] == [TEXT, "Another."]
