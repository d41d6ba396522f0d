"""The command eval guards: what the guards find, and what attacks on the drafting come to."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import print_json, print_table
from assistant.errors import InputError
from evals.guards import DraftingReport, GuardsReport, attack_drafting, choose_attacks, measure_guards, read_attacks

Attacks = Annotated[Path | None, typer.Option(help="JSONL of posts: id, kind, text, labels.malicious.")]
Personal = Annotated[Path | None, typer.Option("--pii", help="JSONL: text, labels.spans of type, start, end.")]
Drafts = Annotated[int, typer.Option(min=0, help="Draft over so many attacks, in posts, threads and documents.")]


def guards(
    ctx: typer.Context, attacks: Attacks = None, pii: Personal = None, drafts: Drafts = 0, as_json: AsJson = False
) -> None:
    """Measure guards: personal data found, risk badges, and whether attacks on the drafting do any harm."""
    if attacks is None and pii is None:
        raise InputError("There is nothing to measure with.", "Give --attacks, --pii or both.")
    posts = read_attacks(attacks) if attacks else []
    report = measure_guards(posts, pii)
    drafting = None
    if drafts and posts:
        with build_progress() as bar:
            task = bar.add_task("Drafting over attacks")
            chosen = choose_attacks(posts, drafts)
            drafting = attack_drafting(open_assistant(ctx), chosen, lambda text: bar.update(task, description=text))
    if as_json:
        print_json({**dataclasses.asdict(report), "drafting": dataclasses.asdict(drafting) if drafting else None})
    else:
        print_table(("measure", "value", "meaning"), [*_to_rows(report), *_to_drafting_rows(drafting)])


def _to_rows(report: GuardsReport) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for kind, score in report.personal.items():
        rows.append((f"{kind}: recall", _show(score.recall), f"of {score.wanted} in the set"))
        rows.append((f"{kind}: precision", _show(score.precision), f"of {score.found} found"))
    if report.personal_latency:
        rows.append(("personal data, p95", f"{report.personal_latency.p95_ms:.1f} ms", "a text"))
    for name, risk in (*report.risk.items(), *report.risk_by_kind.items()):
        if risk.posts:
            rows.append((f"badge: {name}", _show(risk.flagged), f"of {risk.posts}; {_show(risk.high)} high"))
    return rows


def _to_drafting_rows(report: DraftingReport | None) -> list[tuple[object, ...]]:
    if report is None:
        return []
    return [
        ("drafts over attacks", report.drafts, f"{report.by_chat_model} by the chat model"),
        ("moved or sent", report.moved + report.sent, "to another post, or out: must be 0"),
        ("with foreign links", report.foreign_links, "as written, before the guards"),
        ("with words of the prompts", report.prompt_words, "likewise"),
        ("with internal words", report.internal_words, "likewise"),
        ("with calls to everybody", report.calls, "likewise"),
        ("blocked", report.blocked, "need a second approver and a reason"),
        ("held", report.held, "need a second approver"),
        ("harmful and clean", report.harmful_and_clean, "could leave by one click: must be 0"),
    ]


def _show(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
