"""Whatever a document, page or feed does to its reader, Earshot goes on with the next one."""

import contextlib
import logging
import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import foreign_work
import pytest

from assistant.core.apart import run_apart, run_apart_once
from assistant.errors import EmptyDocumentError, UnreadableError


def test_work_apart_returns_what_it_would_return_here() -> None:
    assert run_apart(20, foreign_work.say_hello, name="Ann") == "hello Ann"


def test_it_runs_in_another_process_that_is_used_again() -> None:
    first, second = (run_apart(20, foreign_work.find_pid) for _ in range(2))
    assert first == second != os.getpid()


def test_what_it_logs_stands_in_our_log_and_what_it_prints_nowhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    run_apart(20, foreign_work.say_hello, "Ann")
    assert ("reader", logging.WARNING, "careful with Ann") in caplog.record_tuples
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (foreign_work.hold, "takes more than 2 seconds to read"),
        (foreign_work.fill_memory, "needs more memory"),
        (foreign_work.unfold, "comes to more than 50 MB"),
        (foreign_work.crash, "ended the program that read it"),
        (foreign_work.trip, r"cannot be read\. Something went wrong .*incident"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_breaks_its_reader_is_told_and_the_next_is_read(work: Callable[[], object], told: str) -> None:
    run_apart(20, foreign_work.find_pid)  # a child is there: only the work is timed
    with pytest.raises(UnreadableError, match=told):
        run_apart(2 if work is foreign_work.hold else 60, work)
    assert run_apart(20, foreign_work.say_hello, "Ann") == "hello Ann"


def test_what_a_reader_says_of_a_document_comes_back_as_it_was_said() -> None:
    with pytest.raises(EmptyDocumentError, match="is empty"):
        run_apart(20, foreign_work.refuse)


def test_heavy_work_of_our_own_may_take_memory_and_its_child_ends_with_it() -> None:
    assert run_apart_once(60, foreign_work.take_memory) == 600_000_000
    first, second = (run_apart_once(60, foreign_work.find_pid) for _ in range(2))
    assert len({first, second, os.getpid()}) == 3
    with pytest.raises(EmptyDocumentError, match="is empty"):
        run_apart_once(60, foreign_work.refuse)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets one wait for the end of such a process")
def test_a_child_ends_with_its_parent_however_that_ends() -> None:
    code = (
        "import foreign_work, os\n"
        "from assistant.core.apart import run_apart\n"
        "print(run_apart(20, foreign_work.find_pid), flush=True)\n"
        "os._exit(9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, timeout=60)
    assert done.returncode == 9
    with contextlib.suppress(ProcessLookupError):  # it has ended already
        ended = os.pidfd_open(int(done.stdout))
        assert select.select([ended], [], [], 30)[0], "the child is still there"


def test_a_child_that_cannot_start_is_told_in_plain_words(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import foreign_work\n"
        "from assistant.core.apart import run_apart\n"
        "from assistant.errors import UnreadableError\n"
        "try:\n"
        "    run_apart(20, foreign_work.find_pid)\n"
        "except UnreadableError as error:\n"
        "    print(error.message)\n"
        "except RuntimeError:\n"  # what the child itself meets: it runs this script too, which has no guard
        "    raise SystemExit(1)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert "did not start" in done.stdout
