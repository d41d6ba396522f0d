"""Runs the real approve and send in a process of its own and kills it, without warning, at a given place.

python crash_driver.py HOME one PLACE        dies at PLACE, one of PLACES
python crash_driver.py HOME sweep send       dies at the 1st, the 2nd, ... line of the code, in copies of HOME
python crash_driver.py HOME sweep resume     the same for what a restart does
python crash_driver.py HOME http URL         sends over HTTP; the platform kills it
python crash_driver.py HOME matrix NAME URL  dies at each step of a send by this platform's sender, in copies of HOME
"""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from fakes_reply import NOW, Desk, TickingClock
from networks.platforms import PLATFORMS
from networks.platforms.playing import STANDING
from sqlite_utils import Database

import assistant
from assistant.core.database import Store
from assistant.domain import Mention
from assistant.errors import NetworkError, UnknownOutcomeError
from assistant.listening.networks.base.outbox import OutboxSender
from assistant.listening.networks.base.protocol import Sender, SentReply
from assistant.replies.tables.drafts import DraftTables

STEPS = ("approve", "claim", "record")
PLACES = (
    *(f"{step}: {moment} the commit" for step in STEPS for moment in ("before", "after")),
    "claim: between its two changes",
    "write: before",
    "write: half a line",
    "write: after",
)
_SWEPT = (
    "replies/review/decisions.py",
    "replies/sending/sender.py",
    "core/audit.py",
    "replies/tables/decisions.py",
    "replies/tables/drafts.py",
    "replies/tables/send_ledger.py",
    "listening/networks/base/outbox.py",
)


def die() -> None:
    """What a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingStore(Store):
    """A store whose process dies before or after the commit of a step; the steps are counted by their transactions."""

    def __init__(self, path: Path, place: str) -> None:
        super().__init__(path)
        self._place = place
        self._steps = iter(STEPS)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """See Store."""
        is_outermost = not self.db.conn.in_transaction
        step = next(self._steps) if is_outermost else ""
        with super().transaction() as db:
            yield db
            if self._place == f"{step}: before the commit":
                die()
        if self._place == f"{step}: after the commit":
            die()


class DyingDraftTables(DraftTables):
    """Dies inside the claim, between the state's change and the attempt's row."""

    place = ""

    def move(self, draft_id: int, *rest: Any) -> bool:
        """See DraftTables."""
        moved = super().move(draft_id, *rest)
        if self.place == "claim: between its two changes":
            die()
        return moved


class DyingOutbox(OutboxSender):
    """Dies around or in the middle of writing its line."""

    place = ""

    def _append(self, line: str) -> None:
        if self.place == "write: before":
            die()
        if self.place == "write: half a line":
            super()._append(line[: len(line) // 2])
            die()
        super()._append(line)
        if self.place == "write: after":
            die()


class HttpSender:
    """A platform's client: it says which process asks, so that the platform can kill it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Sender."""
        body = {"key": send_key, "text": text, "to": mention.external_id, "pid": os.getpid()}
        try:
            httpx.post(self._url, json=body).raise_for_status()
        except httpx.HTTPError as error:
            raise UnknownOutcomeError(f"The platform does not answer: {error}.") from error
        return SentReply(send_key)

    def find(self, mention: Mention, send_key: str) -> SentReply | None:
        """See Sender."""
        try:
            found = httpx.get(self._url, params={"key": send_key}).raise_for_status().json()
        except httpx.HTTPError as error:
            raise NetworkError(f"The platform cannot be asked: {error}.") from error
        return SentReply(send_key) if found else None


def open_desk(home: Path, place: str = "", sender: Sender | None = None) -> Desk:
    """The parts that review and send, over a home with one pending draft."""
    outbox = DyingOutbox(home / "outbox.jsonl", TickingClock())
    outbox.place = place
    desk = Desk(home, {"file": sender or outbox})
    if place:
        desk.store = DyingStore(home / "earshot.db", place)
        drafts = DyingDraftTables(desk.store)
        drafts.place = place
        desk.rewire(drafts)
    return desk


def approve_and_send(desk: Desk) -> None:
    """What one click does."""
    desk.reviewing.approve(1, "ada", NOW)
    desk.sending.send(1)


def die_at_line(home: Path, mode: str, number: int, report: int) -> None:
    """Approve and send, or resume, and die before the given line, counted as they run, of the code that does it."""
    swept = {str(Path(assistant.__file__).parent / name) for name in _SWEPT}
    left = number

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in swept:
            return None
        left -= event == "line"
        if left <= 0:
            os.write(report, f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}".encode())
            die()
        return trace

    desk = open_desk(home)
    sys.settrace(trace)
    desk.sending.resume() if mode == "resume" else approve_and_send(desk)
    sys.settrace(None)
    os._exit(0)


def sweep(home: Path, mode: str) -> None:
    """One process for each line; prints where each died and leaves its home behind."""
    for number in range(1, 10_000):
        copy = home.parent / f"{home.name}-{mode}-{number}"
        shutil.copytree(home, copy)
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            die_at_line(copy, mode, number, write_end)
        os.close(write_end)
        _, status = os.waitpid(child, 0)
        place = os.read(read_end, 100).decode()
        os.close(read_end)
        if os.WIFEXITED(status):
            sys.exit(os.waitstatus_to_exitcode(status))
        sys.stdout.write(f"{copy} {place}\n")


MATRIX = (
    *(f"{step}: {moment} the commit" for step in STEPS for moment in ("before", "after")),
    "platform: before it accepted",
    "platform: after it accepted",
)


def die_while_sending(home: Path, name: str, url: str, place: str) -> None:
    """Approve and send by a platform's sender; the process dies, or the platform kills it."""
    moment = place.split()[1] if place.startswith("platform") else "never"
    httpx.get(f"{url}/victim/{os.getpid()}/{moment}").raise_for_status()
    desk = open_platform_desk(home, name, url, "" if place.startswith("platform") else place)
    approve_and_send(desk)
    os._exit(0)


def open_platform_desk(home: Path, name: str, url: str, place: str = "") -> Desk:
    """A desk whose only sender is this platform's; with a place, its process dies there."""
    Desk.standing = STANDING
    desk = open_desk(home, place)
    platform = PLATFORMS[name]
    desk.senders[platform.mention.network] = platform.build_sender(url, lambda key: desk.ledger.find_attempt(key))
    return desk


def run_matrix(home: Path, name: str, url: str) -> None:
    """One process for each step; each copy is picked up by whoever started this, line by line."""
    for place in MATRIX:
        copy = home.parent / f"{home.name}-{name}-{MATRIX.index(place)}"
        shutil.copytree(home, copy)
        child = os.fork()
        if child == 0:
            die_while_sending(copy, name, url, place)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(f"{place}: {os.waitstatus_to_exitcode(status)}")
        sys.stdout.write(f"{place}\t{copy}\n")
        sys.stdout.flush()
        sys.stdin.readline()  # until the copy was looked at: the platform has one state at a time


def main() -> None:
    """See above."""
    home, mode, *rest = sys.argv[1:]
    if mode == "matrix":
        run_matrix(Path(home), *rest)
    elif mode == "sweep":
        sweep(Path(home), rest[0])
    elif mode == "http":
        approve_and_send(open_desk(Path(home), sender=HttpSender(rest[0])))
    else:
        approve_and_send(open_desk(Path(home), place=rest[0]))


if __name__ == "__main__":
    main()
