"""Speeds of Earshot in one run: compare figures of one run only, and ratios rather than times."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from assistant.app import Assistant
from assistant.cli.knowledge import build_progress
from assistant.cli.output import print_table, say
from assistant.core.config import Settings
from assistant.errors import InputError
from benchmarks.embedding import measure_embedding
from benchmarks.filling import Vocabulary, build_questions, build_vocabulary, fill
from benchmarks.hostile import LENGTHS, measure_hostile
from benchmarks.listening import measure_listening
from benchmarks.searching import measure_search, profile_search
from benchmarks.slack import measure_slack
from benchmarks.starting import measure_starts
from benchmarks.summary import measure_summary

_ROOT = Path(__file__).parent.parent
_PROSE = ("*.md", "docs/**/*.md", "knowledge/**/*.md")
_SMALL, _LARGE = 10_000, 200_000
_QUESTIONS = 65
_POSTS = 3_000
_SEED = 1
_EVENTS = 100
_ONLY = "embedding, search, start, listening, summary, slack or hostile; all but the last two, which take minutes."


def bench(
    large: Annotated[bool, typer.Option("--large", help="Also search 200,000 chunks: takes minutes and 2 GB.")] = False,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time of a search goes.")] = False,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the made-up chunks in this folder and use them again.")
    ] = None,
    only: Annotated[str, typer.Option(help=_ONLY)] = "",
    posts: Annotated[Path, typer.Option(help="The posts that are listened to.")] = _ROOT / "examples" / "week.jsonl",
    count: Annotated[list[int] | None, typer.Option(help="How many posts to listen to; may be given again.")] = None,
    events: Annotated[int, typer.Option(min=20, help="How many questions, with --only slack.")] = _EVENTS,
) -> None:
    """Measure embedding, searching, starting, listening and, when it is asked for, Slack."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if only in ("", "embedding"):
            _bench_embedding(folder)
        if only in ("", "search"):
            _bench_search(keep or folder, [_SMALL, _LARGE] if large else [_SMALL], profile)
        if only in ("", "listening"):
            say("\nListening (from a file to analysed, embedded and searchable)", style="bold")
            rows = measure_listening(folder / "listening", posts, count or [_POSTS])
            print_table(
                ("posts", "s", "embedding s", "ratio", "posts/s", "peak MB", "search p95 ms", "longest gap ms"), rows
            )
        if only == "slack":
            say("\nSlack (against the double on this machine)", style="bold")
            rows = measure_slack(folder / "slack", _ROOT, _SMALL, (count or [_POSTS])[0], events)
            print_table(("what", "how", "figure"), rows)
        if only == "hostile":
            say("\nHostile units (CPU seconds by characters; growth: 1 is linear)", style="bold")
            lengths = [f"{length:,}" for length in LENGTHS]
            rows = list(measure_hostile(folder / "hostile", _ROOT / "knowledge"))
            print_table(("stage", "worst unit", *lengths, "growth", "longest gap ms"), rows)
        if only in ("", "summary"):
            _bench_summary(keep or folder, count or [_POSTS])
        if only in ("", "start"):
            say("\nStarting (seconds)", style="bold")
            print_table(("command", "first output", "end"), measure_starts(folder / "start", _ROOT / "knowledge"))


def _bench_embedding(folder: Path) -> None:
    pages = [path for pattern in _PROSE for path in sorted(_ROOT.glob(pattern))]
    prose = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in pages)
    rows = measure_embedding(folder / "embedding", prose)
    say("\nEmbedding (texts a second; times the reference)", style="bold")
    print_table(("backend", "60 characters", "450 characters", "mean cosine"), rows)


def _bench_search(folder: Path, sizes: list[int], is_profiled: bool) -> None:
    vocabulary = build_vocabulary(np.random.default_rng(_SEED))
    questions = build_questions(vocabulary, np.random.default_rng(_SEED + 1), _QUESTIONS)
    rows = list[tuple[object, ...]]()
    profiles = {}
    for chunks in sizes:
        assistant = _open_filled(folder / str(chunks), vocabulary, chunks)
        rows.append((f"{chunks:,}", *measure_search(assistant, questions)))
        if is_profiled:
            profiles[chunks] = profile_search(assistant, questions)
    say("\nSearch (milliseconds, warm; encoding is part of it)", style="bold")
    print_table(("chunks", "p50", "p95", "encoding p50", "encoding p95"), rows)
    for chunks, (whole, own) in profiles.items():
        say(f"\nA search of {chunks:,} chunks, profiled (milliseconds)", style="bold")
        print_table(("Earshot's functions, with what they call", "ms"), whole)
        say()
        print_table(("all functions, by their own time", "ms"), own)


def _bench_summary(folder: Path, counts: list[int]) -> None:
    say("\nSummary of a week, charts included", style="bold")
    measured = {count: measure_summary(folder, count) for count in counts}
    rows = [row for rows, _ in measured.values() for row in rows]
    print_table(("posts", "s", "computing s", "peak MB"), rows)
    for count, (_, slow) in measured.items():
        say(f"\nThe slowest queries of {count:,} posts", style="bold")
        print_table(("ms", "query"), slow)


def _open_filled(home: Path, vocabulary: Vocabulary, chunks: int) -> Assistant:
    assistant = Assistant(Settings.model_validate({"earshot_home": home, "earshot_chroma_url": ""}))
    there = assistant.knowledge.documents.count()["chunks"]
    if there not in (0, chunks):
        raise InputError(f"{home} holds {there} chunks of a run that did not end.", "Delete the folder.")
    if not there:
        with build_progress() as bar:
            task = bar.add_task("Filling")
            fill(assistant, vocabulary, np.random.default_rng(_SEED), chunks, lambda t: bar.update(task, description=t))
    return assistant


if __name__ == "__main__":
    typer.run(bench)
