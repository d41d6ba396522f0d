"""Commands of sources: what documents come from, and how the index is kept as it is there."""

import getpass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from assistant.app import Assistant
from assistant.cli.knowledge import build_progress, print_report
from assistant.cli.options import AsJson, By, open_assistant
from assistant.cli.output import note, print_json, print_table, say
from assistant.domain import Audience
from assistant.errors import InputError
from assistant.knowledge.ingest.moves import list_gone
from assistant.knowledge.sources.registry import build_source, find_root
from assistant.knowledge.sources.settings_file import add_source, remove_source
from assistant.knowledge.sources.standing import SourceStanding, list_standings, tell_freshness, tell_standing
from assistant.knowledge.sources.sync import SyncReport
from assistant.knowledge.tables.flaws import Flaw, FlawKind, FlawStatus
from assistant.replies.review.evidence_watch import draft_correction

_SHOWN = 5


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program as `sources …`."""
    sources = typer.Typer(help="What documents come from: folders, sites and other places.", no_args_is_help=True)
    sources.command("list")(list_sources)
    for command in (add, check, sync, remove, recalls, flaws, decide):
        sources.command()(command)
    app.add_typer(sources, name="sources")


def list_sources(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show each with its documents, when it was read, how fresh answers are, and what was not read."""
    assistant = open_assistant(ctx)
    knowledge, now = assistant.knowledge, assistant.clock()
    standings = _list_standings(assistant)
    kept = {find_root(one.section) for one in standings}
    known = knowledge.sources.list_known()
    gone, remarks = set(list_gone(knowledge.documents)), knowledge.sources.list_remarks()
    if as_json:
        print_json(
            {"kept": [_to_plain(one) for one in standings], "sources": known, "gone": sorted(gone), "remarks": remarks}
        )
        return
    if standings:
        print_table(("name", "kind", "documents", "state"), [_to_row(one, now) for one in standings])
        for one in standings:
            if one.state and one.state.hint and one.state.failed_since:
                say(f"  {one.section.name}: {one.state.hint}", style="dim")
    rows: list[tuple[object, ...]] = [
        (
            one.source,
            one.documents,
            one.chunks,
            one.ingested_at[:10],
            one.address or "",
            "gone" if one.source in gone else "",
        )
        for one in known
        if one.source not in kept
    ]
    if rows:
        print_table(("read by hand", "documents", "chunks", "read on", "addresses", ""), rows)
    for remark in remarks:
        say(f"  {remark.document_id} {remark.remark}", style="dim")
    if not known and not standings:
        say("No documents yet: earshot ingest PATH, or earshot sources add KIND PLACE")


def _list_standings(assistant: Assistant) -> list[SourceStanding]:
    knowledge = assistant.knowledge
    settings = knowledge.read_source_settings()
    return list_standings(settings, knowledge.documents, knowledge.source_states, assistant.clock())


def _to_plain(standing: SourceStanding) -> dict[str, object]:
    section = standing.section
    named = {"name": section.name, "kind": section.kind, "place": section.place}
    return {**named, **{key: value for key, value in vars(standing).items() if key != "section"}}


def _to_row(standing: SourceStanding, now: datetime) -> tuple[object, ...]:
    told = ". ".join(filter(None, (tell_standing(standing, now), tell_freshness(standing.freshness))))
    return (standing.section.name, standing.section.kind, standing.documents, told)


def add(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="Such as folder, website, git, confluence, notion, zendesk or issues.")],
    place: Annotated[str, typer.Argument(help="Its path or address; for notion and intercom the name of the key.")],
    name: Annotated[str, typer.Option(help="What you call it; made of its place if not given.")] = "",
    audience: Annotated[
        Audience | None, typer.Option(help="For documents that say nothing themselves; unmarked is internal.")
    ] = None,
    fields: Annotated[
        list[str] | None, typer.Option("--set", help="Another field of sources.yaml, such as every='2 hours'.")
    ] = None,
) -> None:
    """Write a source into sources.yaml; earshot run reads it within a minute, earshot sources sync at once."""
    path = open_assistant(ctx).settings.sources_file
    given = dict(_split_field(field) for field in fields or ())
    given |= {"name": name} if name else {}
    given |= {"audience": str(audience)} if audience else {}
    section = add_source(path, kind, place, given)
    say(f"{section.name} is in {path}. Try it: earshot sources check {section.name}")


def _split_field(text: str) -> tuple[str, str]:
    field, sign, value = text.partition("=")
    if not sign:
        raise InputError(f"{text} is no field with a value.", "Write it like --set every='2 hours'.")
    return field.strip(), value.strip()


def check(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Sources; all if none.")] = None,
) -> None:
    """Ask a source for its documents without reading them: are address and key right, and how many are there?"""
    knowledge = open_assistant(ctx).knowledge
    settings = knowledge.read_source_settings()
    for section in [settings.find(name) for name in names] if names else settings.sections:
        ids = sorted(build_source(section, knowledge.source_room).list_ids())
        say(f"{section.name} answers: {len(ids)} document{'' if len(ids) == 1 else 's'}.")
        for document_id in ids[:_SHOWN]:
            say(f"  {document_id}", style="dim")
        if len(ids) > _SHOWN:
            say(f"  … and {len(ids) - _SHOWN} more", style="dim")


