"""The demo command: the whole story on the example company, by the same commands and the same code as always."""

import json
import os
import shlex
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from assistant.app import Assistant
from assistant.cli.demo_slack import DEMO_PORT, REPLAYED_FROM, run_slack_demo, tick_from
from assistant.cli.options import start_logging
from assistant.cli.output import say
from assistant.core.config import load_settings
from assistant.core.shipped import find_shipped
from assistant.errors import EarshotError

_WEEK = "2026-W46"
_POST = "file:file-0024"
_HASH = "HASH"  # stands for what `review show` prints


def build_command(build_app: Callable[[], typer.Typer]) -> Callable[[], None]:
    """The command, which runs other commands of the program."""

    def demo(
        slack: Annotated[bool, typer.Option("--slack", help="Try it in a browser, in a Slack of its own.")] = False,
        port: Annotated[int, typer.Option(min=1, max=65535, help="The page's port, with --slack.")] = DEMO_PORT,
    ) -> None:
        """Run the full demo on an example company: no key, no Slack, no network."""
        if slack:
            run_slack_demo(port)
            return
        began = time.monotonic()
        parts = _open_example()
        for title, words in _tell_story(parts.settings.earshot_home):
            _run(build_app(), parts, title, words)
        _say_what_next(parts, time.monotonic() - began)

    return demo


def _open_example() -> Assistant:
    home = load_settings().earshot_home / "demo"
    _empty(home)
    settings = load_settings(
        earshot_home=home,
        knowledge_dir=find_shipped("knowledge"),
        prompts_dir=find_shipped("prompts"),
        topics_file=find_shipped("topics.example.yaml"),
        goals_file=find_shipped("goals.example.yaml"),
        chat_model="",
        embedding_model="",
        earshot_chroma_url="",
        rss_feeds=(),
        undo_seconds=0,
        timezone="UTC",
    )
    start_logging(settings)
    return Assistant(settings, tick_from(REPLAYED_FROM))


def _empty(home: Path) -> None:
    """Start every demo from scratch; only the converted embedding model, which takes seconds to make, is kept."""
    for entry in home.iterdir() if home.exists() else ():
        if entry.is_dir() and entry.name != "models":
            shutil.rmtree(entry)
        elif entry.is_file():
            entry.unlink()


def _tell_story(home: Path) -> list[tuple[str, list[str]]]:
    week = os.path.relpath(find_shipped("examples") / "week.jsonl")
    page = os.path.relpath(home / "week.html")
    return [
        ("The company's documents are indexed, public and internal ones apart.", ["ingest"]),
        (
            "A colleague asks. Every sentence is quoted, with its source.",
            ["ask", "What does it cost to pause the plan, and for how long?"],
        ),
        (
            "Another asks what no document says. Earshot does not make an answer up.",
            ["ask", "What is our dental plan?"],
        ),
        ("A week of 300 public posts is collected and sorted.", ["collect", "--file", week]),
        (
            "What do customers say? Counted by SQL, and in their own words.",
            ["ask", "What do people say about the app?"],
        ),
        ("A customer's question gets a draft, from public documents only.", ["draft", _POST]),
        ("A person reads it with its sources.", ["review", "show", "1"]),
        (
            "And approves exactly what was shown; it is sent.",
            ["review", "approve", "1", "--hash", _HASH, "--by", "you"],
        ),
        (
            "A second click sends nothing, and shows who was first.",
            ["review", "approve", "1", "--hash", _HASH, "--by", "a colleague"],
        ),
        ("Every decision is in the audit, and nothing in it was changed.", ["audit", "--verify"]),
        ("The week is summarised, here and as a page with charts.", ["digest", "--week", _WEEK, "--html", page]),
    ]


def _run(app: typer.Typer, parts: Assistant, title: str, words: list[str]) -> None:
    if _HASH in words:
        shown = parts.replies.reviewing.find_needs(1, parts.clock()).content.short_hash
        words = [shown if word == _HASH else word for word in words]
    say(f"\n# {title}", style="bold cyan")
    say(f"$ earshot {shlex.join(words)}", style="bold")
    try:
        app(words, obj=parts, standalone_mode=False)
    except EarshotError as error:
        say(f"{error.message} {error.hint}", style="yellow")


def _say_what_next(parts: Assistant, seconds: float) -> None:
    home = parts.settings.earshot_home
    outbox = (home / "outbox.jsonl").read_text(encoding="utf-8").splitlines()
    say(f"\nDone in {seconds:.0f} seconds. {len(outbox)} reply was sent:", style="bold")
    say(f"  {json.loads(outbox[0])['text']}")
    say("\nWhat to do next", style="bold cyan")
    prefix = f"EARSHOT_HOME={home} .venv/bin/earshot"
    say(f'  {prefix} ask "Who may approve a refund of 200 pounds?"    ask the example company yourself')
    say(f"  {prefix} mentions                                          read its week")
    say("  .venv/bin/earshot demo --slack                             try it in a browser, as it looks in Slack")
    say("  .venv/bin/earshot ingest YOUR_DOCUMENTS                    then ask about your own company")
    say("  .venv/bin/earshot doctor                                   see what is set up and what is missing")
    say("  README.md, “Connect Slack”                                 put it where your colleagues are")
