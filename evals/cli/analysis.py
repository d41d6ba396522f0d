"""The command eval analysis: what is found out about posts, against labels that are known."""

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import print_json, print_line, print_table
from assistant.errors import InputError
from assistant.text.embedding import Embedder
from evals.analysis import (
    Labelled,
    Scores,
    map_feelings,
    measure_corrections,
    measure_intent,
    measure_irony,
    measure_language,
    measure_place,
    measure_repeats,
    measure_sentiment,
    measure_topics,
    read_labelled,
)
from evals.measures import check_libraries

_CURVE = (0, 50, 200, 1000)
_DECIMALS = 4


class Kind(StrEnum):
    """The label to measure; the label of a line has this name unless --label says otherwise."""

    LANGUAGE = "language"
    SENTIMENT = "sentiment"
    TOPICS = "topics"
    INTENT = "intent"
    CORRECTIONS = "corrections"
    PLACE = "place"
    REPEATS = "repeats"
    IRONY = "irony"


_LABELS = {
    Kind.LANGUAGE: "lang",
    Kind.TOPICS: "intent",
    Kind.CORRECTIONS: "sentiment",
    Kind.PLACE: "location",
    Kind.REPEATS: "repeat",
}


def analysis(
    ctx: typer.Context,
    kind: Annotated[Kind, typer.Option(help="What is measured.")],
    data: Annotated[Path, typer.Option(help="JSONL, plain or .gz: id, text, lang, and labels.")],
    label: Annotated[str, typer.Option(help="The name of the right label in the file.")] = "",
    held_out: Annotated[bool, typer.Option("--held-out", help="Only the fifth that no shipped head has seen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how posts are classified: language, sentiment, topics, intent, corrections, place, repeats, irony.

    Repeats are pairs: text, earlier, and repeat (yes or no). Intents may be labelled by sentiment: --label sentiment.
    """
    check_libraries()
    posts = read_labelled(data, label or _LABELS.get(kind, kind.value))
    posts = [post for post in posts if post.is_held_out] if held_out else posts
    if not posts:
        raise InputError(f"None of the posts of {data} is held out.", "Measure without --held-out.")
    if kind is Kind.PLACE:
        _print_places(posts)
        return
    if kind is Kind.REPEATS:
        _print_plainly(dataclasses.asdict(measure_repeats(posts)), as_json)
        return
    with build_progress() as bar:
        bar.add_task(f"Analysing {len(posts)} posts")
        if kind is Kind.IRONY:
            irony = measure_irony(posts, open_assistant(ctx).knowledge.post_embedder)
            _print_plainly(dataclasses.asdict(irony), as_json)
            return
        scores = _measure(kind, posts, open_assistant(ctx).knowledge.post_embedder)
    if as_json:
        print_json({name: _round(dataclasses.asdict(one)) for name, one in scores.items()})
    else:
        print_table(("measure", "value", "posts"), [row for name, one in scores.items() for row in _to_rows(name, one)])


def _measure(kind: Kind, posts: list[Labelled], embedder: Embedder) -> dict[str, Scores]:
    if kind is Kind.CORRECTIONS:
        return measure_corrections(posts, embedder, _CURVE)
    if kind is Kind.LANGUAGE:
        return {kind.value: measure_language(posts)}
    posts = map_feelings(posts) if kind is Kind.INTENT else posts
    measures = {Kind.SENTIMENT: measure_sentiment, Kind.INTENT: measure_intent, Kind.TOPICS: measure_topics}
    return {kind.value: measures[kind](posts, embedder)}


def _print_plainly(figures: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json({name: _round(value) for name, value in figures.items()})
    else:
        print_table(("measure", "value"), [(name.replace("_", " "), _show(value)) for name, value in figures.items()])


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _print_places(posts: list[Labelled]) -> None:
    """Lines for a person to check: nobody has labelled places."""
    for post, found in measure_place(posts):
        print_line({"id": post.post_id, "location": post.label, "text": post.text, "found": found})


def _to_rows(name: str, scores: Scores) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [
        (f"{name}: accuracy", f"{scores.accuracy:.3f}", scores.posts),
        (f"{name}: macro recall", f"{scores.macro_recall:.3f}", ""),
        (f"{name}: macro F1", f"{scores.macro_f1:.3f}", ""),
    ]
    if scores.unsure is not None:
        rows.append((f"{name}: unsure", f"{scores.unsure:.3f}", "counted as the nearest"))
    if len(scores.by_group) > 1:
        rows += [(f"  accuracy of {group}", f"{share:.3f}", count) for group, (share, count) in scores.by_group.items()]
    return rows


def _round(value: object) -> object:
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_round(item) for item in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