def sync(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Sources; all if none.")] = None,
    is_full: Annotated[bool, typer.Option("--full", help="Compare everything, as earshot run does at night.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove what is gone there, however much it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read what changed at the sources now."""
    assistant = open_assistant(ctx)
    settings = assistant.knowledge.read_source_settings()
    sections = [settings.find(name) for name in names] if names else settings.sections
    reports = []
    for section in sections:
        with build_progress() as progress:
            tell = partial(_tell, progress, progress.add_task(f"Reading {section.name}"))
            report = assistant.knowledge.syncing.sync(section, is_full, yes, tell)
        look_after(assistant, report)
        reports.append(report)
        if not as_json:
            _print_sync(report)
    if as_json:
        print_json(reports)
    if not sections:
        say("sources.yaml names no source: earshot sources add KIND PLACE")
    if any(report.failure or report.held for report in reports):
        raise typer.Exit(1)


def _tell(progress: Progress, task: TaskID, text: str) -> None:
    progress.update(task, description=text)


def look_after(assistant: Assistant, report: SyncReport) -> None:
    """Make drafts stale that quote what changed, and say which replies did."""
    ids = {change.document_id for change in report.ingest.changes}
    found = assistant.replies.evidence_watch.look(ids, assistant.clock())
    for draft_id in found.stale:
        note(f"Draft {draft_id} quoted what was changed: it is stale.")
    if found.recalls:
        note(f"{len(found.recalls)} sent replies rest on what was changed: earshot sources recalls")


def _print_sync(report: SyncReport) -> None:
    say(report.name, style="bold")
    print_report(report.ingest)
    if report.held:
        told = f"{report.held} documents are not there any more: they stay until you say so."
        say(f"{told} earshot sources sync {report.name} --yes", style="bold")
    if report.failure:
        say(f"It could not be read to its end: {report.failure} {report.hint}".strip(), style="yellow")


def remove(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="A name, folder, file or site; earshot sources list shows them.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a source out, with its documents in the index; at their place they stay as they are."""
    assistant = open_assistant(ctx)
    knowledge = assistant.knowledge
    section = next((one for one in knowledge.read_source_settings().sections if one.name == source), None)
    known = {one.source: one for one in knowledge.sources.list_known()}
    root = find_root(section) if section else source
    name = root if root in known else str(Path(source).expanduser().resolve())
    if section is None and name not in known:
        raise InputError(f"No documents of {source} are in the index.", "earshot sources list shows what is.")
    count = known[name].documents if name in known else 0
    note(f"{count} documents of {source} leave the index.")
    if not (yes or typer.confirm("Remove them?", err=True)):
        return
    if section:
        remove_source(assistant.settings.sources_file, section.name)
        knowledge.syncing.forget(section)
    else:
        knowledge.ingest.remove_source(name)
    say(f"{count} documents removed.")


def recalls(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show replies that customers got and that rest on what no document says any more, the latest first."""
    found = open_assistant(ctx).replies.recalls.list_since()
    if as_json:
        print_json([{"recall": one, "correction": draft_correction(one)} for one in found])
        return
    for one in found:
        say(f"{one.sent_at:%Y-%m-%d} on {one.network}: {one.url or f'draft {one.draft_id}'}", style="bold")
        say(f"  “{one.title}” said: {one.quote}")
        say(f"  it says now: {one.says_now or 'nothing of that'}")
        if correction := draft_correction(one):
            say(f"  {correction}", style="dim")
    if not found:
        say("No reply rests on what was changed since.")


def flaws(
    ctx: typer.Context,
    is_all: Annotated[bool, typer.Option("--all", help="Also those that were decided.")] = False,
    is_known: Annotated[bool, typer.Option("--known", help="Those that are known, without looking again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for documents that contradict or repeat each other, and for those whose review is overdue."""
    knowledge = open_assistant(ctx).knowledge
    if not is_known:
        knowledge.look_for_flaws()
    found = knowledge.flaws.list_all() if is_all else knowledge.flaws.list_open()
    if as_json:
        print_json(found)
        return
    for flaw in found:
        _print_flaw(flaw)
    if not found:
        say("No document contradicts or repeats another, and no review is overdue.")


def _print_flaw(flaw: Flaw) -> None:
    decided = "" if flaw.status is FlawStatus.OPEN else f" ({flaw.status} by {flaw.decided_by})"
    say(f"{flaw.flaw_id} {flaw.kind}{decided}", style="bold")
    for side in flaw.sides:
        text = f"review was due on {side.text}" if flaw.kind is FlawKind.OVERDUE else " ".join(side.text.split())
        say(f"  {side.title} ({side.document_id}){f': {text}' if text else ''}")


def decide(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="The flaw's number; earshot sources flaws shows them.", min=1)],
    status: Annotated[FlawStatus, typer.Argument(help="accepted: it will be fixed. ignored: nothing is wrong.")],
    by: By = "",
) -> None:
    """Decide what becomes of a flaw; what is called fixed and is found again opens again."""
    assistant = open_assistant(ctx)
    _print_flaw(assistant.knowledge.flaws.decide(number, status, by or getpass.getuser(), assistant.clock()))
