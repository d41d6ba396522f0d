"""The command eval drafts: are drafts right, is it right that there is none, and each to be read by eye."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Annotated

import typer

import assistant
from assistant.app import Assistant
from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson, start_logging
from assistant.cli.output import print_json, print_table
from assistant.core.config import load_settings
from assistant.core.shipped import find_shipped
from assistant.domain import Audience
from assistant.errors import InputError
from evals.drafts import DraftsReport, draft_posts, measure_drafts, read_posts, write_for_reading

_ROOT = Path(assistant.__file__).parent.parent
_SET = _ROOT / "evals" / "posts"

Posts = Annotated[Path, typer.Option(help="JSONL of posts: id, text; may, must, must_not where that is known.")]
Pages = Annotated[Path, typer.Option(help="The folder of public pages to answer from.")]
Networks = Annotated[Path, typer.Option(help="A networks.yaml with the company's names.")]
Split = Annotated[str, typer.Option(help="dev, held, or all. Only dev is for tuning, held is for judging.")]
Out = Annotated[Path | None, typer.Option(help="A Markdown file for each post of dev with its draft or the reason.")]
Model = Annotated[str, typer.Option(help="A chat model as provider:model; without it drafts quote.")]


def drafts(
    posts: Posts = _SET / "hollin.jsonl",
    documents: Pages = _SET / "pages",
    networks: Networks = _SET / "networks.yaml",
    split: Split = "all",
    out: Out = None,
    chat_model: Model = "",
    as_json: AsJson = False,
) -> None:
    """Measure drafts on an invented company's posts, or on your own."""
    if split not in ("dev", "held", "all"):
        raise InputError(f"There is no half called {split}.", "Use dev, held or all.")
    chosen = [post for post in read_posts(posts) if split == "all" or post.is_held == (split == "held")]
    with tempfile.TemporaryDirectory(prefix="earshot-eval-") as folder, build_progress() as bar:
        task = bar.add_task("Reading documents")
        earshot = _open(Path(folder), documents, networks, chat_model)
        audience = None if (documents / Audience.PUBLIC).is_dir() else Audience.PUBLIC
        earshot.knowledge.ingest.run([str(documents)], audience, earshot.clock())
        drafted = list(draft_posts(earshot, chosen, lambda text: bar.update(task, description=text)))
    if out:
        write_for_reading(drafted, out)
    report = measure_drafts(drafted)
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        print_table(("measure", "value", "meaning"), _to_rows(report))


def _open(home: Path, documents: Path, networks: Path, chat_model: str) -> Assistant:
    settings = load_settings(
        earshot_home=home,
        knowledge_dir=documents,
        prompts_dir=find_shipped("prompts"),
        networks_file=networks,
        earshot_chroma_url="",
        chat_model=chat_model,
    )
    start_logging(settings)
    return Assistant(settings)


def _to_rows(report: DraftsReport) -> list[tuple[object, ...]]:
    return [
        ("drafts shown that are right", _show(report.shown_right), f"of {report.shown}, of {report.posts} posts"),
        ("ready drafts that are right", _show(report.ready_right), f"of {report.ready}"),
        ("no draft, rightly", _show(report.none_right), f"of {report.none}"),
        ("answerable, answered rightly", _show(report.answered_right), f"of {report.answerable}"),
    ]


def _show(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
