"""Commands on what customers say: collect, mentions."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.collecting import check_file, print_report
from assistant.cli.forget import forget_older
from assistant.cli.knowledge import build_progress
from assistant.cli.main import FAILED, INTERRUPTED
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import note, print_json, print_table, say
from assistant.core.database import Row
from assistant.core.home import Home
from assistant.errors import InputError
from assistant.listening.build import Listening
from assistant.listening.collect import CollectReport
from assistant.privacy.build import Privacy
from assistant.replies.build import Replies
from assistant.reports.digest import shorten


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (collect, mentions):
        app.command()(command)


def collect(
    ctx: typer.Context,
    network: Annotated[str, typer.Option(help="Only this network, such as rss.")] = "",
    file: Annotated[Path | None, typer.Option(help="A .jsonl or .csv file of posts, plain or .gz.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read the networks, or import a file of posts; then analyse what is new."""
    if network and file:
        raise InputError("Give --network or --file, not both.", "earshot collect --network NAME, or --file FILE")
    if file:
        check_file(file)
    try:
        report = _collect(
            open_assistant(ctx).home,
            open_assistant(ctx).listening,
            open_assistant(ctx).replies,
            open_assistant(ctx).privacy,
            network,
            file,
        )
    except KeyboardInterrupt:
        note("Stopped. What was read is kept: run it again to go on.")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(report)
    else:
        print_report(report)
    if report.is_failure:
        raise typer.Exit(FAILED)


def mentions(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=1000, help="How many, newest first.")] = 50,
    about: Annotated[str | None, typer.Option(help="Posts about this, the nearest in meaning first.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only posts since this day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show posts and what was found out about them: the newest, or those about something."""
    if about is not None and not about.strip():
        raise InputError("Say what the posts shall be about.", 'earshot mentions --about "a flat battery"')
    assistant = open_assistant(ctx)
    start = since.replace(tzinfo=assistant.settings.zone) if since else None
    rows = (
        _find_about(assistant.listening, about, start, limit)
        if about
        else assistant.listening.mentions.latest(limit, start)
    )
    if as_json:
        print_json({"mentions": rows})
        return
    if not rows:
        say("No such posts." if about or since else "No posts yet. Import some: earshot collect --file posts.jsonl")
        return
    likeness = ("likeness",) if about else ()
    print_table(
        ("mention", "when", *likeness, "feeling", "intent", "what to do", "text"),
        [
            (
                *(row["mention_id"], row["created_at"][:16], *(row[name] for name in likeness)),
                *(row["sentiment"], row["intent"], row["action"], shorten(row["text"], 90)),
            )
            for row in rows
        ],
    )


def _collect(
    home: Home, listening: Listening, replies: Replies, privacy: Privacy, network: str, file: Path | None
) -> CollectReport:
    with build_progress() as progress:
        task = progress.add_task("Reading posts")
        return collect_posts(
            home, listening, replies, privacy, network, file, lambda text: progress.update(task, description=text)
        )


def collect_posts(
    home: Home, listening: Listening, replies: Replies, privacy: Privacy, network: str, file: Path | None, progress: Any
) -> CollectReport:
    """Collect, then analyse what is new."""
    now = home.clock()
    if file:
        report = listening.collecting.collect_file(file, now, lambda done: progress(f"{done} posts read"))
    else:
        report = listening.collecting.collect_networks(now, network)
        replies.assisting.close(now)
    forget_older(privacy, now)
    listening.sort_new_mentions(now, lambda done: progress(f"{done} posts analysed"))
    return report


def _find_about(listening: Listening, about: str, start: datetime | None, limit: int) -> list[Row]:
    note("Loading the index and the model…")
    found = listening.mention_index.search(about, start, limit)
    likeness = {mention.mention_id: round(cosine, 3) for mention, cosine in found}
    return [{**row, "likeness": likeness[row["mention_id"]]} for row in listening.mentions.describe(list(likeness))]
