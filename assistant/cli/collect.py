"""Commands on what customers say: collect, mentions.

What a collecting brought, for a terminal; and what is wrong with a file before it is read.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.exit_codes import FAILED, INTERRUPTED
from assistant.cli.forget import forget_older
from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson, open_assistant
from assistant.cli.output import note, print_json, print_table, say
from assistant.core.database import Row
from assistant.core.home import Home
from assistant.errors import InputError, SearchIndexError
from assistant.listening.build import Listening
from assistant.listening.collect import CollectReport, NetworkReport
from assistant.listening.networks.base.errors import tell_failure
from assistant.listening.networks.base.protocol import Rejected
from assistant.privacy.build import Privacy
from assistant.replies.build import Replies
from assistant.reports.digest import name_networks, shorten

_MOST_REJECTED = 20
_GZIP = b"\x1f\x8b"


def print_report(report: CollectReport) -> None:
    """Print a line for each network, what was left out, and what could not be read."""
    names = name_networks([done.network for done in report.networks])
    too_old = f", {report.too_old} too old" if report.too_old else ""
    say(f"{report.new} new, {report.known} known, {len(report.rejected)} rejected{too_old}.")
    for done in report.networks:
        say(f"  {names[done.network]}: {_describe(done)}", style="red" if done.failure else "")
    _print_rejected(report.rejected, names)
    retries = {done.network: done.retry_at for done in report.networks}
    for failed in report.failed:
        name = names.get(failed.place, failed.place)
        say(f"  {name}: {tell_failure(failed.reason, retry_at=retries.get(failed.place))}", style="red")


def check_file(path: Path) -> None:
    """Raise InputError, in plain words, for what is surely no file of posts."""
    mend = "Give a .jsonl or .csv file, or .gz of one."
    if not path.exists():
        raise InputError(f"The file {path} cannot be read: it is not there.", mend)
    if path.is_dir():
        raise InputError(f"The file {path} cannot be read: it is a folder.", mend)
    if path.is_file() and path.suffix.lower() == ".gz" and not _is_gzipped(path, mend):
        raise InputError(f"The file {path} cannot be read: it is called .gz and is not compressed.", mend)


def _is_gzipped(path: Path, mend: str) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_GZIP)) == _GZIP
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error.strerror}.", mend) from error


def _print_rejected(rejected: list[Rejected], names: dict[str, str]) -> None:
    for post in rejected[:_MOST_REJECTED]:
        network = f"{names.get(post.network, post.network)}, " if post.network else ""
        say(f"  {network}{post.place}: {post.reason}")
    if len(rejected) > _MOST_REJECTED:
        say(f"  … and {len(rejected) - _MOST_REJECTED} more that were rejected; --json lists all.")


def _describe(done: NetworkReport) -> str:
    counts = {"new": done.new, "known": done.known, "edited": done.edited, "deleted": done.removed}
    counts |= {"rejected": done.rejected, "too old": done.too_old}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count or name == "new")
    rest = "; there is more, which the next collection reads" if done.is_capped else ""
    failed = "was read only in part" if done.is_partial or not done.is_empty else "could not be read"
    return f"{told}{rest}{f'; {failed}' if done.failure else ''}"


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
    """Show posts and how they were classified: the newest, or those about something."""
    if about is not None and not about.strip():
        raise InputError("Say what the posts should be about.", 'earshot mentions --about "a flat battery"')
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
    try:
        listening.sort_new_mentions(now, lambda done: progress(f"{done} posts analysed"))
    except SearchIndexError as error:
        kept = f"The posts are kept ({report.new} new): the next collection goes on."
        raise SearchIndexError(error.message, f"{error.hint} {kept}") from error
    return report


def _find_about(listening: Listening, about: str, start: datetime | None, limit: int) -> list[Row]:
    note("Loading the index and the model…")
    found = listening.mention_index.search(about, start, limit)
    likeness = {mention.mention_id: round(cosine, 3) for mention, cosine in found}
    return [{**row, "likeness": likeness[row["mention_id"]]} for row in listening.mentions.describe(list(likeness))]
