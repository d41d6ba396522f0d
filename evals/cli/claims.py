"""The command eval claims: what the guard on claims finds in sentences that people write."""

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.app import Assistant
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import print_json, print_line, print_table
from assistant.domain import Draft, DraftStatus, Mention
from assistant.replies.guards.guards import Candidate
from assistant.replies.review.edited_text import EditedText, judge_anew
from assistant.replies.style_guides import read_guide
from evals.claims import Checking, EditsReport, measure_edits, read_edits, read_replies

_NETWORK = "mastodon"
Replies = Annotated[Path | None, typer.Option(help="JSONL of real replies: customer, reply.")]
HeldOut = Annotated[bool, typer.Option("--held-out", help="Only the half that nothing was chosen on.")]
Names = Annotated[bool, typer.Option("--names", help="Also list the sentences that were judged wrongly.")]


def claims(
    ctx: typer.Context,
    replies: Replies = None,
    held_out: HeldOut = False,
    names: Names = False,
    as_json: AsJson = False,
) -> None:
    """Measure claims: of 60 edits over the example company's indexed pages, what has a source and what is flagged."""
    cases = [case for case in read_edits() if case.is_held_out is held_out]
    report = measure_edits(cases, read_replies(replies) if replies else (), _build(open_assistant(ctx)))
    if as_json:
        print_json(dataclasses.asdict(report))
        return
    print_table(("measure", "value", "meaning"), _to_rows(report))
    for title, texts in (("missed", report.missed), ("no source", report.unsourced_facts), ("flagged", report.flagged)):
        for text in texts if names else ():
            print_line(f"{title}: {' '.join(text.split())}")


def _build(assistant: Assistant) -> Checking:
    replies, now = assistant.replies, assistant.clock()
    guide = read_guide(assistant.home.prompts, _NETWORK)
    mention = Mention(f"{_NETWORK}:edit", _NETWORK, "edit", "ada", "What about my bike?", now)
    empty = Draft(0, mention.mention_id, "", DraftStatus.PENDING, (), (), "quoting", "", now)
    return Checking(
        judge=lambda text, draft: judge_anew(text, draft, replies.sources.find),
        check=lambda draft, mention: replies.guards.check(
            Candidate(draft.text, mention, draft.sentences, draft.citations, guide)
        ),
        draft=lambda text, judged: (_fill(empty, text, judged, now), mention),
        empty=empty,
    )


def _fill(draft: Draft, text: str, judged: EditedText, now: datetime) -> Draft:
    return dataclasses.replace(draft, text=text, sentences=judged.sentences, citations=judged.citations, created_at=now)


def _to_rows(report: EditsReport) -> list[tuple[object, ...]]:
    rows = [
        ("claims without a source found", report.claims_found, report.claims),
        ("public facts with their source", report.facts_sourced, report.facts),
        ("public facts blocked", report.facts_blocked, report.facts),
        ("courtesies flagged", report.courtesies_flagged, report.courtesies),
        ("human sentences flagged", report.human_flagged, report.human),
    ]
    shown: list[tuple[object, ...]] = [(name, "–" if v is None else f"{v:.3f}", f"of {n}") for name, v, n in rows if n]
    if report.latency:
        shown.append(("an edit, p95", f"{report.latency.p95_ms:.0f} ms", "with every guard"))
    return shown
