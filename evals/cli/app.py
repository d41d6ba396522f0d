"""The commands that measure: retrieval, answers, citations and refusal; the rest from files beside."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import print_json, print_table
from assistant.knowledge.sources.ingest import Progress
from evals.answers import (
    AnswersReport,
    RefusalReport,
    RetrievalReport,
    measure_answers,
    measure_refusal,
    measure_retrieval,
)
from evals.cli.alerts import alerts
from evals.cli.analysis import analysis
from evals.cli.answers import answers
from evals.cli.claims import claims
from evals.cli.drafts import drafts
from evals.cli.guards import guards
from evals.cli.unasked import unasked
from evals.corpus import prepare, read_questions
from evals.measures import Latency, check_libraries

_Rows = list[tuple[object, ...]]
_DECIMALS = 4

Documents = Annotated[Path, typer.Option(help="A folder, or .jsonl(.gz) with lines of doc_id and text.")]
Questions = Annotated[Path, typer.Option(help="JSONL: id, question, doc_ids; answers, unanswerable, history if known.")]
Masked = Annotated[Path | None, typer.Option(help="JSONL of doc_id and text: pages to read in place of the originals.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first so many questions.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Index all documents again, after a change of how they are cut.")]
OffTopic = Annotated[Path | None, typer.Option(help="JSONL of questions about something else: all should be refused.")]


def build_group() -> typer.Typer:
    """Build the commands that measure."""
    group = typer.Typer(
        help="Measure on questions whose right documents are known; the extra eval has what that needs.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for command in (retrieval, answers, citations, refusal, unasked, analysis, drafts, guards, claims, alerts):
        group.command()(command)
    return group


def retrieval(
    ctx: typer.Context,
    documents: Documents,
    questions: Questions,
    masked: Masked = None,
    limit: Limit = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Measure search: do the right documents come first, and how soon."""
    check_libraries()
    asked = read_questions(questions, limit)
    with _showing_progress() as progress:
        corpus = prepare(open_assistant(ctx), documents, masked, progress, fresh)
        report = measure_retrieval(corpus, asked, progress)
    _print(report, _to_retrieval_rows(report), as_json)


def citations(
    ctx: typer.Context,
    documents: Documents,
    questions: Questions,
    masked: Masked = None,
    limit: Limit = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Measure answers: are they given, are their quotes verbatim, do they cite the right document."""
    check_libraries()
    asked = read_questions(questions, limit)
    with _showing_progress() as progress:
        corpus = prepare(open_assistant(ctx), documents, masked, progress, fresh)
        report = measure_answers(corpus, asked, progress)
    _print(report, _to_answer_rows(report), as_json)


def refusal(
    ctx: typer.Context,
    documents: Documents,
    questions: Questions,
    masked: Masked = None,
    off_topic: OffTopic = None,
    limit: Limit = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Measure refusals: are the questions refused that nothing answers, and only those."""
    check_libraries()
    asked = read_questions(questions, limit)
    foreign = read_questions(off_topic, limit) if off_topic else []
    with _showing_progress() as progress:
        corpus = prepare(open_assistant(ctx), documents, masked, progress, fresh)
        report = measure_refusal(corpus, asked, foreign, progress)
    _print(report, _to_refusal_rows(report), as_json)


@contextmanager
def _showing_progress() -> Iterator[Progress]:
    with build_progress() as bar:
        task = bar.add_task("Reading documents")
        yield lambda text: bar.update(task, description=text)


def _print(report: RetrievalReport | AnswersReport | RefusalReport, rows: _Rows, as_json: bool) -> None:
    if as_json:
        print_json(_round(dataclasses.asdict(report)))
    else:
        print_table(("measure", "value", "meaning"), [(name, _show(value), meaning) for name, value, meaning in rows])


def _to_retrieval_rows(report: RetrievalReport) -> _Rows:
    ranking = report.ranking
    return [
        ("nDCG@10", ranking.ndcg_at_10, f"{report.questions} questions, {report.documents} documents"),
        ("MRR@10", ranking.mrr_at_10, "1 over the place of the first right document"),
        ("hit@1", ranking.hit_at_1, "a right document comes first"),
        ("hit@5", ranking.hit_at_5, "a right document is among five"),
        *_to_missing_rows(report.missing),
        *_to_latency_rows(report.latency, "results"),
    ]


def _to_answer_rows(report: AnswersReport) -> _Rows:
    return [
        ("answered", report.answered, f"of {report.questions} questions; the rest are refused"),
        ("citation precision", report.citation_precision, f"of {report.cited_sentences} cited sentences, quotes stand"),
        *((f"sentences {kind}", value, "") for kind, value in report.support.items()),
        ("right document cited", report.gold_cited, "of the answers whose question has one"),
        *_to_missing_rows(report.missing),
        ("token F1", report.token_f1, "shared words with written answers: worth little"),
        ("median sentences", report.median_sentences, "an answer"),
        ("median characters", report.median_characters, "an answer"),
        *_to_latency_rows(report.latency, "answer"),
    ]


def _to_refusal_rows(report: RefusalReport) -> _Rows:
    counts = f"{report.answerable} answerable, {report.unanswerable} unanswerable, {report.left_out} neither"
    return [
        ("AUROC", report.auroc, f"of the confidence: {counts}"),
        ("refusal precision", report.detection.precision, "of the refused, nothing answers them"),
        ("refusal recall", report.detection.recall, "of those that nothing answers, refused"),
        ("refusal F1", report.detection.f1, ""),
        ("wrongly refused", report.wrongly_refused, "of the answerable"),
        ("off topic refused", report.off_topic_refused, f"of {report.off_topic} foreign questions"),
        ("off topic AUROC", report.off_topic_auroc, "answerable above foreign"),
    ]


def _to_latency_rows(latency: Latency, what: str) -> _Rows:
    return [
        ("p50", f"{latency.p50_ms:.0f} ms", f"half take no longer; warm, from question to {what}"),
        ("p95", f"{latency.p95_ms:.0f} ms", "all but one in twenty take no longer"),
    ]


def _to_missing_rows(missing: int) -> _Rows:
    return [("missing", missing, "right documents that are not among the documents: misses")] if missing else []


def _show(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _round(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    return round(value, _DECIMALS) if isinstance(value, float) else value
