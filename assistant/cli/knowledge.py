"""Commands on knowledge: ingest, search, ask, reindex."""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from assistant.cli.options import AsJson, AudienceOption, Batch, open_assistant
from assistant.cli.output import answer_batch, find_text, note, print_json, say
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer, Audience, Question, Rule, SearchResult, Turn
from assistant.knowledge.answers.lines import count_days_unread, name_place, read_lines
from assistant.knowledge.build import Knowledge
from assistant.knowledge.gaps import find_gaps
from assistant.knowledge.ingest.report import IngestReport, Skipped
from assistant.knowledge.sources.ingest import find_paths
from assistant.listening.build import Listening

_NUMBER = re.compile(r"\d[\d.,]{0,20}")


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (ingest, search, ask, gaps, reindex):
        app.command()(command)


def ingest(
    ctx: typer.Context,
    places: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or web pages; KNOWLEDGE_DIR if none.")
    ] = None,
    audience: Annotated[
        Audience | None, typer.Option(help="For documents that say nothing themselves; unmarked is internal.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            help="Where staff open these documents: {path} stands for a file's path, {page} for it without its ending."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove what is not there any more without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Index documents: new and changed files are read, moved ones followed; deleted ones are removed."""
    assistant = open_assistant(ctx)
    chosen = places or [str(assistant.settings.knowledge_dir)]
    find_paths(chosen)  # before the models are loaded, which takes seconds
    with build_progress() as progress:
        task = progress.add_task("Reading documents")
        report = assistant.knowledge.ingest.run(
            chosen,
            audience,
            assistant.clock(),
            lambda text: progress.update(task, description=text),
            lambda root, gone, known: yes or _ask_to_remove(progress, root, gone, known),
            base_url,
        )
    if as_json:
        print_json(report)
    else:
        print_report(report)
    if report.has_failed:
        raise typer.Exit(1)


def _ask_to_remove(progress: Progress, root: str, gone: int, known: int) -> bool:
    """Only of a person at a terminal: a drive that is not mounted must not empty the index at night."""
    if not sys.stdin.isatty():
        return False
    progress.stop()
    note(f"{gone} of the {known} documents of {root} are not there any more.")
    is_meant = typer.confirm("Remove them from the index?", default=False, err=True)
    progress.start()
    return is_meant


def print_report(report: IngestReport) -> None:
    """What an ingest did, and what it did not read."""
    moved = f"{report.moved} moved, " if report.moved else ""
    say(
        f"{report.documents} documents read, {report.chunks} chunks; {report.unchanged} unchanged, {moved}"
        f"{report.removed} removed, {len(report.skipped)} skipped."
    )
    for entry in (*report.skipped, *report.unread):
        say(f"  {entry.document_id} {entry.reason}")
    for count, kind, reason in sum_up(report.skipped) if len(report.skipped) > 1 else ():
        say(f"{count} × {kind}: {reason}", style="bold")
    for entry in report.kept:
        say(f"{entry.document_id}: {entry.reason}. To remove them: earshot ingest --yes", style="bold")
    for entry in report.gone:
        say(f"{entry.document_id} {entry.reason}", style="bold")


def sum_up(skipped: Sequence[Skipped]) -> list[tuple[int, str, str]]:
    """(how many, of which kind, why), the most first."""
    kinds = Counter(
        (PurePath(entry.document_id).suffix.lower() or "other", _shorten(entry.reason)) for entry in skipped
    )
    return [(count, kind, reason) for (kind, reason), count in kinds.most_common()]


def _shorten(reason: str) -> str:
    """Without what differs from file to file: sizes and lists."""
    return _NUMBER.sub("…", reason.split(" (")[0])


def search(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What you look for.")] = "",
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=100, help="How many results.")] = 10,
    audience: AudienceOption = Audience.INTERNAL,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Show the documents that fit a text best, each with its best passage."""
    assistant = open_assistant(ctx)
    if batch:
        answer_batch(batch, lambda line: _to_results(assistant.knowledge, _to_question(line, audience), limit))
        return
    question = _to_question({"question": text}, audience)
    if as_json:
        print_json(_to_results(assistant.knowledge, question, limit))
        return
    results = assistant.knowledge.retriever.search(question).documents[:limit]
    for number, result in enumerate(results, start=1):
        chunk = result.chunk
        say(
            f"{number}. {chunk.title}{' > ' if chunk.heading else ''}{chunk.heading}  ({chunk.document_id})",
            style="bold",
        )
        say(f"   {' '.join(chunk.text.split())[:300]}")
    if not results:
        say("Nothing found. Are there documents? earshot ingest PATH")


def ask(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="Your question.")] = "",
    audience: AudienceOption = Audience.INTERNAL,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with evidence, or say that nothing answers it."""
    assistant = open_assistant(ctx)
    if batch:
        answer_batch(batch, lambda line: _to_reply(assistant.knowledge.answer(_to_question(line, audience))))
        return
    note("Loading the index and the model…")
    answer = assistant.knowledge.answer(_to_question({"question": text}, audience))
    if as_json:
        print_json(_to_reply(answer))
    else:
        wording = assistant.home.wordings.choose(answer.language)
        print_answer(answer, wording, assistant.home.today().isoformat())
        if answer.trace and answer.trace.rule is Rule.EMPTY:
            note("Add documents: earshot ingest PATH")


def gaps(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show what was asked and not answered, or answered without helping, the most asked first."""
    assistant = open_assistant(ctx)
    found = find_gaps(assistant.knowledge.questions, assistant.knowledge.post_embedder)
    if as_json:
        print_json({"gaps": found})
        return
    for gap in found:
        say(f"{gap.count}× {gap.question}", style="bold")
        counts = f"{gap.refused} not answered, {gap.voted_down} voted down"
        asked = f"last {gap.last_asked_at:%Y-%m-%d}{' in ' if gap.channels else ''}{', '.join(gap.channels)}"
        say(f"   {counts}; {asked}; nearest: {', '.join(gap.nearest) or 'nothing'}", style="dim")
        if gap.reasons:
            why = ", ".join(f"{name.replace('_', ' ')} ({count})" for name, count in gap.reasons.items())
            say(f"   why: {why}{''.join(f'; “{remark}”' for remark in gap.remarks)}", style="dim")
    if not found:
        say("No question went unanswered so far, and no answer was voted down.")


def reindex(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Embed every chunk and post again, after a change of the embedding model or a lost index."""
    assistant = open_assistant(ctx)
    chunks = embed_anew(assistant.knowledge, assistant.listening)
    if as_json:
        print_json({"chunks": chunks})
    else:
        say(f"{chunks} chunks embedded with {assistant.knowledge.embedder.name}.")


def embed_anew(knowledge: Knowledge, listening: Listening) -> int:
    """Rebuild the vectors while showing how far it is."""
    with build_progress() as progress:
        task = progress.add_task("Embedding")
        knowledge.prepare_reindex()
        chunks = knowledge.index.rebuild(lambda done: progress.update(task, description=f"{done} chunks embedded"))
        listening.mention_index.rebuild(lambda done: progress.update(task, description=f"{done} posts embedded"))
        return chunks


def print_answer(answer: Answer, wording: Wording, today: str) -> None:
    """An answer for a terminal: a sentence or passage a line, then what the numbers mean."""
    if not answer.is_grounded:
        say(answer.answer)
        return
    for line in read_lines(answer.sentences, wording):
        if line.heading:
            say(name_place(line, wording, line.heading), style="italic")
        say(line.text + "".join(f" [{number}]" for number in line.marks), bold=line.keys)
    say()
    for citation in answer.citations:
        place = f"{citation.title}{' > ' if citation.heading else ''}{citation.heading}"
        is_due = citation.review_by and citation.review_by < today
        due = f", {wording.say(Say.REVIEW_WAS_DUE, day=citation.review_by)}" if is_due else ""
        days = count_days_unread(citation, date.fromisoformat(today))
        due += f", {wording.say(Say.LAST_READ, count=days)}" if days else ""
        say(f"  [{citation.number}] {place} ({citation.url or citation.document_id}{due})", style="dim")
    if answer.reason:
        say(f"  {answer.reason}", style="yellow")


def build_progress() -> Progress:
    """A spinner with what is happening, on standard error so that output stays clean."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _to_question(line: dict[str, Any], audience: Audience) -> Question:
    history = line.get("history") or []
    turns = history if isinstance(history, list) else []
    kept = tuple(Turn(str(t.get("role", "user")), str(t.get("text", ""))) for t in turns if isinstance(t, dict))
    return Question(find_text(line, "question"), audience, kept)


def _to_results(knowledge: Knowledge, question: Question, limit: int) -> dict[str, object]:
    results = knowledge.retriever.search(question).documents[:limit]
    return {"results": [_to_row(result) for result in results]}


def _to_row(result: SearchResult) -> dict[str, object]:
    chunk = result.chunk
    return {
        "document_id": chunk.document_id,
        "title": chunk.title,
        "heading": chunk.heading,
        "url": chunk.url,
        "text": chunk.text,
        "score": result.score,
        "audience": chunk.audience,
    }


def _to_reply(answer: Answer) -> dict[str, object]:
    return {
        "answer": answer.answer,
        "is_grounded": answer.is_grounded,
        "reason": answer.reason,
        "look": answer.look,
        "sentences": answer.sentences,
        "citations": answer.citations,
        "nearest": answer.nearest,
        "writer": answer.writer,
        "prompt_version": answer.prompt_version,
    }
