"""Commands on what customers say: collect, mentions, draft."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.forgetting import forget_older
from assistant.cli.knowledge import build_progress
from assistant.cli.output import answer_batch, find_text, note, print_json, print_table, say
from assistant.cli.parts import AsJson, Batch, open_assistant
from assistant.collect import CollectReport, NetworkReport
from assistant.digest import name_network, shorten
from assistant.domain import Draft, Mention
from assistant.errors import InputError
from assistant.wiring import Assistant


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (collect, mentions, draft):
        app.command()(command)


def collect(
    ctx: typer.Context,
    network: Annotated[str, typer.Option(help="Only this network, such as rss.")] = "",
    file: Annotated[Path | None, typer.Option(help="A .jsonl or .csv file of posts, plain or .gz.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read the networks, or import a file of posts; then analyse what is new."""
    assistant = open_assistant(ctx)
    with build_progress() as progress:
        task = progress.add_task("Reading posts")
        report = collect_posts(assistant, network, file, lambda text: progress.update(task, description=text))
    if as_json:
        print_json(report)
        return
    too_old = f", {report.too_old} too old" if report.too_old else ""
    say(f"{report.new} new, {report.known} known, {len(report.rejected)} rejected{too_old}.")
    for done in report.networks:
        say(f"  {_describe_network(done)}", style="red" if done.failure else "")
    for rejected in report.rejected:
        say(f"  {rejected.place}: {rejected.reason}")
    for failed in report.failed:
        say(f"  {failed.reason}", style="red")


def mentions(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=1000, help="How many, newest first.")] = 50,
    about: Annotated[str, typer.Option(help="Only posts about this, those nearest in meaning first.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only posts since this day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show posts and what was found out about them: the newest, or those about something."""
    assistant = open_assistant(ctx)
    start = since.replace(tzinfo=assistant.settings.zone) if since else None
    if about.strip():
        note("Loading the index and the model…")
        found = assistant.mention_index.search(about, start, limit)
        rows = assistant.mentions.describe([mention.mention_id for mention, _ in found])
    else:
        rows = assistant.mentions.latest(limit, start)
    if as_json:
        print_json({"mentions": rows})
        return
    print_table(
        ("mention", "when", "feeling", "what to do", "text"),
        [
            (row["mention_id"], row["created_at"][:16], row["sentiment"], row["action"], shorten(row["text"], 90))
            for row in rows
        ],
    )
    if not rows:
        say("No such posts." if about or since else "No posts yet. Import some: earshot collect --file posts.jsonl")


def draft(
    ctx: typer.Context,
    mention_id: Annotated[str, typer.Argument(help="A mention's id; earshot mentions lists them.")] = "",
    text: Annotated[str, typer.Option(help="Any post's text: it is answered, but nothing is kept.")] = "",
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Draft a reply to a customer's post from public documents."""
    assistant = open_assistant(ctx)
    if batch:
        answer_batch(batch, lambda line: _to_reply(_draft_text(assistant, find_text(line, "text"), line)))
        return
    if bool(mention_id) == bool(text):
        raise InputError("Say which post to answer.", 'earshot draft MENTION_ID, or earshot draft --text "…"')
    note("Loading the index and the model…")
    made = (
        assistant.drafting.draft_mention(mention_id, assistant.clock())
        if mention_id
        else _draft_text(assistant, text, {})
    )
    if as_json:
        print_json(_to_reply(made))
    else:
        print_draft(made)


def collect_posts(assistant: Assistant, network: str, file: Path | None, progress: Any) -> CollectReport:
    """Collect, then analyse what is new."""
    now = assistant.clock()
    if file:
        report = assistant.collecting.collect_file(file, now, lambda done: progress(f"{done} posts read"))
    else:
        report = assistant.collecting.collect_networks(now, network)
    forget_older(assistant, now)
    assistant.sort_new_mentions(now, lambda done: progress(f"{done} posts analysed"))
    return report


def print_draft(made: Draft) -> None:
    """A draft for a terminal: each sentence with its support, then what the numbers mean."""
    title = f"Draft {made.draft_id}, {made.status}" if made.draft_id else "A draft that is not kept"
    say(f"{title}, for {made.mention_id}", style="bold")
    for sentence in made.sentences:
        say(f"  {sentence.text}{''.join(f' [{n}]' for n in sentence.citations)}  ({sentence.support})")
    for citation in made.citations:
        say(f"  [{citation.number}] {citation.title} ({citation.url or citation.document_id})", style="dim")
    if made.note:
        say(f"  {made.note}", style="yellow")


def _describe_network(done: NetworkReport) -> str:
    counts = {"new": done.new, "known": done.known, "edited": done.edited, "deleted": done.removed}
    counts["too old"] = done.too_old
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count or name == "new")
    rest = "; there is more, the next collecting goes on" if done.is_capped else ""
    failed = "; could not be read as a whole" if done.failure else ""
    return f"{name_network(done.network)}: {told}{rest}{failed}"


def _draft_text(assistant: Assistant, text: str, line: dict[str, Any]) -> Draft:
    network = str(line.get("source") or "file").lower()
    post_id = str(line.get("id") or "text")
    now = assistant.clock()
    lang = str(line["lang"]) if line.get("lang") else None
    return assistant.drafting.propose(Mention(f"{network}:{post_id}", network, post_id, "", text, now, lang), now)


def _to_reply(made: Draft) -> dict[str, object]:
    return {
        "draft_id": made.draft_id or None,
        "mention_id": made.mention_id,
        "status": made.status,
        "text": made.text,
        "sentences": made.sentences,
        "citations": made.citations,
        "writer": made.writer,
        "prompt_version": made.prompt_version,
        "note": made.note,
    }
