"""Several processes, one embedded index: the first owns it, the others ask, and when it dies another takes over."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import numpy as np
import pytest

from assistant.domain import Audience
from assistant.errors import SearchIndexError
from assistant.knowledge.search.vectors import OwnedIndex, SharedIndex, VectorIndex, open_vectors
from assistant.text.embedding import Vectors

PUBLIC = Audience.PUBLIC

# Reads commands line by line: `add 7`, `count`, `search`; says what each one brought.
_SCRIPT = textwrap.dedent(
    """
    import pathlib, sys
    import numpy as np
    from assistant.domain import Audience
    from assistant.knowledge.search.vectors import open_vectors

    index = open_vectors(pathlib.Path(sys.argv[1]), "")
    print(type(index).__name__, flush=True)
    vector = np.eye(4, dtype=np.float32)
    for line in sys.stdin:
        name, *ids = line.split()
        if name == "add":
            index.add(Audience.PUBLIC, [int(i) for i in ids], vector[: len(ids)])
        print(index.count(Audience.PUBLIC), flush=True)
    """
)


class Process:
    """Another Earshot on the same home."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-c", _SCRIPT, str(home)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.role = self._read()

    def ask(self, line: str) -> str:
        """Send a command and wait for what it says."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read()

    def kill(self) -> None:
        """End without any warning."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def owner(home: Path) -> Iterator[Process]:
    owner = Process(home)
    yield owner
    owner.kill()


def _count_threads(owner: Process) -> int:
    return len(os.listdir(f"/proc/{owner.process.pid}/task"))


def _vectors(count: int) -> Vectors:
    return np.eye(4, dtype=np.float32)[:count]


def test_the_first_process_owns_the_index_and_the_second_asks_it(owner: Process, home: Path) -> None:
    assert owner.role == "OwnedIndex"
    shared = open_vectors(home, "")
    assert isinstance(shared, SharedIndex)
    shared.add(PUBLIC, [1, 2], _vectors(2))
    assert owner.ask("add 3") == "3"
    assert {found for found, _ in shared.search(PUBLIC, _vectors(1)[0], 5)} == {1, 2, 3}
    shared.remove(PUBLIC, [1])
    assert owner.ask("count") == "2"
    shared.clear(PUBLIC)
    assert owner.ask("count") == "0"


def test_when_the_owner_is_killed_the_next_to_ask_takes_over(owner: Process, home: Path) -> None:
    shared = open_vectors(home, "")
    second = Process(home)
    assert second.role == "SharedIndex"
    shared.add(PUBLIC, [1, 2], _vectors(2))
    owner.kill()
    assert shared.count(PUBLIC) == 2
    assert second.ask("add 3") == "3", "the third asks the one that took over"
    assert shared.count(PUBLIC) == 3
    second.kill()


def test_threads_that_find_the_owner_dead_all_get_their_answer(owner: Process, home: Path) -> None:
    shared = open_vectors(home, "")
    shared.add(PUBLIC, [1], _vectors(1))
    owner.kill()
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(shared.count(PUBLIC))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1] * 4


def test_an_address_left_over_by_a_dead_owner_stops_nobody(owner: Process, home: Path) -> None:
    owner.kill()
    assert (home / "index.address").exists()
    assert isinstance(open_vectors(home, ""), OwnedIndex)


def test_an_error_at_the_owner_is_the_same_error_here_and_the_owner_lives_on(owner: Process, home: Path) -> None:
    shared = SharedIndex(home)
    shared.add(PUBLIC, [1], _vectors(1))
    with pytest.raises(SearchIndexError, match="does not work"):
        shared.add(PUBLIC, [2], _vectors(1)[:, :2])
    with pytest.raises(SearchIndexError, match="incident"):
        shared._ask("count")
    assert shared.count(PUBLIC) == 1


def test_only_the_methods_of_an_index_may_be_called(owner: Process, home: Path) -> None:
    shared = SharedIndex(home)
    with pytest.raises(SearchIndexError, match="has no __class__"):
        shared._ask("__class__")


def test_a_wrong_key_is_refused_and_harms_nobody(owner: Process, home: Path) -> None:
    address = tuple(json.loads((home / "index.address").read_text())["address"])
    with pytest.raises((AuthenticationError, EOFError, OSError)):
        Client(address, authkey=b"wrong")
    assert owner.ask("count") == "0"
    assert open_vectors(home, "").count(PUBLIC) == 0


def test_one_that_connects_and_says_nothing_keeps_nobody_waiting(owner: Process, home: Path) -> None:
    address = tuple(json.loads((home / "index.address").read_text())["address"])
    silent = [socket.create_connection(address) for _ in range(20)]
    assert open_vectors(home, "").count(PUBLIC) == 0
    for connection in silent:
        connection.close()


def test_many_that_say_nothing_cost_no_thread_each(owner: Process, home: Path) -> None:
    address = tuple(json.loads((home / "index.address").read_text())["address"])
    before = _count_threads(owner)
    silent = [socket.create_connection(address) for _ in range(100)]
    for connection in silent:
        connection.recv(1)  # a challenge, or the end: each was looked at
    assert _count_threads(owner) - before < 50
    for connection in silent:
        connection.close()


def test_the_key_may_be_read_by_this_user_only(owner: Process, home: Path) -> None:
    assert stat.S_IMODE(os.stat(home / "index.address").st_mode) == 0o600


def test_a_lock_whose_owner_never_answers_is_said_plainly(home: Path) -> None:
    home.mkdir()
    script = "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print(); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(home / "index.lock")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(SearchIndexError, match="Another Earshot has locked") as caught:
        open_vectors(home, "", patience_seconds=0.3)
    assert "EARSHOT_CHROMA_URL" in caught.value.hint
    holder.kill()
    holder.wait()
    found: VectorIndex = open_vectors(home, "")
    assert found.count(PUBLIC) == 0
