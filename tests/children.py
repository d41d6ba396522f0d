"""`earshot run` in processes of its own: each forked from one that has loaded the program, which takes four seconds."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from run_fake import main

Start = Callable[[], ForkServerProcess]
_TESTS = Path(__file__).parent
_LOADED = ["run_fake", "chromadb", "dbos", "slack_bolt.adapter.socket_mode", "uvicorn"]


def start_run(context: ForkServerContext, environment: Mapping[str, str]) -> ForkServerProcess:
    """Start one with these variables besides; whoever starts it kills it."""
    process = context.Process(target=_run, args=(dict(environment),))
    process.start()
    return process


def kill(process: ForkServerProcess) -> None:
    """With SIGKILL."""
    process.kill()
    process.join()


def load_program() -> ForkServerContext:
    """The process that all are forked from; it starts with the first of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    paths = [str(_TESTS), str(_TESTS.parent), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))  # what is loaded is found by it alone
    return context


def _run(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    main()
